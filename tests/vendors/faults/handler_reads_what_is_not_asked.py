"""A handler that reads the answer to a question of another form."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(remember={"racks": request.answers["bikes"]})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received' makes it raise KeyError:
#     'bikes' · each delivery of this event fails, and the operator finds it broken · 'lamp' does not ask 'bikes':
#     correct the code, or use one of danger, lamps, pole, owner
# host: bad.order · parvis_bad/plugin.py:12 · it raised KeyError: 'bikes'
