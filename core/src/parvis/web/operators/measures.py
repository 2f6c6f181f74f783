"""Measures: answers counted as they go out, what lies in the database when a monitor reads it, a quick health check."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parvis import __version__, clock
from parvis.composition import Deployment
from parvis.db import DatabaseTrouble, Engine
from parvis.db.engines import seconds_behind
from parvis.i18n import say
from parvis.installation import ChoreRun, StateCount, last_run, ran
from parvis.installation import standing as request_counts
from parvis.outbox import Number, circuits, numbers, oldest
from parvis.outbox.circuits import CircuitState
from parvis.outbox.clock_watch import standing
from parvis.plugins.trying import Success
from parvis.requests.attached.antivirus import NobodyScans, ScanBacklog, UploadGuard, answers, held_now
from parvis.requests.host import Host
from parvis.requests.plugin_away import PluginBacklog, waiting
from parvis.web.panels import tried
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


GATHERING_PATIENCE = 5.0
KEPT = 30.0  # counting all requests is the one costly question


class DatabaseMeasures(Struct, frozen=True, kw_only=True):
    """Everything counted in the database at one moment."""

    deliveries: tuple[Number, ...]
    oldest: float
    clock_doubted: bool
    circuits: tuple[CircuitState, ...]
    chores: tuple[ChoreRun, ...]
    requests: tuple[StateCount, ...]
    guard: Guard
    waiting: tuple[PluginBacklog, ...]
    brought: tuple[Metric, ...] = ()


class MeasureSource(SlotItem, frozen=True, kw_only=True):
    """What a module counts for monitors, in the slot `operators.measures`; what breaks or takes long is left out."""

    families: Callable[[Host], Awaitable[Iterable[Metric]]]


class MeasureCollector:
    """Collects the measures of one application, one reading at a time."""

    def __init__(self, deployment: Deployment, sources: Iterable[MeasureSource] = ()) -> None:
        self.deployment = deployment
        self.sources = tuple(sources)
        self._one = asyncio.Lock()
        self._standing: tuple[StateCount, ...] = ()
        self._until = 0.0
        self._waiting: tuple[PluginBacklog, ...] = ()
        self._waiting_until = 0.0

    async def text(self, registry: CollectorRegistry) -> bytes:
        """The measures of a registry and of the database, as monitors read them."""
        async with self._one:
            gathered = await self._gather()
        here = CollectorRegistry()
        here.register(_Once(_families(self.deployment, gathered)))
        return generate_latest(registry) + generate_latest(here)

    async def _gather(self) -> DatabaseMeasures | None:
        try:
            async with asyncio.timeout(GATHERING_PATIENCE):
                waiting = await oldest()
                return DatabaseMeasures(
                    deliveries=await numbers(),
                    oldest=(clock.now() - waiting).total_seconds() if waiting else 0.0,
                    clock_doubted=(await standing(self.deployment.host.engine)).is_doubted,
                    circuits=await circuits.states(),
                    chores=await ran(),
                    requests=await self._count_requests(),
                    guard=await feel_guard(self.deployment.host),
                    waiting=await self.waiting(),
                    brought=await self._brought(),
                )
        except (TimeoutError, DatabaseTrouble):
            return None

    async def _brought(self) -> tuple[Metric, ...]:
        host, found = self.deployment.host, list[Metric]()
        for each in self.sources:
            if host.modules.anywhere(each.owner, host.jurisdictions.by_code.values()):
                done = await tried(each.owner, each.name, partial(each.families, host))
                found += done.value if isinstance(done, Success) else ()
        return tuple(found)

    async def waiting(self) -> tuple[PluginBacklog, ...]:
        """The open requests that wait for a plugin which is not there, as they were within the last half minute."""
        if time.monotonic() >= self._waiting_until:
            self._waiting = await waiting(self.deployment.plugins)
            self._waiting_until = time.monotonic() + KEPT
        return self._waiting

    async def _count_requests(self) -> tuple[StateCount, ...]:
        if time.monotonic() >= self._until:
            self._standing = await request_counts()
            self._until = time.monotonic() + KEPT
        return self._standing


class _Once(Collector):
    """Families made beforehand, as a registry wants them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self.families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self.families


