"""A subscription to a fact, without the event that tells of facts."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Moved
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Moved, facts=("fee.visit.paid",))
async def order(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · it names facts, and not Happened · it never receives it ·
#     add Happened to its events
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:10 · subscription 'order' · it names facts,
#     and not Happened · it never receives it · add Happened to its events
