"""A handler that searches by an answer which its scope does not name."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on


@on(Submitted, finds=(Scope(types=(LAMP.code,)),))
async def match(event, request, finder):
    await finder.find(type=LAMP.code, answers={"colour": "red"})
    return None


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [match]


# kit: parvis_bad/plugin.py:13 · subscription 'match' · Submitted in state 'received' makes it raise OutsideScope:
#     the answer 'colour' is not in the scope of 'lamp': — · each delivery of this event fails, and the operator finds
#     it broken · stay within what the subscription declares (finds, corrects), or declare it
# host: bad.match · parvis_bad/plugin.py:13 · it raised OutsideScope: the answer 'colour' is not in the scope of
#     'lamp': —
