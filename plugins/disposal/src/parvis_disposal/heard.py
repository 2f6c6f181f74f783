"""What rooms of the core hear: here somebody sees to what is due, and what whoever switches that must know first."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.keeping.retention import DisposalSource, due_for_destruction
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_disposal.destruction import NAME, approved_and_due
from parvis_sdk.text import Text

STOPS = Text(
    fr="Rien ne sera plus détruit ici, pas même ce qui est approuvé, et rien ne s’effacera à la demande d’une "
    "personne. Requêtes gardées leur temps\u00a0: {due}; approuvées ou à détruire sans approbation\u00a0: {approved}.",
    en="Nothing will be destroyed here any more, not even what is approved, and nothing erased that a person asks for. "
    "Requests kept for their time: {due}; approved, or to go without an approval: {approved}.",
)
BEGINS = Text(
    fr="Dans l’heure sera détruit ce qui a été approuvé avant, ou ce qui se détruit sans approbation selon le fichier "
    "de la Ville. Requêtes\u00a0: {approved}.",
    en="Within the hour goes what was approved before, or what goes without an approval by the file of the town. "
    "Requests: {approved}.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """What stops being destroyed with it, or begins to be."""
    approved = len(await approved_and_due(host, town.code))
    if state == "off":
        due = len(await due_for_destruction(host, towns=[town.code]))
        return (STOPS.format(due=due, approved=approved),)
    return (BEGINS.format(approved=approved),) if approved else ()


SOURCE = DisposalSource()
WARNING = SwitchWarning(module=NAME, said=said_before)
