"""How connected systems stand, as the API says it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


class ConnectorShape(Struct, frozen=True, kw_only=True):
    """How one connected system stands. `state` is "resting" while it is left alone after failures, and
    "paused" until a person resumes it."""

    name: str
    title: str
    state: Literal["well", "failing", "resting", "paused"]
    open_until: datetime | None
    failures: int
    trouble: str
    waiting: int
    postponed: int
    dead: int
    done_last_hour: int
    oldest: datetime | None
    strays: int
    polled_at: datetime | None
    poll_failures: int
    poll_trouble: str
    needs_somebody: bool


class Connectors(Struct, frozen=True, kw_only=True):
    """Every connected system of the town, by name."""

    connectors: list[ConnectorShape]
