"""How every connector stands: its circuit, what waits and since when, its polls, and the news that nobody placed."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from piccolo.columns.combination import WhereRaw
from piccolo.query.functions import Count, Min

from parvis import clock
from parvis.db.tables import Delivery
from parvis.outbox import circuits, numbers
from parvis.outbox.deliveries import CONNECTOR, UNFINISHED
from parvis.requests.host import Host
from parvis.troubles import Trouble
from parvis_connectors.polling import PollState, readings
from parvis_connectors.unmatched_updates import count_open
from parvis_sdk.connectors import Connector

Weather = Literal["well", "failing", "resting", "paused"]
RATE = timedelta(hours=1)


class ConnectorStatus(Struct, frozen=True, kw_only=True):
    """One connector today. `resting` is a circuit that is open; `done` counts the last hour.

    `paused` is not asked until a person resumes it, `paused_why` what somebody said, empty where it paused by itself;
    `failing_since` is the first failure since the last success.
    """

    connector: Connector
    plugin: str
    weather: Weather
    open_until: datetime | None
    failures: int
    last_trouble: Trouble | None
    waiting: int
    postponed: int
    dead: int
    done: int
    oldest: datetime | None
    strays: int
    reading: PollState | None
    paused_since: datetime | None = None
    paused_why: str = ""
    failing_since: datetime | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether something is left to do for a person."""
        return bool(self.dead or self.strays or self.paused_since)


async def standings(host: Host) -> tuple[ConnectorStatus, ...]:
    """Every connector that is installed, by name; in as many queries however many there are."""
    open_circuits = {each.subscriber: each for each in await circuits.states()}
    counted = {(each.subscriber, each.state): each.count for each in await numbers()}
    oldest, done = await _oldest_by_subscriber(), await _done_since(clock.now() - RATE)
    pauses = await circuits.pauses()
    polls, strays = await readings(), await count_open()
    found = []
    for name, connector in sorted(host.plugins.connectors.items()):
        subscriber = f"{CONNECTOR}{name}"
        circuit, pause = open_circuits.get(subscriber), pauses.get(subscriber)
        brings = host.plugins.connected_by(name)
        waiting = counted.get((subscriber, "waiting"), 0) + counted.get((subscriber, "claimed"), 0)
        found.append(
            ConnectorStatus(
                connector=connector,
                plugin=brings.name if brings else "",
                weather=_weather(circuit, paused=pause is not None),
                open_until=circuit.open_until if circuit else None,
                failures=circuit.failures if circuit else 0,
                last_trouble=circuit.last_trouble if circuit else None,
                waiting=waiting,
                postponed=counted.get((subscriber, "postponed"), 0),
                dead=counted.get((subscriber, "dead"), 0),
                done=done.get(subscriber, 0),
                oldest=oldest.get(subscriber),
                strays=strays.get(name, 0),
                reading=polls.get(name),
                paused_since=pause.paused_since if pause else None,
                paused_why=pause.paused_why if pause else "",
                failing_since=known.failing_since if (known := pause or circuit) else None,
            )
        )
    return tuple(found)


def _weather(circuit: circuits.CircuitState | None, *, paused: bool) -> Weather:
    if paused:
        return "paused"
    if circuit is None:
        return "well"
    return "resting" if circuit.is_open else "failing"


async def _done_since(moment: datetime) -> dict[str, int]:
    """How many deliveries of each subscriber were done since then."""
    rows = (
        await Delivery.select(Delivery.subscriber, Count(alias="count"))
        .where((Delivery.state == "done") & (Delivery.done_at >= moment))
        .group_by(Delivery.subscriber)
    )
    return {row["subscriber"]: int(row["count"]) for row in rows}


async def _oldest_by_subscriber() -> dict[str, datetime]:
    """Since when the oldest unfinished delivery of each subscriber waits."""
    rows = (
        await Delivery.select(Delivery.subscriber, Min(Delivery.made_at, alias="at"))
        .where(WhereRaw(UNFINISHED))
        .group_by(Delivery.subscriber)
    )
    # SQLite answers an aggregate over times with text.
    found = {row["subscriber"]: row["at"] for row in rows if row["at"] is not None}
    return {name: datetime.fromisoformat(at) if isinstance(at, str) else at for name, at in found.items()}
