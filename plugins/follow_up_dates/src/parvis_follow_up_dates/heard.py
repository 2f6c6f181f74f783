"""What the module answers to the core's hooks: the warnings before it is switched off."""

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

NOT_SHOWN = Text(
    fr="Requêtes ouvertes à revoir un jour choisi\u00a0: {number}. Ce jour est conservé, mais aucune liste ne les "
    "montrera avant que le module soit de nouveau en service.",
    en="Open requests to review on a chosen day: {number}. The day is kept, but no list shows them until the module is "
    "on again.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """How many open requests come back on a day."""
    table = ServiceRequest
    chosen = (table.jurisdiction == town.code) & table.follow_up_at.is_not_null()
    number = await table.count().where(chosen & (table.phase != Phase.CLOSED)) if state == "off" else 0
    return (NOT_SHOWN.format(number=str(number)),) if number else ()


WARNING = SwitchWarning(module="follow_up_dates", said=said_before)
