"""Two subscriptions with one name: the deliveries of both would be of one."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    return None


@on(Moved, name="order")
async def order_again(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order, order_again]


# kit: parvis_bad/plugin.py:15 · two subscriptions have the name 'order' · the deliveries of both would be those of
#     one · give each its own
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:25 · two subscriptions have the name 'order' ·
#     the plugin is left out · give each its own
