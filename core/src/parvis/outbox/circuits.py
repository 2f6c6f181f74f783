"""Circuits: when to try again, when a subscriber is left alone, and then asked with one delivery."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, held
from parvis.db.tables import Circuit
from parvis.troubles import Trouble, kept, read_back


class Backoff(Struct, frozen=True, kw_only=True):
    """Exponential back-off with jitter and a maximum number of attempts: the first wait, the longest, the attempts."""

    first: timedelta
    longest: timedelta
    tries: int


OUTSIDE = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=80)
"""For another system that is away: about three days, so that a weekend loses nothing."""

OWN_FAULT = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=12)
"""For a handler that fails by itself: about four hours, then a person must look."""

BLOCKING = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=2)
"""For a handler that blocks: once it may have been the moment, twice it is the handler."""

LONGEST_ASKED = timedelta(days=1)
"""What the other side may ask us to wait; beyond that we knock once a day."""


def next_try(
    attempts: int,
    *,
    now: datetime,
    luck: float,
    retry_after: timedelta | None = None,
    patience: Backoff = OUTSIDE,
) -> datetime | None:
    """The time of the next try after `attempts` failed ones, or None to give up.

    `luck`, the jitter (0 to 1), spreads the tries over the second half of the wait; a time asked for is respected.
    """
    if attempts >= patience.tries:
        return None
    doublings = min(max(attempts, 1) - 1, 30)
    wait = min(patience.first * (1 << doublings), patience.longest)
    wait = wait / 2 + wait / 2 * luck
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_ASKED) * (1 + luck / 10))
    return now + wait


FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
TROUBLED = (Circuit.failures > 0) | Circuit.failing_since.is_not_null()


class CircuitState(Struct, frozen=True, kw_only=True):
    """How one subscriber has been doing; `open_until` is set while it is left alone, `paused_since` while it is paused.

    `failing_since` is the first failure since the last success.
    """

    subscriber: str
    failures: int
    open_until: datetime | None
    last_trouble: Trouble | None
    changed_at: datetime
    failing_since: datetime | None = None
    paused_since: datetime | None = None
    paused_why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether deliveries wait, or only one of them is tried as a probe."""
        return self.open_until is not None


def pause_after(failures: int) -> timedelta | None:
    """How long to leave a subscriber alone after so many failures in a row; None while it may still go on."""
    if failures < FAILURES:
        return None
    return min(FIRST_PAUSE * (1 << min(failures - FAILURES, 20)), LONGEST_PAUSE)


async def states() -> tuple[CircuitState, ...]:
    """Every subscriber that failed the last time it was asked."""
    rows = await Circuit.select().where(Circuit.failures > 0).order_by(Circuit.subscriber)
    return tuple(_state(row) for row in rows)


async def pauses() -> dict[str, CircuitState]:
    """Every subscriber that is paused."""
    rows = await Circuit.select().where(Circuit.paused_since.is_not_null())
    return {row["subscriber"]: _state(row) for row in rows}


async def troubled(subscribers: Collection[str]) -> frozenset[str]:
    """Those of these that are paused, or that failed the last time they were asked."""
    if not subscribers:
        return frozenset()
    bad = Circuit.subscriber.is_in(list(subscribers)) & (TROUBLED | Circuit.paused_since.is_not_null())
    rows = await Circuit.select(Circuit.subscriber).where(bad)
    return frozenset(row["subscriber"] for row in rows)


class CircuitPermits(Struct, frozen=True, kw_only=True):
    """Who may be asked freely, to whom one probe may go, and who failed the last time."""

    freely: frozenset[str]
    probes: frozenset[str]
    failing: frozenset[str]


