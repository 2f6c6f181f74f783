"""Measures of other systems, for monitors."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from parvis import clock
from parvis.requests.host import Host
from parvis.web.operators.measures import Gauge, MeasureSource
from parvis_connectors.plugin_chores import resting_here
from parvis_connectors.plugin_days import usages
from parvis_connectors.standing import ConnectorStatus, standings

APART = ("resting", "paused")


async def families(host: Host) -> Iterable[Gauge]:
    """How each connector stands now, which chores rest, which plugins are beyond their budget."""
    resting = [((each.name,), 1.0) for each in await resting_here(host)]
    beyond = [((each.plugin, of), 1.0) for each in await usages(host) for of in each.beyond]
    return (
        *_families(await standings(host)),
        Gauge("parvis_plugin_beyond_budget", "1 while a plugin uses more than it may.", ("plugin", "of"), beyond),
        Gauge("parvis_plugin_chore_resting", "1 while a chore of a plugin rests.", ("chore",), resting),
    )


def _families(standings: Iterable[ConnectorStatus]) -> Iterator[Gauge]:
    """Every connector in every family, so that one that is silent is told from one that is gone."""
    now = clock.now()
    told = [(each.connector.name, each) for each in standings]

    def each_of(name: str, help: str, value: Callable[[ConnectorStatus], float]) -> Gauge:
        values = [((connector,), value(each)) for connector, each in told]
        return Gauge(f"parvis_connector_{name}", help, ("connector",), values)

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
    yield Gauge("parvis_connector_poll_age_seconds", "How long ago a poll last went well.", ("connector",), polled)
    yield Gauge("parvis_connector_poll_failures", "Polls in a row that failed.", ("connector",), failing)


MEASURES = MeasureSource(slot="operators.measures", name="connectors", families=families)
