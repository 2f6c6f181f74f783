"""A handler that awaits what never comes."""

import asyncio

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    await asyncio.Event().wait()


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received' makes it wait for more than …
#     s · each delivery of this event fails, and the operator finds it broken · give what is awaited a time limit
# host: bad.order · parvis_bad/plugin.py:12 · it did not answer within … s