async def allowed(engine: Engine, subscribers: Iterable[str], now: datetime) -> CircuitPermits:
    """Inside a transaction: which of these subscribers may be asked now."""
    names = list(subscribers)
    troubled = Circuit.select(Circuit.subscriber, Circuit.open_until, Circuit.paused_since).where(
        Circuit.subscriber.is_in(names) & (TROUBLED | Circuit.paused_since.is_not_null())
    )
    rows = await held(troubled, engine)
    paused = {row["subscriber"] for row in rows if row["paused_since"] is not None}
    until = {row["subscriber"]: row["open_until"] for row in rows if row["subscriber"] not in paused}
    return CircuitPermits(
        freely=frozenset(name for name in names if name not in paused and until.get(name) is None),
        probes=frozenset(name for name, end in until.items() if end is not None and end <= now),
        failing=frozenset(until),
    )


async def probing(subscribers: Iterable[str], *, until: datetime) -> None:
    """Inside a transaction: a probe is on its way to these; no other before it is answered or its lease has passed."""
    if names := list(subscribers):
        await Circuit.update({Circuit.open_until: until}).where(Circuit.subscriber.is_in(names))


async def failed(engine: Engine, subscriber: str, trouble: Trouble, *, is_probe: bool = False) -> datetime:
    """Inside a transaction: one more failure in a row; since when there are failures and no success.

    What was under way when the circuit opened does not count again.
    """
    now = clock.now()
    before = await _locked(engine, subscriber)
    since = before.failing_since or now
    if before.open_until is not None and before.open_until > now and not is_probe:
        return since
    failures = before.failures + 1
    pause = pause_after(failures)
    await Circuit.update(
        {
            Circuit.failures: failures,
            Circuit.open_until: None if pause is None else now + pause,
            Circuit.last_trouble: kept(trouble),
            Circuit.changed_at: now,
            Circuit.failing_since: since,
        }
    ).where(Circuit.subscriber == subscriber)
    return since


async def succeeded(subscribers: Iterable[str]) -> None:
    """Inside a transaction: these answered; whatever failed before is over."""
    if names := list(subscribers):
        await Circuit.update(
            {
                Circuit.failures: 0,
                Circuit.open_until: None,
                Circuit.failing_since: None,
                Circuit.changed_at: clock.now(),
            }
        ).where(Circuit.subscriber.is_in(names) & TROUBLED)


async def closed(subscribers: Iterable[str]) -> None:
    """Inside a transaction: a person wants these asked at once; since when they have been failing stays known."""
    if names := list(subscribers):
        await Circuit.update({Circuit.failures: 0, Circuit.open_until: None, Circuit.changed_at: clock.now()}).where(
            Circuit.subscriber.is_in(names) & (Circuit.failures > 0)
        )


async def pause(engine: Engine, subscriber: str, why: str) -> bool:
    """Inside a transaction: ask this one nothing until it is resumed; False when it is paused already."""
    before = await _locked(engine, subscriber)
    if before.paused_since is not None:
        return False
    now = clock.now()
    await Circuit.update({Circuit.paused_since: now, Circuit.paused_why: why[:2000], Circuit.changed_at: now}).where(
        Circuit.subscriber == subscriber
    )
    return True


async def resume(subscriber: str) -> bool:
    """Inside a transaction: ask it again, as if it had never failed; False when it was not paused."""
    resumed = (
        await Circuit.update(
            {
                Circuit.paused_since: None,
                Circuit.paused_why: "",
                Circuit.failures: 0,
                Circuit.open_until: None,
                Circuit.failing_since: None,
                Circuit.changed_at: clock.now(),
            }
        )
        .where((Circuit.subscriber == subscriber) & Circuit.paused_since.is_not_null())
        .returning(Circuit.subscriber)
    )
    return bool(resumed)


def _state(row: dict[str, Any]) -> CircuitState:
    return CircuitState(**{**row, "last_trouble": read_back(row["last_trouble"])})


async def _locked(engine: Engine, subscriber: str) -> CircuitState:
    fresh = Circuit(subscriber=subscriber, failures=0, open_until=None, last_trouble="", changed_at=clock.now())
    await Circuit.insert(fresh).on_conflict(target=Circuit.subscriber, action="DO NOTHING")
    rows = await held(Circuit.select().where(Circuit.subscriber == subscriber), engine)
    return _state(rows[0])
