"""A handler that wishes a move in states from which it cannot be made."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Happened, facts=("fee.visit.paid",))
async def order(event, request):
    return Outcome(
        move="close",
    )


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:13 · subscription 'order' · Happened 'fee.visit.paid' in state 'received': the requested
#     step 'close' is not allowed in state 'received' · the step is refused, its note stays · look at request.state
#     first: it starts from repaired
# host: bad.order · The plugin “bad” asked for the step “close”, which did not take place: “Close” is not possible
#     while the request is “Received”.
