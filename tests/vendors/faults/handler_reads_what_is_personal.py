"""A handler that reads a personal answer without saying that it needs it."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(remember={"owner": request.answers["owner"]})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received' makes it raise KeyError:
#     'owner' · each delivery of this event fails, and the operator finds it broken · the answer 'owner' is
#     personal: ask for needs=("personal",), and do without it once it is erased
# host: bad.order · parvis_bad/plugin.py:12 · it raised KeyError: 'owner'
