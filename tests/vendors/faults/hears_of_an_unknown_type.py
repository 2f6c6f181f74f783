"""A subscription to a type that nobody declares."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted, types=("lamps",))
async def order(event, request):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · no request type has the code 'lamps' · it never receives it
#     · did you mean 'lamp'?
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:10 · subscription 'order' · no request type
#     has the code 'lamps' · it never receives it · did you mean 'lamp'?
