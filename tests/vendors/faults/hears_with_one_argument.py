"""A handler that takes the event alone."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · its handler does not take (event, request) · every event
#     fails there · write `async def order(event, request)`
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:10 · subscription 'order': its handler does not
#     take (event, request) · the plugin is left out · write `async def order(event, request)`
