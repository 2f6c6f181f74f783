"""The only source of time: aware, in UTC, to the microsecond, and movable for tests and for the demo town.

>>> from datetime import UTC, datetime
>>> with moved_to(datetime(2026, 3, 8, 12, tzinfo=UTC)) as moved:
...     _ = moved.forward(hours=2)
...     now().isoformat()
'2026-03-08T14:00:00+00:00'
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

OFFSET_VARIABLE = "PARVIS_CLOCK_OFFSET"
"""Environment variable: seconds added to the real time of a whole process, for tests that start one."""


class FrozenClock:
    """A clock that stands still at one instant until somebody moves it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = as_utc(instant)

    def forward(
        self,
        delta: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> datetime:
        """Let time pass; it may be given as one delta, in parts, or both."""
        self.instant += (delta or timedelta()) + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.instant

    def to(self, instant: datetime) -> datetime:
        """Jump to an instant, forwards or backwards."""
        self.instant = as_utc(instant)
        return self.instant


_moved: ContextVar[FrozenClock | None] = ContextVar("parvis_moved_clock", default=None)


def now() -> datetime:
    """What time it is."""
    moved = _moved.get()
    if moved is not None:
        return moved.instant
    real = of_machine()
    offset = os.environ.get(OFFSET_VARIABLE)
    return real + timedelta(seconds=float(offset)) if offset else real


def variables(ahead: timedelta = timedelta()) -> dict[str, str]:
    """What a process is started with so that its clock is so far ahead of this process's own."""
    seconds = float(os.environ.get(OFFSET_VARIABLE) or 0) + ahead.total_seconds()
    return {OFFSET_VARIABLE: str(seconds)} if seconds else {}


def is_moved() -> bool:
    """Whether this task plays another time than that of the machine."""
    return _moved.get() is not None


def of_machine() -> datetime:
    """What the machine itself says, wherever this task or process has been moved to."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time enters


def run_for() -> timedelta:
    """How long the machine has been running, asleep or not: it goes on evenly, even if the clock is set."""
    return timedelta(seconds=time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))


@contextmanager
def moved_to(instant: datetime) -> Iterator[FrozenClock]:
    """Stop the clock at an instant, for this task and for tasks started inside."""
    moved = FrozenClock(instant)
    token = _moved.set(moved)
    try:
        yield moved
    finally:
        _moved.reset(token)


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC; a naive one is refused, since databases read it in two ways."""
    if instant.tzinfo is None:
        raise ValueError(f"a time without a zone: {instant.isoformat()}")
    return instant.astimezone(UTC)
