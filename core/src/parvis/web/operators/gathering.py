"""Measures that lie in the database (deliveries, circuits, requests, chores), read when a monitor collects them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parvis import __version__, clock
from parvis.composition import Host
from parvis.connectors import standing as connected
from parvis.db import DatabaseTrouble
from parvis.installation import ChoreRun, StateCount, ran, standing
from parvis.outbox import Number, circuits, numbers, oldest
from parvis.outbox.circuits import CircuitState
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.plugin_away import PluginBacklog, waiting
from parvis.web.operators.pulse import Guard, feel_guard

PATIENCE = 5.0
APART = ("resting", "paused")
KEPT = 30.0  # counting all requests is the one costly question


class DatabaseMeasures(Struct, frozen=True, kw_only=True):
    """Everything counted in the database at one moment."""

    deliveries: tuple[Number, ...]
    oldest: float
    circuits: tuple[CircuitState, ...]
    chores: tuple[ChoreRun, ...]
    requests: tuple[StateCount, ...]
    connectors: tuple[connected.ConnectorStatus, ...]
    guard: Guard
    waiting: tuple[PluginBacklog, ...]


class MeasureCollector:
    """Reads for one application, one reading at a time."""

    def __init__(self, host: Host) -> None:
        self.host = host
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
        here.register(_Once(_families(self.host, gathered)))
        return generate_latest(registry) + generate_latest(here)

    async def _gather(self) -> DatabaseMeasures | None:
        try:
            async with asyncio.timeout(PATIENCE):
                waiting = await oldest()
                return DatabaseMeasures(
                    deliveries=await numbers(),
                    oldest=(clock.now() - waiting).total_seconds() if waiting else 0.0,
                    circuits=await circuits.states(),
                    chores=await ran(),
                    requests=await self._count_requests(),
                    connectors=await connected.standings(self.host.heart),
                    guard=await feel_guard(self.host.heart.of(UploadGuard).scanner),
                    waiting=await self.waiting(),
                )
        except (TimeoutError, DatabaseTrouble):
            return None

    async def waiting(self) -> tuple[PluginBacklog, ...]:
        """The open requests that wait for a plugin which is not there, as they were within the last half minute."""
        if time.monotonic() >= self._waiting_until:
            self._waiting = await waiting(self.host.house)
            self._waiting_until = time.monotonic() + KEPT
        return self._waiting

    async def _count_requests(self) -> tuple[StateCount, ...]:
        if time.monotonic() >= self._until:
            self._standing = await standing()
            self._until = time.monotonic() + KEPT
        return self._standing


class _Once(Collector):
    """Families made beforehand, as a registry wants them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self.families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self.families


def _families(host: Host, gathered: DatabaseMeasures | None) -> Iterator[Metric]:
    yield _gauge("parvis_build", "The version that runs.", ("version",), [((__version__,), 1)])
    troubles = host.house.troubles
    severe = sum(trouble.severe for trouble in troubles)
    counted = [(("severe",), severe), (("complaint",), len(troubles) - severe)]
    yield _gauge("parvis_plugin_troubles", "What is wrong with plugins.", ("kind",), counted)
    yield _gauge("parvis_database_up", "Whether the database answers.", (), [((), float(gathered is not None))])
    if gathered is None:
        return
    yield _gauge(
        "parvis_deliveries",
        "Deliveries that are not done, by subscriber and state.",
        ("subscriber", "state"),
        [((each.subscriber, each.state), each.count) for each in gathered.deliveries],
    )
    yield _gauge(
        "parvis_delivery_oldest_seconds",
        "How long the oldest unfinished delivery has waited.",
        (),
        [((), gathered.oldest)],
    )
    yield _gauge(
        "parvis_circuit_open",
        "Subscribers that failed the last time; 1 while they are left alone.",
        ("subscriber",),
        [((each.subscriber,), float(each.is_open)) for each in gathered.circuits],
    )
    yield from _connected(gathered.connectors)
    held = gathered.guard.held
    waits = (clock.now() - held.oldest).total_seconds() if held.oldest else 0.0
    yield _gauge("parvis_files_held", "Files that the antivirus has not seen yet.", (), [((), held.count)])
    yield _gauge("parvis_file_held_oldest_seconds", "How long the oldest of them has waited.", (), [((), waits)])
    answers = float(gathered.guard.scanner != "away")
    yield _gauge("parvis_antivirus_up", "Whether the antivirus answers, where there is one.", (), [((), answers)])
    yield _gauge(
        "parvis_requests_without_plugin",
        "Open requests whose plugin is gone, broken, or offers their type no more.",
        ("type", "plugin", "why"),
        [((each.type, each.plugin, each.why), each.count) for each in gathered.waiting],
    )
    yield _gauge(
        "parvis_requests",
        "Requests by jurisdiction and state.",
        ("jurisdiction", "state"),
        [((each.jurisdiction, each.state), each.count) for each in gathered.requests],
    )
    yield _gauge(
        "parvis_chore_last_run_timestamp_seconds",
        "When each chore of the workers last ran.",
        ("chore",),
        [((each.name,), each.ran_at.timestamp()) for each in gathered.chores if each.ran_at],
    )


def _connected(standings: Iterable[connected.ConnectorStatus]) -> Iterator[Metric]:
    """Every connector in every family, so that one that is silent is told from one that is gone."""
    now = clock.now()
    told = [(each.connector.name, each) for each in standings]

    def each_of(name: str, help: str, value: Callable[[connected.ConnectorStatus], float]) -> Metric:
        values = [((connector,), value(each)) for connector, each in told]
        return _gauge(f"parvis_connector_{name}", help, ("connector",), values)

    def age(at: datetime | None) -> float:
        return (now - at).total_seconds() if at else 0.0

    yield each_of("open", "1 while a connector is left alone or paused.", lambda each: each.weather in APART)
    yield each_of("waiting", "Deliveries that wait for a connector.", lambda each: each.waiting + each.postponed)
    yield each_of("oldest_seconds", "How long the oldest of them has waited.", lambda each: age(each.oldest))
    yield each_of("done_last_hour", "Deliveries done in the last hour.", lambda each: each.done)
    yield each_of("dead", "Deliveries given up.", lambda each: each.dead)
    yield each_of("strays", "News that nobody could place.", lambda each: each.strays)
    polls = [((name,), each.reading) for name, each in told if each.reading and each.connector.changes]
    polled = [(name, age(reading.polled_at)) for name, reading in polls if not reading.failures]
    failing = [(name, float(reading.failures)) for name, reading in polls]
    yield _gauge("parvis_connector_poll_age_seconds", "How long ago a poll last went well.", ("connector",), polled)
    yield _gauge("parvis_connector_poll_failures", "Polls in a row that failed.", ("connector",), failing)


def _gauge(
    name: str, help: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=labels)
    for value in values:
        family.add_metric(value[0], value[1])
    return family
