"""Whether the clock can be trusted: compared with the database, with other processes and with what was trusted last.

A clock that jumps would let years pass at once: everything kept for its time would be destroyed, every promise broken,
every timer played. In doubt the chores that go by the date stop, and a person is asked. What was trusted last is a row
that every process moves on while its clock fits. A clock that comes back by itself needs nobody. A process that begins
far ahead of that moment listens first: somebody whose clock is right may be running beside it.
"""

import os
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.tables import Circuit, Delivery
from parvis.db.upkeep_tables import ClockReading
from parvis.outbox.circuits import LONGEST_ASKED
from parvis.outbox.deliveries import HEARTBEAT, UNFINISHED

log = structlog.get_logger("parvis.clock")

AHEAD = timedelta(hours=24)  # since the last trusted moment: a longer shutdown is asked about, a shorter one is not
BEHIND = timedelta(minutes=10)
APART = timedelta(minutes=10)  # between two clocks that run at the same time
FARTHEST = 2 * LONGEST_ASKED  # ahead of any moment to which a delivery, a circuit, a chore or a poll is put off
NOBODY = ""  # under this name stands what was trusted last
LISTENS_FOR = timedelta(minutes=5)  # a worker that is busy with one chore says nothing for so long
OLDEST_SHOWN = timedelta(days=1)
OLDEST_DOUBT = timedelta(hours=1)  # of the trusted moment: who was in doubt and says no more has ended
SAID_EVERY = timedelta(minutes=10)

Why = Literal["ahead", "behind", "jumped", "process", "database", "began"]


class Doubt(Struct, frozen=True, kw_only=True):
    """Why this process does not trust its clock: what it says, and what something else says."""

    why: Why
    now: datetime
    other: datetime

    def __str__(self) -> str:
        return (
            f"the clock says {self.now.isoformat(timespec='seconds')}, {NAMES[self.why]} "
            f"{self.other.isoformat(timespec='seconds')} · destruction, escalation, timers and whatever else goes by "
            "the date stand still · look at the clock, then run `parvis clock confirm`, or open Exploitation > Horloge"
        )


NAMES: Mapping[Why, str] = {
    "ahead": "the last trusted moment was",
    "behind": "the last trusted moment was",
    "jumped": "by the time that this process has run it should be",
    "process": "another process that runs now says",
    "database": "the database says",
    "began": "other processes may run, which this one listens for, and the last trusted moment was",
}


PutRight = Callable[[datetime, datetime], Awaitable[None]]
"""Inside a transaction, from now on: makes due what is due only after the second moment."""


class ClockSample(Struct, frozen=True, kw_only=True):
    """What the clock of one process said last."""

    process: str
    said_at: datetime
    doubt: str = ""


class ClockStatus(Struct, frozen=True, kw_only=True):
    """Everything that is known of the time: what a person compares before they confirm it."""

    now: datetime
    trusted: datetime | None
    doubt: Doubt | None
    database: datetime | None
    readings: tuple[ClockSample, ...] = ()
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def is_doubted(self) -> bool:
        """Whether this process, or a worker that reported lately, waits for a person."""
        return self.doubt is not None or any(each.doubt for each in self.readings)

    @property
    def away(self) -> timedelta:
        return self.now - self.trusted if self.trusted else timedelta()


