"""How long opinions take, task by task: from the day each was asked for to the day it came, in business days."""

from datetime import timedelta

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.jurisdictions.calendars import BusinessCalendar, OpenTime, quantile
from parvis.selection import within
from parvis_reviews.tables import ReviewTask

DAYS = 365
MOST = 5000
GIVEN = """
SELECT t.task, t.asked_at, t.given_at, t.due_at FROM review_task t
JOIN service_request r ON r.id = t.request
WHERE t.state = 'given' AND t.asked_at IS NOT NULL AND t.given_at >= {} AND """


class TaskDays(Struct, frozen=True, kw_only=True):
    """Over the opinions of one task given within a year: how many, the median of their days, how many came late."""

    task: str
    opinions: int
    median: float
    late: int


async def days_by_task(scope: Scope, calendar: BusinessCalendar) -> tuple[TaskDays, ...]:
    """The tasks of a scope, the slowest first; one statement."""
    where = within(scope, ("t.unit",))
    since = clock.now() - timedelta(days=DAYS)
    rows = await ReviewTask.raw(f"{GIVEN}{where.sql} ORDER BY t.given_at DESC LIMIT {MOST}", since, *where.values)
    if not rows:
        return ()
    open_time = OpenTime(calendar, min(row["asked_at"] for row in rows), max(row["given_at"] for row in rows))
    days: dict[str, list[float]] = {}
    late: dict[str, int] = {}
    for row in rows:
        days.setdefault(row["task"], []).append(open_time.days_between(row["asked_at"], row["given_at"]))
        late[row["task"]] = late.get(row["task"], 0) + int(row["given_at"] > row["due_at"])
    counted = (
        TaskDays(task=task, opinions=len(each), median=round(quantile(each, 0.5) or 0.0, 1), late=late[task])
        for task, each in days.items()
    )
    return tuple(sorted(counted, key=lambda one: (-one.median, one.task)))
