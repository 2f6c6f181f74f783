"""What the module answers to the core's hooks: the warnings before it is switched off."""

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

STAY_PAUSED = Text(
    fr="Requêtes dont le délai est suspendu\u00a0: {number}. Personne ne pourra le faire reprendre avant que le module "
    "soit de nouveau en service.",
    en="Requests whose response time is paused: {number}. Nobody can resume it until the module is on again.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """How many response times somebody has paused."""
    table = ServiceRequest
    paused = (table.jurisdiction == town.code) & (table.promise == "paused")
    number = await table.count().where(paused & (table.phase != Phase.WAITING_FOR_YOU)) if state == "off" else 0
    return (STAY_PAUSED.format(number=str(number)),) if number else ()


WARNING = SwitchWarning(module="promised_dates", said=said_before)
