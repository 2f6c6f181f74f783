"""What an operator sees of the outbox and may do with it: counts, lists, use, reviving, skipping, pausing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from piccolo.columns.combination import And, Or, Where, WhereRaw
from piccolo.query.functions import Count, Min

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.tables import Delivery, Memory
from parvis.outbox import circuits
from parvis.outbox.circuits import OUTSIDE
from parvis.outbox.deliveries import CONNECTOR, STATES, UNFINISHED, DeliveryState
from parvis.troubles import Trouble, kept, only_words, read_back
from parvis_sdk.text import Text

Condition = Where | WhereRaw | And | Or


class Counts(Struct, frozen=True, kw_only=True):
    """How many deliveries stand where, and since when the oldest unfinished one waits."""

    waiting: int = 0
    claimed: int = 0
    postponed: int = 0
    done: int = 0
    dead: int = 0
    skipped: int = 0
    oldest: datetime | None = None


class Line(Struct, frozen=True, kw_only=True):
    """One delivery as a list shows it: without the event's words."""

    id: UUID
    reference: str
    subscriber: str
    event: str
    state: DeliveryState
    attempts: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    trouble: Trouble | None
    external_reference: str


class Number(Struct, frozen=True, kw_only=True):
    """One measure: so many deliveries of a subscriber in a state. Those done are not counted, there are too many."""

    subscriber: str
    state: DeliveryState
    count: int


async def counts() -> Counts:
    """The whole outbox in six numbers."""
    rows = await Delivery.select(Delivery.state, Count(alias="many")).group_by(Delivery.state)
    numbers = {row["state"]: row["many"] for row in rows if row["state"] in STATES}
    return Counts(**numbers, oldest=await oldest())


async def oldest() -> datetime | None:
    """Since when the oldest unfinished delivery waits."""
    rows = await Delivery.select(Min(Delivery.made_at, alias="at")).where(WhereRaw(UNFINISHED))
    return _instant(rows[0]["at"])


async def numbers() -> tuple[Number, ...]:
    """What a metrics page publishes, by subscriber and state."""
    rows = (
        await Delivery.select(Delivery.subscriber, Delivery.state, Count(alias="count"))
        .where(Delivery.state.is_in(["waiting", "claimed", "postponed", "dead"]))
        .group_by(Delivery.subscriber, Delivery.state)
        .order_by(Delivery.subscriber, Delivery.state)
    )
    return tuple(Number(**row) for row in rows)


async def listing(
    states: Sequence[DeliveryState] = ("dead", "postponed", "waiting", "claimed"),
    *,
    subscriber: str = "",
    reference: str = "",
    before: UUID | None = None,
    limit: int = 50,
) -> tuple[Line, ...]:
    """Deliveries in these states, newest first; `before` is the id of the last line of the page before."""
    chosen: Condition = Delivery.state.is_in(list(states))
    if tuple(states) == ("done",) and not subscriber:
        # Nearly all are done: reading back from the newest beats sorting what the index of states would find.
        chosen = WhereRaw("(state || '') = 'done'")
    if subscriber:
        chosen = chosen & (Delivery.subscriber == subscriber)
    if reference:
        chosen = chosen & (Delivery.reference == reference)
    if before is not None:
        chosen = chosen & (Delivery.id < before)
    columns = [getattr(Delivery, name) for name in Line.__struct_fields__]
    rows = await Delivery.select(*columns).where(chosen).order_by(Delivery.id, ascending=False).limit(limit)
    return tuple(_line(row) for row in rows)


async def line(id: UUID) -> Line | None:
    """One delivery."""
    columns = [getattr(Delivery, name) for name in Line.__struct_fields__]
    row = await Delivery.select(*columns).where(Delivery.id == id).first()
    return _line(row) if row else None


async def references_of(ids: Collection[UUID]) -> frozenset[str]:
    """The requests that these deliveries are about; one statement."""
    if not ids:
        return frozenset()
    rows = await Delivery.select(Delivery.reference).where(Delivery.id.is_in(list(ids)))
    return frozenset(row["reference"] for row in rows if row["reference"])


async def revive(engine: Engine, id: UUID) -> bool:
    """Try this dead or postponed delivery now, with all its tries back; False when it is neither."""
    return bool(await _revive(engine, Delivery.state.is_in(["dead", "postponed"]) & (Delivery.id == id)))


async def revive_all(engine: Engine, *, subscriber: str = "", since: datetime | None = None) -> int:
    """Try all dead deliveries now, those of one subscriber, or those made since a time."""
    return await _revive(engine, _dead(subscriber, since))


async def count_dead(*, subscriber: str = "", since: datetime | None = None) -> int:
    """How many `revive_all` would try."""
    return int(await Delivery.count().where(_dead(subscriber, since)))


def _dead(subscriber: str, since: datetime | None) -> Condition:
    chosen: Condition = Delivery.state == "dead"
    if subscriber:
        chosen = chosen & (Delivery.subscriber == subscriber)
    if since is not None:
        chosen = chosen & (Delivery.made_at >= since)
    return chosen


