"""What the module answers to the core's hooks: the warnings before it is switched off."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_bulk_actions.batches import still_to_come
from parvis_sdk.text import Text

GOES_ON = Text(
    fr="Requêtes dans des actions groupées en cours\u00a0: {number}. Elles seront quand même traitées, "
    "mais aucune page ne l’affichera.",
    en="Requests in bulk actions in progress: {number}. They will still be processed, but no page will show it.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """How much of what was begun is still to come."""
    number = await still_to_come(town.code) if state == "off" else 0
    return (GOES_ON.format(number=str(number)),) if number else ()


WARNING = SwitchWarning(module="bulk_actions", said=said_before)
