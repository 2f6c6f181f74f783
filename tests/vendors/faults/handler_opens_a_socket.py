"""A handler that speaks to another system through a synchronous client, in a function of its own."""

from urllib.request import urlopen

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


def write_order(reference):
    return urlopen(f"http://127.0.0.1:9/orders/{reference}").read()


@on(Submitted)
async def order(event, request):
    write_order(request.reference)


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:13 · subscription 'order' · Submitted in state 'received' makes it call
#     socket.getaddrinfo(), which blocks · nothing else of the plugin runs meanwhile, and the host stops it · await
#     it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# host: bad.order · parvis_bad/plugin.py:13 · it raised URLError: <urlopen error [Errno 111] Connection refused>
