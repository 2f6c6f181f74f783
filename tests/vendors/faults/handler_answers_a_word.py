"""A handler that answers something else than an Outcome."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    return "ordered"


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · Submitted in state 'received' is answered 'ordered' instead
#     of an Outcome or nothing · each delivery of this event fails, and the operator finds it broken · answer an
#     Outcome, or None
# host: bad.order · parvis_bad/plugin.py:10 · it returned a str instead of an Outcome or nothing
