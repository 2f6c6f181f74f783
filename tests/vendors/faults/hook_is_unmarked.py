"""A hook that is not marked as one: the plugin works without it, and nobody misses it."""

from parvis_bad.sound import LAMP
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:19 · subscriptions() is not marked with @hookimpl · it is never called · mark it
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:19 · subscriptions() is not marked with
#     @hookimpl · it is never called · mark it as the hook subscriptions(), or rename it
