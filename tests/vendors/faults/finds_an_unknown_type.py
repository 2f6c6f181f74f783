"""A scope that names a type which nobody declares."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted, finds=(Scope(types=("lampe",)),))
async def match(event, request, finder):
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [match]


# kit: parvis_bad/plugin.py:11 · subscription 'match' · its scope names the type 'lampe', which nobody declares ·
#     nothing is found there · did you mean 'lamp'?
# host: bad (parvis-bad 1.0) · subscriptions() · parvis_bad/plugin.py:11 · subscription 'match' · its scope names
#     the type 'lampe', which nobody declares · nothing is found there · did you mean 'lamp'?
