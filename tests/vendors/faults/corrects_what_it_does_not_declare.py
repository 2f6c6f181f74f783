"""A handler that corrects an answer which its subscription does not declare."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.proposals import Correction
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text


@on(Submitted)
async def match(event, request):
    return Outcome(correct=Correction(answers={"words": "x"}, reason=Text(fr="Lu", en="Read")))


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [match]


# kit: parvis_bad/plugin.py:14 · subscription 'match' · Submitted in state 'received': the correction: the answer
#     'words' is not declared in corrects · nothing is corrected · stay within what the subscription declares (finds,
#     corrects), or declare it
