"""What the API says of tasks and opinions."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from parvis.api.said_shapes import Languages
from parvis.api.shapes import FileShape
from parvis_sdk.requests import Place


class OpinionShape(Struct, frozen=True, kw_only=True):
    """One version of an opinion. `answers` are those to the task's form, with the recommendation among them."""

    number: int
    recommendation: str
    conditions: list[str]
    words: str
    answers: dict[str, Any]
    files: list[FileShape]
    late: bool
    at: datetime


class TaskShape(Struct, frozen=True, kw_only=True):
    """One opinion asked for. `opinions` are its versions, the last first, for those who may read them.

    `request` is what the task shows of the request, and `schema` describes the answers of an opinion: both for whoever
    may give it. `seen` counts the versions so far.
    """

    id: str
    reference: str
    review: str
    task: str
    title: Languages
    unit: str
    body: str
    state: str
    overdue: bool
    asked_at: datetime | None
    due_at: datetime | None
    given_at: datetime | None
    late: bool
    seen: int
    opinions: list[OpinionShape] | UnsetType = UNSET
    request: "RequestOfTask | UnsetType" = UNSET
    schema: dict[str, Any] | UnsetType = UNSET


class RequestOfTask(Struct, frozen=True, kw_only=True):
    """What a task shows of its request."""

    type: str
    title: Languages
    answers: dict[str, Any]
    place: Place | None
    files: list[FileShape]


class TaskList(Struct, frozen=True, kw_only=True):
    """A page of tasks, those due first at the top; `next_cursor` is empty on the last."""

    tasks: list[TaskShape]
    total: int
    next_cursor: str


class OpinionGiven(Struct, frozen=True, kw_only=True):
    """An opinion to be given or corrected: `seen` as the task had it when it was read, `upload` of the files named."""

    answers: dict[str, Any]
    seen: int = 0
    upload: str = ""
