"""A handler that gives people a task which says nothing, to be done by a day that is past."""

from datetime import date

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import Task
from parvis_sdk.text import Text


@on(Submitted)
async def ask(event, request):
    silent = Task(key="look", title=Text(fr=""))
    return Outcome(tasks=(silent, Task(key="call", title=Text(fr="Appeler", en="Call"), due=date(2020, 1, 1))))


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [ask]


# kit: parvis_bad/plugin.py:14 · subscription 'ask' · Submitted in state 'received': the task: it has no title · nobody
#     is given it · give a key, a title and a term, and few tasks at once
# kit: parvis_bad/plugin.py:14 · subscription 'ask' · Submitted in state 'received': the task: its day, 2020-01-01, is
#     past · nobody is given it · give a key, a title and a term, and few tasks at once
