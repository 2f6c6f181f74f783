"""A handler that writes into the request it is shown."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted)
async def order(event, request):
    request.answers["lamps"] = 1


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:10 · subscription 'order' · Submitted in state 'received' makes it change the request
#     that it is shown · the change is lost · answer what is to change in an Outcome
