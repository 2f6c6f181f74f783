"""A handler that looks again and again, without awaiting anything."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


def is_ready(request):
    return all(request.reference for _ in iter(int, 1))


@on(Submitted)
async def order(event, request):
    is_ready(request)


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:11 · subscription 'order' · Submitted in state 'received' makes it block for ever ·
#     nothing else of the plugin runs meanwhile, and the host stops it · give it an end, or await something between
#     two turns
# host: bad.order · parvis_bad/plugin.py:11 · it blocked for … s without awaiting anything
