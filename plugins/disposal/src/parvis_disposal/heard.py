"""What the module answers to the core's hooks: that it handles what is due, and warnings before it is switched off."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.keeping.retention import DisposalSource, due_for_destruction
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_disposal.destruction import NAME, approved_and_due
from parvis_sdk.text import Text

STOPS = Text(
    fr="Plus rien ne sera détruit ici, même ce qui est approuvé, et les demandes d’effacement ne seront "
    "pas exécutées. Requêtes à échéance\u00a0: {due}; approuvées ou à détruire sans approbation\u00a0: "
    "{approved}.",
    en="Nothing more will be destroyed here, even if approved, and erasure requests will not be carried "
    "out. Requests due: {due}; approved, or to be destroyed without approval: {approved}.",
)
BEGINS = Text(
    fr="Dans l’heure, ce qui a été approuvé auparavant sera détruit, ainsi que ce qui ne demande pas "
    "d’approbation selon le fichier de la Ville. Requêtes\u00a0: {approved}.",
    en="Within the hour, whatever was approved earlier will be destroyed, as well as whatever needs no "
    "approval under the town’s file. Requests: {approved}.",
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
