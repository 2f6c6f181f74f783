"""A handler that sleeps instead of awaiting."""

import time

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    time.sleep(3600)


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:14 · subscription 'order' · Submitted in state 'received' makes it call time.sleep(),
#     which blocks · nothing else of the plugin runs meanwhile, and the host stops it · await it (asyncio,
#     httpx.AsyncClient), or go through asyncio.to_thread
# kit: parvis_bad/plugin.py:14 · order() is async and calls time.sleep(), which blocks · nothing else of the plugin
#     runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:14 · order() is async and calls time.sleep(), which blocks ·
#     nothing else of the plugin runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through
#     asyncio.to_thread