class ClockWatch:
    """The watch of one process, which lives as long as it: it remembers how long it has run and who else was alive."""

    def __init__(self, engine: Engine, process: str = "", returns: Iterable[PutRight] = ()) -> None:
        self.engine = engine
        self.returns = tuple(returns)  # what others put right once it came back
        self.process = (process or f"{socket.gethostname()}:{os.getpid()}")[:80]
        self.began: tuple[datetime, timedelta] | None = None
        self.confirmed_at: datetime | None = None
        self.seen: dict[str, datetime] | None = None  # None before the first look
        self.listens_since: timedelta | None = clock.run_for()  # None once it need not listen any more
        self.differs_from: datetime | None = None  # what another one said that ran at the same time
        self.was_in_doubt = True  # what was written for a wrong time is put right at the first trusted look
        self.came_back = False  # at the last look
        self.said_at: timedelta | None = None

    async def look(self) -> Doubt | None:
        """Compare, write what this process says, and move the trusted moment on where the clock fits."""
        rows = await _rows()
        trusted = await _trusted(rows)
        now, doubt = clock.now(), await self._judge(rows, trusted)
        listens = doubt is not None and doubt.why == "began"
        async with transaction(self.engine):
            said = doubt.why if doubt and not listens else ""
            await _say(self.process, {"said_at": now, "doubt": said, "trusted_at": trusted})
            if doubt is None:
                await _say(NOBODY, {"said_at": now})
        if doubt is None:
            self.began = (now, clock.run_for())
            if self.was_in_doubt:
                await set_right(self.engine, now)
        self.came_back = doubt is None and self.was_in_doubt
        self.was_in_doubt = doubt is not None or self._others_doubt(rows, now)
        if doubt is not None and not listens:
            self._tell(doubt)
        return doubt

    async def _judge(self, rows: Mapping[str, dict[str, Any]], trusted: datetime | None) -> Doubt | None:
        now, run_for = clock.now(), clock.run_for()
        nobody = rows.get(NOBODY)
        if nobody and nobody["confirmed_at"] != self.confirmed_at:
            self.confirmed_at, self.began, self.differs_from = nobody["confirmed_at"], None, None
        began, self.began = self.began, self.began or (now, run_for)
        others = {
            name: row["said_at"]
            for name, row in rows.items()
            if name not in (NOBODY, self.process) and not row["doubt"]  # who doubts is no witness
        }
        is_apart = trusted is not None and abs(trusted - now) > APART
        self._listen(others, now, is_apart)
        if doubt := _against(trusted, now):
            return doubt
        if began is not None and not clock.is_moved():
            should_be = began[0] + (run_for - began[1])
            if abs(now - should_be) > APART:
                return Doubt(why="jumped", now=now, other=should_be)
        if self.differs_from is not None:
            return Doubt(why="process", now=now, other=self.differs_from)
        if self.listens_since is not None and trusted is not None:
            return Doubt(why="began", now=now, other=trusted)
        return await _against_database(self.engine, nobody, now)

    def _listen(self, others: Mapping[str, datetime], now: datetime, is_apart: bool) -> None:
        """Who spoke since the last look, or, while it listens, since the first one; remembered until clocks agree."""
        seen = self.seen
        spoke = [said for name, said in others.items() if seen is not None and seen.get(name) != said]
        if not is_apart or not others or clock.run_for() - (self.listens_since or timedelta()) > LISTENS_FOR:
            self.listens_since = None
        if seen is None or self.listens_since is None:
            self.seen = dict(others)
        if not is_apart:
            self.differs_from = None
        else:
            self.differs_from = next((said for said in spoke if abs(said - now) > APART), self.differs_from)

    def _others_doubt(self, rows: Mapping[str, dict[str, Any]], now: datetime) -> bool:
        """Whether a worker that reported lately postpones work by a wrong clock, which may never be right again."""
        rest = (row for name, row in rows.items() if name not in (NOBODY, self.process))
        return any(row["doubt"] and _is_heard_of(row, now) for row in rest)

    def _tell(self, doubt: Doubt) -> None:
        run_for = clock.run_for()
        if self.said_at is None or run_for - self.said_at > SAID_EVERY:
            self.said_at = run_for
            log.error("the clock is in doubt", process=self.process, trouble=str(doubt))


def _against(trusted: datetime | None, now: datetime) -> Doubt | None:
    if trusted is None:
        return None
    if now - trusted > AHEAD:
        return Doubt(why="ahead", now=now, other=trusted)
    return Doubt(why="behind", now=now, other=trusted) if trusted - now > BEHIND else None


