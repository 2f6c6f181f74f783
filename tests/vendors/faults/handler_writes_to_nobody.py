"""A handler that writes to a requester who is gone: the request was erased."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Erased, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted, Erased, needs=("contact",))
async def order(event, request):
    return Outcome(remember={"by": request.requester.mode})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Erased in state 'received' makes it raise AttributeError:
#     'NoneType' object has no attribute 'mode' · each delivery of this event fails, and the operator finds it
#     broken · expect this event in this state, or do not subscribe to it
# host: bad.order · parvis_bad/plugin.py:12 · it raised AttributeError: 'NoneType' object has no attribute 'mode'
