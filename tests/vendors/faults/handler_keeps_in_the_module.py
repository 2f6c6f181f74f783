"""A handler that keeps in its module what it heard, and is started again on the next day."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on

ORDERS = {}


@on(Submitted, Moved)
async def order(event, request):
    if isinstance(event, Submitted):
        ORDERS[request.reference] = "WO-1"
    return Outcome(external_reference=ORDERS[request.reference])


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:16 · subscription 'order' · Moved 'repair' in state 'repaired' makes it raise KeyError:
#     'TEST-0001', where the handler has not heard what came before · each delivery of this event fails, and the
#     operator finds it broken · keep what must last in Outcome.remember: a plugin is installed one day and started
#     again on another
