"""Requests for which a task of a plugin waits, and those for which one is late: a filter of the queue."""

from collections.abc import Mapping
from typing import Any

from parvis import clock
from parvis.i18n import gettext
from parvis.requests.lists.module_figures import ListCondition
from parvis.web.desk.lists.filters import FilterContext, QueueFilter

WAITING, LATE = "attente", "retard"
OPEN = "id IN (SELECT request FROM tasks_task WHERE state = 'open')"
OVERDUE = "id IN (SELECT request FROM tasks_task WHERE state = 'open' AND due_at < {})"


def _titles() -> dict[str, str]:
    return {WAITING: gettext("Task to do"), LATE: gettext("Overdue task")}


def _narrow(searcher: Any, values: tuple[str, ...]) -> Mapping[str, Any]:
    late = ListCondition(OVERDUE, (clock.now(),), leads=True)
    return {"conditions": (ListCondition(OPEN, leads=True) if WAITING in values else late,)}


def _choices(here: FilterContext) -> list[tuple[str, str]]:
    return [("", gettext("Any")), *_titles().items()]


FILTER = QueueFilter(
    name="tache",
    after="attente",
    title=lambda: gettext("Tasks from plugins"),
    narrow=_narrow,
    say=lambda here, value: _titles().get(value, value),
    choices=_choices,
)
