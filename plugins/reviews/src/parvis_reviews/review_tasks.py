"""Tasks and rounds of reviews as they stand in their tables, and when a task falls due and is reminded of."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import add_business_days
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
    return structs.replace(
        task, state="asked", asked_at=at, due_at=due_at, remind_at=first_reminder(town, at, due_at, wanted.days)
    )


def first_reminder(town: Jurisdiction, at: datetime, due_at: datetime, days: int) -> datetime:
    if days <= REMINDED_BEFORE:
        return due_at
    return add_business_days(town.calendar, at, days - REMINDED_BEFORE)


def next_reminder(town: Jurisdiction, task: OpinionTask, at: datetime) -> datetime | None:
    """When the next reminder goes: on the day it is due, then every week, but not for ever."""
    if task.due_at is None or task.reminders + 1 >= MOST_REMINDERS:
        return None
    return task.due_at if at < task.due_at else add_business_days(town.calendar, at, REMINDED_EVERY)
