"""A handler that wishes a move which only people make."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(move="refuse", given={"reason": "Route provinciale"})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received': the requested step 'refuse'
#     cannot be made by the system · the step is refused, its note stays · add 'system' to its `by`
# host: bad.order · The plugin “bad” asked for the step “refuse”, which did not take place: You may not do “Refuse”.
