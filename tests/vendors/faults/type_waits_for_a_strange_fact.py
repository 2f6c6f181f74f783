"""A move that waits for a fact of a part which the type does not have."""

from parvis_bad.sound import CLOSED, RECEIVED, REFUSE, REPAIR, REPAIRED, lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.workflow import Transition, Workflow

CLOSE = Transition(
    code="close",
    title=said("Fermer", "Close"),
    sources=("repaired",),
    target="closed",
    by=("system",),
    after=("document.proof.issued",),
)
LAMP = lamp(workflow=Workflow(states=(RECEIVED, REPAIRED, CLOSED), transitions=(REPAIR, REFUSE, CLOSE)))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request type 'lamp' · transition 'close' · needs and after · 'document.proof.issued'
#     is nothing that can happen here · the plugin is left out · use one of fee.visit.due, fee.visit.failed,
#     fee.visit.paid, fee.visit.refund_due, fee.visit.refunded, fee.visit.waived
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request type 'lamp' · transition 'close' ·
#     needs and after · 'document.proof.issued' is nothing that can happen here · the plugin is left out · use one
#     of fee.visit.due, fee.visit.failed, fee.visit.paid, fee.visit.refund_due, fee.visit.refunded, fee.visit.waived
