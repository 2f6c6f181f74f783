"""A handler that knows each state but one."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Noted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text


@on(Noted)
async def order(event, request):
    number = ("received", "repaired").index(request.state)
    return Outcome(note=Text(fr=f"Étape {number}", en=f"Step {number}"))


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:13 · subscription 'order' · Noted in state 'closed' makes it raise ValueError:
#     tuple.index(x): x not in tuple · each delivery of this event fails, and the operator finds it broken · expect
#     this event in this state, or do not subscribe to it
# host: bad.order · parvis_bad/plugin.py:13 · it raised ValueError: tuple.index(x): x not in tuple
