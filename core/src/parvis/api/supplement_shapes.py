"""What the API says of supplements, of versions of answers and of clocks."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from parvis.api.said_shapes import Languages


class PointShape(Struct, frozen=True, kw_only=True):
    """One point: the code of its question (empty: something else), a ready reason, own words, and what is read."""

    field: str
    reason: str
    words: str
    said: Languages
    done: bool


class SupplementShape(Struct, frozen=True, kw_only=True):
    """One list of points. `version` counts the writings of one that is prepared."""

    code: str
    title: Languages
    number: int
    state: Literal["prepared", "asked", "answered", "abandoned", "replaced"]
    open: bool
    points: list[PointShape]
    due_on: str
    asked_at: datetime | None
    version: int


class Supplements(Struct, frozen=True, kw_only=True):
    """The lists of a request; those in preparation only for the town's people."""

    supplements: list[SupplementShape]


class NewPoint(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question that is not right, why by a ready reason, or in words."""

    field: str
    reason: str = ""
    words: str = ""


class NewList(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be corrected, until which day (`2026-12-15`); `seen` is that of the list seen, 0 for none."""

    points: list[NewPoint]
    due_on: str = ""
    seen: int = 0


class NewAsking(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The same, sent; `answers` are what the move itself asks, `version` the request as the caller has seen it."""

    points: list[NewPoint]
    due_on: str = ""
    seen: int = 0
    answers: dict[str, Any] = {}
    version: int


class NewAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Corrected answers by question, a word beside each, questions whose earlier files stay beside new ones.

    `number` is that of the list answered: of two answers to one list the second is told that it came too late. `files`
    go with the point that is about no question, whose word stands under `_other`; `upload` owns all files named.
    """

    answers: dict[str, Any] = {}
    words: dict[str, str] = {}
    beside: list[str] = []
    files: list[str] = []
    number: int | None = None
    upload: str = ""


class VersionShape(Struct, frozen=True, kw_only=True):
    """One version of an answer; `value` is null once it was taken back, `by` tells whether the requester gave it."""

    number: int
    entry: int
    at: datetime
    by: Literal["requester", "town"]
    value: Any
    digest: str


class VersionedShape(Struct, frozen=True, kw_only=True):
    """A question with every version of its answer."""

    field: str
    versions: list[VersionShape]


class Versions(Struct, frozen=True, kw_only=True):
    """Every version that the caller may see, by question."""

    answers: list[VersionedShape]


class RestShape(Struct, frozen=True, kw_only=True):
    """A time at which a clock rested, by the entries of the story with which it began and ended.

    `why` where the town stopped it: requester, elsewhere, weather; empty while an answer was awaited.
    """

    since: datetime
    until: datetime | None
    why: str
    since_entry: int
    until_entry: int | None


class ClockShape(Struct, frozen=True, kw_only=True):
    """One clock. `told` marks the promise that the resident reads as theirs."""

    code: str
    title: Languages
    state: Literal["running", "paused", "met", "missed"]
    statutory: bool
    internal: bool
    told: bool
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    ended_at: datetime | None
    rests: list[RestShape]


class Clocks(Struct, frozen=True, kw_only=True):
    """The clocks that have begun; the town's own only for its people."""

    clocks: list[ClockShape]
