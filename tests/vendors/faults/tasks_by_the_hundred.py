"""A handler that gives people a hundred tasks at once."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import Task
from parvis_sdk.text import Text


@on(Submitted)
async def ask(event, request):
    look = Text(fr="Regarder", en="Look")
    return Outcome(tasks=tuple(Task(key=f"look-{number}", title=look) for number in range(100)))


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [ask]


# kit: parvis_bad/plugin.py:12 · subscription 'ask' · Submitted in state 'received': the task: more than 20 tasks at
#     once · nobody is given it · give a key, a title and a term, and few tasks at once
