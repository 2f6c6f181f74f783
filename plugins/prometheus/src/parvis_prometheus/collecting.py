"""What a monitor reads: answers that were counted, and what lies in the database at that moment."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct, structs
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parvis import __version__, clock
from parvis.composition import Deployment
from parvis.db import DatabaseTrouble
from parvis.db.engines import seconds_behind
from parvis.installation import ChoreRun, StateCount, ran
from parvis.installation import standing as request_counts
from parvis.outbox import Number, circuits, numbers, oldest
from parvis.outbox.circuits import CircuitState
from parvis.outbox.clock_watch import standing
from parvis.plugins.trying import Success
from parvis.requests.plugin_away import PluginBacklog
from parvis.web.operators.measures import Gauge, Guard, MeasureSource, PluginWaits, feel_guard, free_on_disk
from parvis.web.panels import tried

GATHERING_PATIENCE = 5.0
TOWN = "jurisdiction"
OF_NO_TOWN = frozenset(
    {
        "parvis_build",
        "parvis_disk_free_bytes",
        "parvis_database_up",
        "parvis_replica_behind_seconds",
        "parvis_clock_in_doubt",
        "parvis_antivirus_up",
        "parvis_files_up",
        "parvis_chore_last_run_timestamp_seconds",
    }
)
"""Measures of the machine and of its work, which count nothing of a town."""
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
    brought: tuple[Gauge, ...] = ()


class MeasureCollector:
    """Collects the measures of one application, one reading at a time."""

    def __init__(self, deployment: Deployment, sources: Iterable[MeasureSource] = ()) -> None:
        self.deployment = deployment
        self.sources = tuple(sources)
        self._one = asyncio.Lock()
        self._standing: tuple[StateCount, ...] = ()
        self._until = 0.0

    async def text(self, registry: CollectorRegistry) -> bytes:
        """The measures of a registry and of the database, as monitors read them."""
        return generate_latest(registry) + _text(await self._families())

    async def text_of_town(self, town: str) -> bytes:
        """What a monitor of one town among several reads: the measures of no town, and those that name it."""
        return _text(_of_town(await self._families(), town))

    async def _families(self) -> Iterable[Gauge]:
        async with self._one:
            gathered = await self._gather()
        return _families(self.deployment, gathered)

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
                    waiting=await self.deployment.host.of(PluginWaits).now(self.deployment.plugins),
                    brought=await self._brought(),
                )
        except (TimeoutError, DatabaseTrouble):
            return None

    async def _brought(self) -> tuple[Gauge, ...]:
        host, found = self.deployment.host, list[Gauge]()
        for each in self.sources:
            if host.modules.anywhere(each.owner, host.jurisdictions.by_code.values()):
                done = await tried(each.owner, each.name, partial(each.families, host))
                found += done.value if isinstance(done, Success) else ()
        return tuple(found)

    async def _count_requests(self) -> tuple[StateCount, ...]:
        if time.monotonic() >= self._until:
            self._standing = await request_counts()
            self._until = time.monotonic() + KEPT
        return self._standing


class _Once(Collector):
    """Figures taken beforehand, as a registry wants them."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self.families = tuple(_family(each) for each in gauges)

    def collect(self) -> Iterable[Metric]:
        return self.families


def _text(gauges: Iterable[Gauge]) -> bytes:
    here = CollectorRegistry()
    here.register(_Once(gauges))
    return generate_latest(here)


def _of_town(gauges: Iterable[Gauge], town: str) -> Iterator[Gauge]:
    """Gauges that tell nothing of any town, and of those with a label for it the values of this one."""
    for each in gauges:
        if each.name in OF_NO_TOWN:
            yield each
        elif TOWN in each.labels:
            place = each.labels.index(TOWN)
            values = [(labels, value) for labels, value in each.values if labels[place] == town]
            yield structs.replace(each, values=values)


def _family(each: Gauge) -> GaugeMetricFamily:
    family = GaugeMetricFamily(each.name, each.help, labels=each.labels)
    for labels, value in each.values:
        family.add_metric(labels, value)
    return family


def _families(deployment: Deployment, gathered: DatabaseMeasures | None) -> Iterator[Gauge]:
    yield Gauge("parvis_build", "The version that runs.", ("version",), [((__version__,), 1)])
    troubles = deployment.plugins.troubles
    severe = sum(trouble.severe for trouble in troubles)
    counted = [(("severe",), severe), (("complaint",), len(troubles) - severe)]
    yield Gauge("parvis_plugin_troubles", "What is wrong with plugins.", ("kind",), counted)
    free = float(free_on_disk(deployment.settings.data))
    yield Gauge("parvis_disk_free_bytes", "What is left of the disk of received files.", (), [((), free)])
    by_earlier = float(getattr(deployment.host.secret, "opened_before", 0))
    yield Gauge("parvis_opened_by_earlier_key", "What this process opened by an earlier key.", (), [((), by_earlier)])
    yield Gauge("parvis_database_up", "Whether the database answers.", (), [((), float(gathered is not None))])
    behind = seconds_behind(deployment.host.engine)
    known = [] if behind is None else [((), behind)]
    yield Gauge("parvis_replica_behind_seconds", "How far the replica may be behind, where one answers.", (), known)
    if gathered is None:
        return
    yield Gauge(
        "parvis_deliveries",
        "Deliveries that are not done, by subscriber and state.",
        ("subscriber", "state"),
        [((each.subscriber, each.state), each.count) for each in gathered.deliveries],
    )
    yield Gauge(
        "parvis_delivery_oldest_seconds",
        "How long the oldest unfinished delivery has waited.",
        (),
        [((), gathered.oldest)],
    )
    yield Gauge(
        "parvis_circuit_open",
        "Subscribers that failed the last time; 1 while they are left alone.",
        ("subscriber",),
        [((each.subscriber,), float(each.is_open)) for each in gathered.circuits],
    )
    doubted = float(gathered.clock_doubted)
    yield Gauge("parvis_clock_in_doubt", "1 while what goes by the date stands still.", (), [((), doubted)])
    yield from gathered.brought
    held = gathered.guard.held
    waits = (clock.now() - held.oldest).total_seconds() if held.oldest else 0.0
    yield Gauge("parvis_files_held", "Files that the antivirus has not seen yet.", (), [((), held.count)])
    yield Gauge("parvis_file_held_oldest_seconds", "How long the oldest of them has waited.", (), [((), waits)])
    answers = float(gathered.guard.scanner != "away")
    yield Gauge("parvis_antivirus_up", "Whether the antivirus answers, where there is one.", (), [((), answers)])
    keeps = float(gathered.guard.keeps)
    yield Gauge("parvis_files_up", "Whether contents of files can be kept and read.", (), [((), keeps)])
    yield Gauge(
        "parvis_requests_without_plugin",
        "Open requests whose plugin is gone, broken, or offers their type no more.",
        ("type", "plugin", "why"),
        [((each.type, each.plugin, each.why), each.count) for each in gathered.waiting],
    )
    yield Gauge(
        "parvis_requests",
        "Requests by jurisdiction and state.",
        ("jurisdiction", "state"),
        [((each.jurisdiction, each.state), each.count) for each in gathered.requests],
    )
    yield Gauge(
        "parvis_chore_last_run_timestamp_seconds",
        "When each chore of the workers last ran.",
        ("chore",),
        [((each.name,), each.ran_at.timestamp()) for each in gathered.chores if each.ran_at],
    )
