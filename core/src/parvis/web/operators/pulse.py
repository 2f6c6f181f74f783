"""One short look at how the installation is: its database, its workers, what waits longest; never slow."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from parvis import clock
from parvis.db import DatabaseTrouble
from parvis.insights.installation import last_run
from parvis.outbox import oldest

PATIENCE = 2.0  # seconds that the database gets
SILENCE = timedelta(minutes=5)  # the shortest chores are due every minute
WorkerState = Literal["alive", "starting", "away", "unknown"]


class Pulse(Struct, frozen=True, kw_only=True):
    """`worker` is "starting" where none has been heard of and this process is young; times are aware."""

    database: bool
    milliseconds: int
    worker: WorkerState = "unknown"
    last_run: datetime | None = None
    oldest: datetime | None = None

    @property
    def is_well(self) -> bool:
        """Whether requests are taken in and delivered."""
        return self.database and self.worker != "away"


async def feel(began: datetime, patience: float = PATIENCE) -> Pulse:
    """The pulse now; `began` is when this process started."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            last, waiting = await last_run(), await oldest()
    except (TimeoutError, DatabaseTrouble):
        return Pulse(database=False, milliseconds=_since(started))
    return Pulse(
        database=True,
        milliseconds=_since(started),
        worker=judged(last, began, clock.now()),
        last_run=last,
        oldest=waiting,
    )


def judged(last: datetime | None, began: datetime, now: datetime) -> WorkerState:
    """Whether a worker lives, from its last sign of life."""
    if last is not None and now - last < SILENCE:
        return "alive"
    return "starting" if now - began < SILENCE else "away"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
