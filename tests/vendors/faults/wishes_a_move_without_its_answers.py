"""A handler that wishes a move and does not give what it asks."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(move="repair", given={"done": "Ampoule"})


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:12 · subscription 'order' · Submitted in state 'received': the answers given do not fit
#     the requested step 'repair' (reason: required; done: unknown) · the step is refused, its note stays · give the
#     answers that the step asks for in `given`
# host: bad.order · The plugin “bad” asked for the step “repair”, which did not take place: answers are missing
