"""A subscription to a fact that never comes true."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Happened, types=("lamp",), facts=("fee.visit.payed",))
async def order(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · nothing here makes 'fee.visit.payed' happen · it never receives
#     it · did you mean 'fee.visit.paid'?
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:10 · subscription 'order' · nothing here makes
#     'fee.visit.payed' happen · it never receives it · did you mean 'fee.visit.paid'?
