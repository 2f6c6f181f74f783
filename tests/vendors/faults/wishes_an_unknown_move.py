"""A handler that wishes a move which does not exist."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Happened, facts=("fee.visit.paid",))
async def order(event, request):
    return Outcome(
        move="repaired",
    )


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:13 · subscription 'order' · Happened 'fee.visit.paid' in state 'received': the requested
#     step 'repaired' does not exist · the step is refused, its note stays · use one of repair, refuse, close
# host: bad.order · The plugin “bad” asked for the step “repaired”, which did not take place: No step is called
#     “repaired”.
