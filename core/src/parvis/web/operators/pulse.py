"""One short look at how the installation is: its database, its workers, what waits longest; never slow."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from parvis import clock
from parvis.db import DatabaseTrouble, Engine
from parvis.installation import last_run
from parvis.outbox import oldest
from parvis.outbox.clock_watch import standing
from parvis.requests.attached.antivirus import Scanner, ScannerAway
from parvis.requests.attached.scanning import ScanBacklog, held_now

PATIENCE = 2.0  # seconds that the database gets
SILENCE = timedelta(minutes=5)  # the shortest chores are due every minute
LONG_HELD = timedelta(minutes=10)
WorkerState = Literal["alive", "starting", "away", "unknown"]
ScannerState = Literal["none", "alive", "away"]


class Pulse(Struct, frozen=True, kw_only=True):
    """`worker` is "starting" where none has been heard of and this process is young; times are aware."""

    database: bool
    milliseconds: int
    worker: WorkerState = "unknown"
    last_run: datetime | None = None
    oldest: datetime | None = None
    held: ScanBacklog = ScanBacklog()
    clock_doubted: bool = False

    @property
    def is_well(self) -> bool:
        """Whether requests are taken in and delivered."""
        return self.database and self.worker != "away"


async def feel(engine: Engine, began: datetime, patience: float = PATIENCE) -> Pulse:
    """The pulse now; `began` is when this process started."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            last, waiting, held = await last_run(), await oldest(), await held_now()
            known = await standing(engine)
    except (TimeoutError, DatabaseTrouble):
        return Pulse(database=False, milliseconds=_since(started))
    return Pulse(
        database=True,
        milliseconds=_since(started),
        worker=judged(last, began, clock.now()),
        last_run=last,
        oldest=waiting,
        held=held,
        clock_doubted=known.is_doubted,
    )


class Guard(Struct, frozen=True, kw_only=True):
    """How the antivirus is, and what is held; neither keeps requests from being taken in and delivered."""

    scanner: ScannerState
    name: str
    held: ScanBacklog

    @property
    def is_long(self) -> bool:
        """Whether something has been held for longer than a scan takes."""
        return self.held.oldest is not None and clock.now() - self.held.oldest > LONG_HELD


async def feel_guard(scanner: Scanner | None) -> Guard:
    """The antivirus now, which is asked whether it lives, and what is held; raises what the database raises."""
    held = await held_now()
    if scanner is None:
        return Guard(scanner="none", name="", held=held)
    try:
        await scanner.ping()
    except ScannerAway:
        return Guard(scanner="away", name=scanner.name, held=held)
    return Guard(scanner="alive", name=scanner.name, held=held)


def judged(last: datetime | None, began: datetime, now: datetime) -> WorkerState:
    """Whether a worker lives, from its last sign of life."""
    if last is not None and abs(now - last) < SILENCE:
        return "alive"
    return "starting" if now - began < SILENCE else "away"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
