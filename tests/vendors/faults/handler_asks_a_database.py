"""A handler that asks a synchronous database."""

import sqlite3

from parvis_bad.sound import LAMP

from parvis_sdk.events import Moved
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Moved)
async def order(event, request):
    orders = sqlite3.connect(":memory:")
    orders.execute("CREATE TABLE orders (reference TEXT)")


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:14 · subscription 'order' · Moved 'repair' in state 'repaired' makes it call
#     sqlite3.connect(), which blocks · nothing else of the plugin runs meanwhile, and the host stops it · await it
#     (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# kit: parvis_bad/plugin.py:14 · order() is async and calls sqlite3.connect(), which blocks · nothing else of the
#     plugin runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:14 · order() is async and calls sqlite3.connect(), which blocks
#     · nothing else of the plugin runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through
#     asyncio.to_thread