async def skip(engine: Engine, id: UUID, reason: str) -> bool:
    """Give this delivery up for good, with a reason; those behind it go on. False when it is done or under way."""
    async with transaction(engine):
        open_ones = Delivery.state.is_in(["waiting", "postponed", "dead"]) & (Delivery.id == id)
        changed: dict[Any, Any] = {
            Delivery.state: "skipped",
            Delivery.trouble: kept(only_words(Text(fr=reason, en=reason))),
            Delivery.done_at: clock.now(),
        }
        rows = await Delivery.update(changed).where(open_ones).returning(Delivery.id, Delivery.subscriber)
        await _bring_forward({row["subscriber"] for row in rows})
    return bool(rows)


async def _revive(engine: Engine, chosen: Condition) -> int:
    changed: dict[Any, Any] = {
        Delivery.state: "waiting",
        Delivery.attempts: 0,
        Delivery.blocked: 0,
        Delivery.due_at: clock.now(),
    }
    async with transaction(engine):
        rows = await Delivery.update(changed).where(chosen).returning(Delivery.id, Delivery.subscriber)
        subscribers = {row["subscriber"] for row in rows}
        await circuits.closed(subscribers)
        await _bring_forward(subscribers)
    return len(rows)


async def _bring_forward(subscribers: Collection[str]) -> None:
    """In a transaction: what was put off behind another delivery is looked at again; what is still behind one waits."""
    now = clock.now()
    if subscribers:
        put_off = (Delivery.state == "waiting") & (Delivery.due_at > now)
        chosen = Delivery.subscriber.is_in(list(subscribers)) & put_off & WhereRaw(UNFINISHED)
        await Delivery.update({Delivery.due_at: now}).where(chosen)


def _line(row: dict[str, Any]) -> Line:
    event = msgspec.json.decode(row["event"])["event"]
    return Line(**{**row, "event": event, "trouble": read_back(row["trouble"])})


def _instant(value: Any) -> datetime | None:
    """SQLite answers an aggregate over times with text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


log = structlog.get_logger("parvis.outbox")


async def pause(engine: Engine, connector: str, why: str) -> bool:
    """Deliver nothing to it from now on; False when it is paused already."""
    async with transaction(engine):
        return await circuits.pause(engine, f"{CONNECTOR}{connector}", why)


async def pause_if_it_lasts(engine: Engine, connector: str, since: datetime, days: int) -> None:
    """In a transaction: pause it when it has been failing for so many days; the log tells, nobody gives a reason."""
    if clock.now() - since < timedelta(days=days):
        return
    if await circuits.pause(engine, f"{CONNECTOR}{connector}", ""):
        log.error("a connector is paused", connector=connector, failing_since=str(since), days=days)


async def resume(engine: Engine, connector: str) -> int | None:
    """Deliver to it again: what waited, and what was given up because it was away; None when it was not paused.

    What it refused stays as it is.
    """
    subscriber = f"{CONNECTOR}{connector}"
    changed: dict[Any, Any] = {Delivery.state: "waiting", Delivery.attempts: 0, Delivery.due_at: clock.now()}
    away = (Delivery.subscriber == subscriber) & (Delivery.state == "dead") & (Delivery.attempts >= OUTSIDE.tries)
    put_off = (Delivery.subscriber == subscriber) & Delivery.state.is_in(["waiting", "postponed"])
    async with transaction(engine):
        if not await circuits.resume(subscriber):
            return None
        await Delivery.update({Delivery.due_at: clock.now()}).where(put_off & WhereRaw(UNFINISHED))
        return len(await Delivery.update(changed).where(away).returning(Delivery.id))


DELIVERIES = """
SELECT subscriber, COUNT(*) AS deliveries, SUM(attempts) AS tries, SUM(COALESCE(blocked, 0)) AS blocked,
       SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS dead
FROM delivery WHERE made_at >= {} GROUP BY subscriber"""
REMEMBERED = "SELECT plugin, COUNT(*) AS kept, SUM(LENGTH(value)) AS characters FROM memory GROUP BY plugin"


class PluginUse(Struct, frozen=True, kw_only=True):
    """Deliveries made since a moment, tries of them, tries that blocked the worker, deliveries given up; and how many
    values are remembered, of how many characters together."""

    deliveries: int = 0
    tries: int = 0
    blocked: int = 0
    dead: int = 0
    kept: int = 0
    characters: int = 0


async def use_of_each(since: datetime) -> dict[str, PluginUse]:
    """By subscriber of deliveries, and by who something is remembered for."""
    told = {row.pop("subscriber"): _use(row) for row in await Delivery.raw(DELIVERIES, since)}
    kept = {row.pop("plugin"): _use(row) for row in await Memory.raw(REMEMBERED)}
    return {name: together((told.get(name), kept.get(name))) for name in (*told, *kept)}


def _use(row: dict[str, Any]) -> PluginUse:
    return PluginUse(**{name: int(value) for name, value in row.items()})


def together(uses: Iterable[PluginUse | None]) -> PluginUse:
    """The sum of several."""
    found = [each for each in uses if each is not None]
    return PluginUse(**{name: sum(getattr(each, name) for each in found) for name in PluginUse.__struct_fields__})


def use_by(names: Iterable[str], uses: Mapping[str, PluginUse]) -> PluginUse:
    """What the subscribers of one plugin use together."""
    return together(uses.get(name) for name in dict.fromkeys(names))
