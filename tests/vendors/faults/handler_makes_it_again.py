"""A handler that makes another order where one is there."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    number = len(request.external_references) + 1
    return Outcome(external_reference=f"{request.reference}/{number}")


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · Submitted in state 'received', come again once its answer
#     was kept, makes TEST-0001/4 beside TEST-0001/1 · an event that comes again, after a breakdown, does something
#     else · look at request.external_references first
