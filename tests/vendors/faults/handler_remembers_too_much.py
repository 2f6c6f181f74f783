"""A handler that has a whole report remembered for each request."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(
        remember={"report": "x" * 600_000},
    )


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:13 · subscription 'order' · Submitted in state 'received' has more than 500000 bytes
#     remembered · each delivery of this event fails, and the operator finds it broken · keep a number or a date of it,
#     and the rest in the other system
# host: bad.order · parvis_bad/plugin.py:10 · it returned an Outcome that asks to remember more than 500000 bytes
