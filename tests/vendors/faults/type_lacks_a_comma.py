"""A tuple of one without its comma, deep in the workflow."""

from parvis_bad.sound import CLOSE, CLOSED, RECEIVED, REFUSE, REPAIRED, lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.workflow import Transition, Workflow

REPAIR = Transition(
    code="repair",
    title=said("Réparer", "Repair"),
    sources=("received"),
    target="repaired",
)
LAMP = lamp(workflow=Workflow(states=(RECEIVED, REPAIRED, CLOSED), transitions=(REPAIR, REFUSE, CLOSE)))


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:13 · request type 'lamp' · transition 'repair' · sources · it is 'received' instead of
#     tuple[str, ...] · the plugin is left out · the comma makes the tuple: ('received',)
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:13 · request type 'lamp' · transition 'repair'
#     · sources · it is 'received' instead of tuple[str, ...] · the plugin is left out · the comma makes the tuple:
#     ('received',)
