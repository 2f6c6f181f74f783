"""What is done again and again: tasks that are slow are escalated."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_sdk.text import Text
from parvis_tasks.escalating import escalate_due

SLOW = Text(fr="Tâches en retard", en="Overdue tasks")


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (Chore(name="tasks", every=timedelta(minutes=5), work=partial(escalate_due, host), title=SLOW),)
