"""A handler that declares a scope and takes no finder."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted, finds=(Scope(types=(LAMP.code,)),))
async def match(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [match]


# kit: parvis_bad/plugin.py:11 · subscription 'match' · it declares finds, and its handler does not take (event,
#     request, finder) · every event fails there · write `async def match(event, request, finder)`
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:11 · subscription 'match': it declares
#     finds, and its handler does not take (event, request, finder) · the plugin is left out · write `async def
#     match(event, request, finder)`
