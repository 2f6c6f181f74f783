"""Filters of the queue by how requests turned out: the list behind a figure holds exactly what was counted."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import RANKS
from parvis.web.desk.lists.filtering import day_of, midnight
from parvis.web.desk.lists.filters import FilterContext, QueueFilter, Searcher, said_of_day

DUE_TODAY = "dues"  # promised by the end of today, whatever day that is, and not overdue
COUNTED = "comptees"  # only those that the viewer's figures count
NOT_UNDONE = "COALESCE(undone, 0) = 0"  # nor broken by a reopening
PROMISES = {
    "tenue": ListCondition(f"promise = {{}} AND {NOT_UNDONE}", ("met",)),
    "manquee": ListCondition(f"promise = {{}} AND {NOT_UNDONE}", ("missed",)),
    "defaite": ListCondition("undone > 0"),
}
ANSWERS = {"oui": ListCondition("answered_in IS NOT NULL"), "non": ListCondition("answered_in IS NULL")}
SETTLED = {"oui": ListCondition("settled = {}", ("yes",)), "non": ListCondition("settled = {}", ("no",))}
# Worded as in the index that orders the queue, so that only those few rows are read.
STILL_TODAY = f"{RANKS['due']} = 0 AND promised_at >= {{}} AND promised_at < {{}} AND promise = 'running'"
AGAIN = {"plusieurs": ListCondition("reopened > 1")}
Narrow = Callable[[Searcher, tuple[str, ...]], Mapping[str, Any]]


def one_of(conditions: Mapping[str, ListCondition]) -> Narrow:
    """What the first value of the address stands for; another word narrows nothing."""
    return lambda searcher, values: {"conditions": (conditions[values[0]],) if values[0] in conditions else ()}


def since(column: str) -> Narrow:
    """From the beginning of a day of the town."""
    return lambda searcher, values: {"conditions": _of_day(f"{column} >= {{}}", searcher, values, 0)}


def until(column: str) -> Narrow:
    """Until the end of a day of the town."""
    return lambda searcher, values: {"conditions": _of_day(f"{column} < {{}}", searcher, values, 1)}


def _of_day(sql: str, searcher: Searcher, values: tuple[str, ...], days: int) -> tuple[ListCondition, ...]:
    day = day_of(values[0])
    moment: datetime | None = midnight(day + timedelta(days=days), searcher.town.time_zone) if day else None
    return (ListCondition(sql, (moment,)),) if moment else ()


def _due_today(searcher: Searcher, values: tuple[str, ...]) -> Mapping[str, Any]:
    now = clock.now()
    tomorrow = midnight(local_day(searcher.town.calendar, now) + timedelta(days=1), searcher.town.time_zone)
    return {"conditions": (ListCondition(STILL_TODAY, (now, tomorrow)),)}


def _promise_said(here: FilterContext, value: str) -> str:
    known = {"tenue": gettext("Promised date met"), "defaite": gettext("Promised date missed after reopening")}
    return known.get(value) or gettext("Promised date missed")


def _answer_said(here: FilterContext, value: str) -> str:
    return gettext("Answered") if value == "oui" else gettext("Not answered")


def _settled_said(here: FilterContext, value: str) -> str:
    return (
        gettext("Resolved, according to the requester")
        if value == "oui"
        else gettext("Not resolved, according to the requester")
    )


OUTCOMES = (
    QueueFilter(
        name=COUNTED,
        narrow=lambda searcher, values: {"rights": ("report",)},
        say=lambda here, value: gettext("Counted in your figures"),
    ),
    QueueFilter(name=DUE_TODAY, narrow=_due_today, say=lambda here, value: gettext("Due today")),
    QueueFilter(name="promesse", narrow=one_of(PROMISES), say=_promise_said),
    QueueFilter(name="reponse", narrow=one_of(ANSWERS), say=_answer_said),
    QueueFilter(name="reglee", narrow=one_of(SETTLED), say=_settled_said),
    QueueFilter(
        name="rouvertes",
        narrow=one_of(AGAIN),
        say=lambda here, value: gettext("Reopened more than once"),
    ),
    QueueFilter(
        name="rouvertes_depuis",
        narrow=since("reopened_at"),
        say=said_of_day(lambda: gettext("Reopened since %(day)s")),
    ),
    QueueFilter(
        name="rouvertes_jusqua",
        narrow=until("reopened_at"),
        say=said_of_day(lambda: gettext("Reopened until %(day)s")),
    ),
    QueueFilter(
        name="repondues_depuis",
        narrow=since("settled_at"),
        say=said_of_day(lambda: gettext("Satisfaction answered since %(day)s")),
    ),
    QueueFilter(
        name="repondues_jusqua",
        narrow=until("settled_at"),
        say=said_of_day(lambda: gettext("Satisfaction answered until %(day)s")),
    ),
)
