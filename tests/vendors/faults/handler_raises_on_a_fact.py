"""A handler that knows two facts of a fee, and is told of all of them."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text

SAID = {
    "fee.visit.due": Text(fr="Facture à faire", en="To be invoiced"),
    "fee.visit.paid": Text(fr="Payé", en="Paid"),
}


@on(Happened)
async def order(event, request):
    return Outcome(note=SAID[event.fact])


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:18 · subscription 'order' · Happened 'fee.visit.failed' in state 'received' makes it
#     raise KeyError: 'fee.visit.failed' · each delivery of this event fails, and the operator finds it broken ·
#     expect this event in this state, or do not subscribe to it
# host: bad.order · parvis_bad/plugin.py:18 · it raised KeyError: 'fee.visit.failed'