def _families(deployment: Deployment, gathered: DatabaseMeasures | None) -> Iterator[Metric]:
    yield gauge("parvis_build", "The version that runs.", ("version",), [((__version__,), 1)])
    troubles = deployment.plugins.troubles
    severe = sum(trouble.severe for trouble in troubles)
    counted = [(("severe",), severe), (("complaint",), len(troubles) - severe)]
    yield gauge("parvis_plugin_troubles", "What is wrong with plugins.", ("kind",), counted)
    free = float(free_on_disk(deployment.settings.data))
    yield gauge("parvis_disk_free_bytes", "What is left of the disk of received files.", (), [((), free)])
    by_earlier = float(getattr(deployment.host.secret, "opened_before", 0))
    yield gauge("parvis_opened_by_earlier_key", "What this process opened by an earlier key.", (), [((), by_earlier)])
    yield gauge("parvis_database_up", "Whether the database answers.", (), [((), float(gathered is not None))])
    behind = seconds_behind(deployment.host.engine)
    known = [] if behind is None else [((), behind)]
    yield gauge("parvis_replica_behind_seconds", "How far the replica may be behind, where one answers.", (), known)
    if gathered is None:
        return
    yield gauge(
        "parvis_deliveries",
        "Deliveries that are not done, by subscriber and state.",
        ("subscriber", "state"),
        [((each.subscriber, each.state), each.count) for each in gathered.deliveries],
    )
    yield gauge(
        "parvis_delivery_oldest_seconds",
        "How long the oldest unfinished delivery has waited.",
        (),
        [((), gathered.oldest)],
    )
    yield gauge(
        "parvis_circuit_open",
        "Subscribers that failed the last time; 1 while they are left alone.",
        ("subscriber",),
        [((each.subscriber,), float(each.is_open)) for each in gathered.circuits],
    )
    doubted = float(gathered.clock_doubted)
    yield gauge("parvis_clock_in_doubt", "1 while what goes by the date stands still.", (), [((), doubted)])
    yield from gathered.brought
    held = gathered.guard.held
    waits = (clock.now() - held.oldest).total_seconds() if held.oldest else 0.0
    yield gauge("parvis_files_held", "Files that the antivirus has not seen yet.", (), [((), held.count)])
    yield gauge("parvis_file_held_oldest_seconds", "How long the oldest of them has waited.", (), [((), waits)])
    answers = float(gathered.guard.scanner != "away")
    yield gauge("parvis_antivirus_up", "Whether the antivirus answers, where there is one.", (), [((), answers)])
    keeps = float(gathered.guard.keeps)
    yield gauge("parvis_files_up", "Whether contents of files can be kept and read.", (), [((), keeps)])
    yield gauge(
        "parvis_requests_without_plugin",
        "Open requests whose plugin is gone, broken, or offers their type no more.",
        ("type", "plugin", "why"),
        [((each.type, each.plugin, each.why), each.count) for each in gathered.waiting],
    )
    yield gauge(
        "parvis_requests",
        "Requests by jurisdiction and state.",
        ("jurisdiction", "state"),
        [((each.jurisdiction, each.state), each.count) for each in gathered.requests],
    )
    yield gauge(
        "parvis_chore_last_run_timestamp_seconds",
        "When each chore of the workers last ran.",
        ("chore",),
        [((each.name,), each.ran_at.timestamp()) for each in gathered.chores if each.ran_at],
    )


def gauge(
    name: str, help: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    """One family of measures, with a value for each of its labels."""
    family = GaugeMetricFamily(name, help, labels=labels)
    for value in values:
        family.add_metric(value[0], value[1])
    return family


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNMATCHED = "unmatched"


class Measures:
    """The measures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.began = clock.now()
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "parvis_http_requests",
            "Answers, by method, pattern of the path and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "parvis_http_request_seconds",
            "Seconds until the answer began, by pattern of the path.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.database_errors = Counter(
            "parvis_database_errors",
            "Answers that could not be given because of the database, by kind of trouble.",
            ("kind",),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self._found: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answer, as it was begun; also what was refused, and what nobody knows."""
        requests, lasting = self._series(method if method in METHODS else "other", route or UNMATCHED, status)
        requests.inc()
        lasting.observe(seconds)

    def _series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Those of one method, route and status: the registry looks them up slowly."""
        found = self._found.get((method, route, status))
        if found is None:
            found = self.requests.labels(method, route, str(status)), self.seconds.labels(route)
            self._found[method, route, status] = found
        return found
