"""Tasks and rounds of reviews as they stand in their tables, and when a task falls due and is reminded of."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import add_business_days, add_business_time, business_time_between
from parvis_reviews.tables import Review as ReviewRow
from parvis_reviews.tables import ReviewTask as TaskRow
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import Review, Task

REMINDED_BEFORE = 2  # business days before it is due
REMINDED_EVERY = 5  # business days, once it is overdue
MOST_REMINDERS = 6


class OpinionTask(Struct, frozen=True, kw_only=True):
    """One opinion asked for. With `email`, `body` is who gives it from outside and `unit` sees to it that it comes."""

    id: UUID
    request: UUID
    jurisdiction: str
    review: str
    task: str
    round: int
    version: int = 1
    unit: str
    assignee: UUID | None = None
    assignee_email: str = ""
    body: str = ""
    email: str = ""
    language: str = "fr"
    state: str
    asked_at: datetime | None = None
    due_at: datetime | None = None
    given_at: datetime | None = None
    recommendation: str = ""
    late: bool = False
    opinions: int = 0
    reminders: int = 0
    remind_at: datetime | None = None
    escalated: int = 0
    rests_on: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "asked")

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "asked" and self.due_at is not None and self.due_at < now


class Round(Struct, frozen=True, kw_only=True):
    """One time that the opinions of a review were asked for; once they have come to something that is its state."""

    id: UUID
    request: UUID
    code: str
    round: int
    state: str
    opened_at: datetime
    done_at: datetime | None


async def tasks_of(request: UUID) -> tuple[OpinionTask, ...]:
    """Every task of a request, of all rounds, in the order in which they were made."""
    rows = await TaskRow.select().where(TaskRow.request == request).order_by(TaskRow.id)
    return tuple(OpinionTask(**row) for row in rows)


async def task_by_id(id: UUID) -> OpinionTask | None:
    rows = await TaskRow.select().where(TaskRow.id == id)
    return OpinionTask(**rows[0]) if rows else None


async def rounds_of(request: UUID) -> tuple[Round, ...]:
    rows = await ReviewRow.select().where(ReviewRow.request == request).order_by(ReviewRow.round)
    return tuple(Round(**row) for row in rows)


def declared(request_type: RequestType, task: OpinionTask) -> tuple[Review, Task] | None:
    """What the request's type says of a task; None when the request has become one of another type."""
    for review in request_type.of(Review):
        if review.code == task.review and (found := review.task(task.task)):
            return review, found
    return None


def asked_now(task: OpinionTask, wanted: Task, town: Jurisdiction, at: datetime) -> OpinionTask:
    """The task once its turn has come."""
    due_at = add_business_days(town.calendar, at, wanted.days)
    asked = structs.replace(task, state="asked", asked_at=at, due_at=due_at, reminders=0, escalated=0)
    return structs.replace(asked, remind_at=next_look(town, asked, wanted, at))


def first_reminder(town: Jurisdiction, at: datetime, due_at: datetime, days: int) -> datetime:
    if days <= REMINDED_BEFORE:
        return due_at
    return add_business_days(town.calendar, at, days - REMINDED_BEFORE)


def next_look(town: Jurisdiction, task: OpinionTask, wanted: Task, at: datetime) -> datetime | None:
    """When there is something to say of it next: that it is slow, a reminder before and on the day it is due.

    After that day a reminder goes every week, but not for ever.
    """
    if task.asked_at is None or task.due_at is None:
        return None
    ahead = [first_reminder(town, task.asked_at, task.due_at, wanted.days), task.due_at]
    coming = [moment for moment in (*ahead, *escalations(town, task, wanted)) if moment > at]
    if coming:
        return min(coming)
    return None if task.reminders + 1 >= MOST_REMINDERS else add_business_days(town.calendar, at, REMINDED_EVERY)


def escalations(town: Jurisdiction, task: OpinionTask, wanted: Task) -> tuple[datetime, ...]:
    """When it is still to be pointed out that an opinion is slow: after shares of its time while the town is open."""
    if wanted.silence is None or task.asked_at is None or task.due_at is None:
        return ()
    whole = business_time_between(town.calendar, task.asked_at, task.due_at)
    shares = wanted.silence.escalate[task.escalated :]
    return tuple(add_business_time(town.calendar, task.asked_at, whole * share / 100) for share in shares)