async def _against_database(engine: Engine, nobody: dict[str, Any] | None, now: datetime) -> Doubt | None:
    said = await database_time(engine)
    if said is None:
        return None
    accepted = timedelta(seconds=nobody["apart"] if nobody else 0)
    apart = clock.of_machine() - said
    return Doubt(why="database", now=now, other=now - apart) if abs(apart - accepted) > APART else None


async def standing(engine: Engine) -> ClockStatus:
    """What is known of the time now; writes nothing."""
    rows = await _rows()
    nobody, now, trusted = rows.get(NOBODY), clock.now(), await _trusted(rows)
    others = [row for name, row in rows.items() if name != NOBODY]
    shown = sorted(others, key=lambda row: row["said_at"], reverse=True)
    recent = [row for row in shown if trusted is None or _is_heard_of(row, trusted)]
    return ClockStatus(
        now=now,
        trusted=trusted,
        doubt=_against(trusted, now) or await _against_database(engine, nobody, now),
        database=await database_time(engine),
        readings=tuple(
            ClockSample(process=row["process"], said_at=row["said_at"], doubt=row["doubt"]) for row in recent
        ),
        confirmed_by=nobody["confirmed_by"] if nobody else "",
        confirmed_at=nobody["confirmed_at"] if nobody else None,
    )


async def confirm(engine: Engine, by: str) -> None:
    """Somebody has looked at the clock of this process and says that it is right: everything goes on from there."""
    now, said = clock.now(), await database_time(engine)
    apart = round((clock.of_machine() - said).total_seconds()) if said else 0
    changed = {"said_at": now, "apart": apart, "confirmed_by": by[:120], "confirmed_at": now}
    async with transaction(engine):
        await _say(NOBODY, changed)
        # A process that is still in doubt says so again at the next look.
        await ClockReading.update({ClockReading.doubt: ""}).where(ClockReading.process != NOBODY)
    await set_right(engine, now)
    log.warning("the clock was confirmed", by=by, now=now.isoformat(timespec="seconds"))


async def set_right(engine: Engine, now: datetime) -> None:
    """What was put off while a clock was wrong is due at once: otherwise it would wait as long as that was ahead."""
    late = now + FARTHEST
    async with transaction(engine):
        await Circuit.update({Circuit.open_until: now}).where(Circuit.open_until > late)
        await Delivery.update({Delivery.due_at: now}).where((Delivery.due_at > late) & WhereRaw(UNFINISHED))


async def database_time(engine: Engine) -> datetime | None:
    """What the clock of the database says; None where it has none of its own."""
    if engine.engine_type != "postgres":
        return None
    rows = await ClockReading.raw("SELECT clock_timestamp() AS said_at")
    said: datetime = rows[0]["said_at"]
    return said


def _is_heard_of(row: Mapping[str, Any], trusted: datetime) -> bool:
    """By the trusted moment and not by what it says itself: a clock of the past is as worth showing as any."""
    if row["doubt"] and row["trusted_at"] is not None:
        return bool(row["trusted_at"] > trusted - OLDEST_DOUBT)
    return bool(row["said_at"] > trusted - OLDEST_SHOWN)


async def _rows() -> dict[str, dict[str, Any]]:
    return {row["process"]: row for row in await ClockReading.select()}


async def _trusted(rows: Mapping[str, dict[str, Any]]) -> datetime | None:
    nobody = rows.get(NOBODY)
    trusted: datetime | None = nobody["said_at"] if nobody else await _last_heartbeat()
    return trusted


async def _last_heartbeat() -> datetime | None:
    """What an installation that never wrote readings knows of the time."""
    beats = Delivery.select(Delivery.made_at).where(Delivery.subscriber == HEARTBEAT)
    row = await beats.order_by(Delivery.made_at, ascending=False).first()
    return row["made_at"] if row else None


async def _say(process: str, values: Mapping[str, Any]) -> None:
    """Inside a transaction."""
    row = ClockReading(process=process, **values)
    columns = [getattr(ClockReading, name) for name in values]
    await ClockReading.insert(row).on_conflict(target=ClockReading.process, action="DO UPDATE", values=columns)
