"""A handler that reads an answer which may be left out."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(remember={"pole": request.answers["pole"]})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received' makes it raise KeyError:
#     'pole' · each delivery of this event fails, and the operator finds it broken · the answer 'pole' may be left
#     out: read it with answers.get()
