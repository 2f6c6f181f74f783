"""A move that leads to a state which does not exist, and a message that tells of it."""

from parvis_bad.sound import CLOSE, CLOSED, RECEIVED, REFUSE, REPAIRED, lamp, said
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Message
from parvis_sdk.workflow import Transition, Workflow

LAMP = lamp(
    workflow=Workflow(
        states=(RECEIVED, REPAIRED, CLOSED),
        transitions=(
            Transition(
                code="repair",
                title=said("Réparer", "Repair"),
                sources=("received",),
                target="repaird",
            ),
            REFUSE,
            CLOSE,
        ),
    ),
    messages=(Message(on="repair", subject=said("Réparé", "Repaired"), body=said("C’est fait.", "It is done.")),),
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:12 · request type 'lamp' · transition 'repair' · there is no state 'repaird' · the
#     plugin is left out · declare it or correct its code
# kit: parvis_bad/sound.py:23 · request type 'lamp' · state 'repaired' · state 'repaired' can never be reached · the
#     plugin is left out · add a transition to it or remove it
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:12 · request type 'lamp' · transition 'repair'
#     · there is no state 'repaird' · the plugin is left out · declare it or correct its code
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/sound.py:23 · request type 'lamp' · state 'repaired' can
#     never be reached · the plugin is left out · add a transition to it or remove it
