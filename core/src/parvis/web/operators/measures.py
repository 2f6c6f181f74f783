"""How the installation is: a quick health check, files, what waits; and what modules count for monitors."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct, structs

from parvis import clock
from parvis.db import DatabaseTrouble, Engine
from parvis.i18n import say
from parvis.installation import last_run
from parvis.outbox import oldest
from parvis.outbox.clock_watch import standing
from parvis.plugins import PluginRegistry
from parvis.requests.attached.antivirus import NOT_CHOSEN, NobodyScans, ScanBacklog, UploadGuard, answers, held_now
from parvis.requests.host import Host
from parvis.requests.plugin_away import PluginBacklog, waiting
from parvis.web.places import SlotItem
from parvis_sdk.file_stores import FilesAway, FileStore
from parvis_sdk.text import Text

PATIENCE = 2.0  # seconds that the database gets
SILENCE = timedelta(minutes=5)  # the shortest chores are due every minute
LONG_HELD = timedelta(minutes=10)
FREE = (
    500_000_000  # bytes on the disk of received files below which it is low: a hundred photos more, and a few letters
)
WorkerState = Literal["alive", "starting", "away", "unknown"]
ScannerState = Literal["none", "alive", "away"]


class Pulse(Struct, frozen=True, kw_only=True):
    """`worker` is "starting" if none has reported yet and this process is young; times are aware."""

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
    title: Text
    held: ScanBacklog
    keeps: bool = True

    @property
    def is_long(self) -> bool:
        """Whether something has been held for longer than a scan takes."""
        return self.held.oldest is not None and clock.now() - self.held.oldest > LONG_HELD


async def feel_guard(host: Host) -> Guard:
    """Antivirus and file store now, which are asked whether they live, what is held; raises what the database does."""
    held, keeps = await held_now(), await keeps_files(host.files)
    scanner = host.of(UploadGuard).scanner
    if scanner is None:
        held = structs.replace(held, trouble=say(NOT_CHOSEN) if held.count else "")
        return Guard(scanner="none", title=Text(fr=""), held=held, keeps=keeps)
    if isinstance(scanner, NobodyScans):
        held = structs.replace(held, trouble=say(scanner.why))
    state: ScannerState = "alive" if await answers(host, scanner) else "away"
    return Guard(scanner=state, title=scanner.title, held=held, keeps=keeps)


async def keeps_files(files: FileStore) -> bool:
    """Whether contents can be kept and read now."""
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.to_thread(files.check)
    except (FilesAway, TimeoutError):
        return False
    return True


def free_on_disk(data: Path) -> int:
    """Bytes that can still be written where received files and the database of a small town lie."""
    return shutil.disk_usage(data).free


def judged(last: datetime | None, began: datetime, now: datetime) -> WorkerState:
    """Whether a worker lives, from its last sign of life."""
    if last is not None and abs(now - last) < SILENCE:
        return "alive"
    return "starting" if now - began < SILENCE else "away"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


KEPT = 30.0  # seconds for which what waits is not counted again


class PluginWaits:
    """The open requests that wait for a plugin which is not there, as they were within the last half minute."""

    def __init__(self) -> None:
        self._known: tuple[PluginBacklog, ...] = ()
        self._until = 0.0

    async def now(self, plugins: PluginRegistry) -> tuple[PluginBacklog, ...]:
        if time.monotonic() >= self._until:
            self._known = await waiting(plugins)
            self._until = time.monotonic() + KEPT
        return self._known


class Gauge(Struct, frozen=True):
    """One figure for monitors: its name, a sentence, its labels, and a value for each of their words."""

    name: str
    help: str
    labels: tuple[str, ...]
    values: Sequence[tuple[tuple[str, ...], float]]


class MeasureSource(SlotItem, frozen=True, kw_only=True):
    """What a module counts for monitors, in the slot `operators.measures`; what breaks or takes long is left out."""

    families: Callable[[Host], Awaitable[Iterable[Gauge]]]


class AnswerCounter(Protocol):
    """Told of each answer of one application as it goes out; it may neither wait nor raise."""

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answer: `route` is the pattern of its path, "" where none matched; `seconds` until it began."""

    def lost(self, trouble: str) -> None:
        """One answer that could not be given because of the database, by the kind of trouble."""


class AnswerWatch(SlotItem, frozen=True, kw_only=True):
    """Who counts answers, in the slot `operators.answers`: made once for each application, and read at `address`."""

    made: Callable[[], AnswerCounter]
    address: str
