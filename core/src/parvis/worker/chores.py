"""Chores: what must be done again and again by one of the workers, whichever comes first."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from parvis import clock
from parvis.beside_worker import ClockReturn
from parvis.chores import Chore, chores_of_modules
from parvis.db import Engine, transaction
from parvis.db.tables import Chore as ChoreRow
from parvis.http_client import Clients
from parvis.installation import FAILED
from parvis.outbox import deliveries, heartbeat
from parvis.outbox.addressees import sweep_addressees
from parvis.outbox.clock_watch import APART, FARTHEST, ClockWatch, PutRight
from parvis.people.one_time_links import sweep_links
from parvis.people.sessions import sweep_sessions
from parvis.people.sign_in_log import sweep_book
from parvis.people.throttle import sweep_tries
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests import chores
from parvis.requests.access_log import AccessLog, sweep_looks
from parvis.requests.contacts import sound_older
from parvis.requests.device_keys import sweep_ended_devices
from parvis.requests.freeing import free_switched_off
from parvis.requests.host import Host
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.promises.replaying import measure_older
from parvis.requests.publishing import verify_older
from parvis.requests.work.presence import sweep_writers
from parvis.requests.work.undelivered import pass_on_emergencies
from parvis.spans import span
from parvis.troubles import Trouble, kept
from parvis.worker.dispatch import known_to
from parvis.worker.verdicts import parked

log = structlog.get_logger("parvis.worker")

LEASE = timedelta(minutes=1)  # after which the chores of a worker that was killed are anybody’s
RENEWED_EVERY = 15.0  # seconds, while a chore goes on
LONGEST = 900.0  # seconds that one of a module may take
LONGEST_SLEEP = 30.0
LAST_SECONDS = 10.0  # that chores of modules have when the worker is told to stop
DELIVERIES_KEPT = timedelta(days=90)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """Every chore of the core, and those of its modules; none under the name of another, for which it would stand."""
    every = {each.name: each for each in own_chores(host)}
    for each in chores_of_modules(host.modules.registry, host):
        if every.setdefault(each.name, each) is not each:
            log.error("a chore has the name of another and is left out", chore=each.name, module=each.owner)
    return tuple(every.values())


def due_somewhere(host: Host, every: Iterable[Chore]) -> tuple[Chore, ...]:
    """Those of the core, and those of modules that a town has at this moment, or that go on where it is off."""
    towns = host.jurisdictions.by_code.values()
    return tuple(each for each in every if each.also_off or host.modules.anywhere(each.owner, towns))


def own_chores(host: Host) -> tuple[Chore, ...]:
    """What the core itself sees to."""
    engine, known, outgoing = host.engine, known_to(host.plugins), host.of(Clients).outgoing
    return (
        Chore(name="plugins", every=timedelta(minutes=1), work=partial(rest_and_return, host)),
        Chore(name="modules", every=timedelta(minutes=1), work=partial(free_switched_off, host), by_date=False),
        Chore(name="timers", every=timedelta(minutes=1), work=partial(chores.run_timers, host)),
        Chore(name="promises", every=timedelta(minutes=1), work=partial(chores.mark_missed, host)),
        Chore(name="measures", every=timedelta(minutes=1), work=partial(measure_older, host), by_date=False),
        Chore(name="sounds", every=timedelta(minutes=1), work=partial(sound_older, host), by_date=False),
        Chore(name="emergencies", every=timedelta(minutes=1), work=partial(pass_on_emergencies, host)),
        Chore(
            name="parked",
            every=timedelta(minutes=1),
            work=partial(deliveries.park, engine, known, partial(parked, host.plugins)),
            by_date=False,
        ),
        Chore(name="addresses", every=timedelta(minutes=5), work=partial(verify_older, host)),
        Chore(name="drafts", every=timedelta(hours=1), work=partial(chores.sweep, host)),
        Chore(name="heartbeat", every=heartbeat.EVERY, work=partial(heartbeat.beat, engine, outgoing.heartbeat)),
        Chore(name="deliveries", every=timedelta(hours=6), work=partial(_drop_old, engine)),
        Chore(name="looks", every=timedelta(hours=6), work=partial(sweep_looks, engine, host.of(AccessLog).days)),
        Chore(name="writers", every=timedelta(minutes=5), work=partial(sweep_writers, engine)),
        Chore(name="sessions", every=timedelta(hours=1), work=partial(_drop_ended, engine)),
    )


class Others:
    """What other workers hold, and since when they have said nothing new of it by the clock of this one: their own may
    be minutes away, and is trusted all the same.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[datetime, datetime]] = {}

    def gave_up(self, chore: str, held_until: datetime, now: datetime) -> bool:
        """Whether its holder was ended."""
        until, since = self._seen.get(chore, (None, now))
        if until != held_until:
            self._seen[chore], since = (held_until, now), now
        return now - since >= LEASE or now - held_until > APART


async def run_chores(host: Host, worker: str, stopping: asyncio.Event) -> None:
    """Do what is due, sleep until something may be due again, until told to stop.

    What a module sees to is done beside the rest: one that does not come to an end keeps nobody else waiting.
    """
    every, watch, others = (
        chores_of(host),
        ClockWatch(host.engine, returns=[each.put_right for each in host.modules.heard(ClockReturn)]),
        Others(),
    )
    pause = min((chore.every.total_seconds() / 2 for chore in every), default=LONGEST_SLEEP)
    beside: dict[tuple[str, str], asyncio.Task[tuple[str, ...]]] = {}
    try:
        while not stopping.is_set():
            due = due_somewhere(host, every)
            able = due if await _fits(host.engine, watch) else _at_any_time(due)
            for lane in {(each.owner, each.lane) for each in able if each.owner}:
                if lane not in beside or beside[lane].done():
                    theirs = tuple(each for each in able if (each.owner, each.lane) == lane)
                    beside[lane] = asyncio.create_task(_do_each(host.engine, theirs, worker, others))
            await _do_each(host.engine, tuple(each for each in able if not each.owner), worker, others)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(pause, LONGEST_SLEEP)):
                    await stopping.wait()
        if beside:
            await asyncio.wait(beside.values(), timeout=LAST_SECONDS)
    finally:
        for task in beside.values():
            task.cancel()


async def do_due(
    engine: Engine,
    every: tuple[Chore, ...],
    worker: str,
    watch: ClockWatch | None = None,
    others: Others | None = None,
) -> tuple[str, ...]:
    """Do each chore that is due and that no other worker holds; which were done. One that fails is due again later.

    While the clock is in doubt, or nobody can tell, what goes by the date is left alone.
    """
    fits = await _fits(engine, watch or ClockWatch(engine, worker))
    return await _do_each(engine, every if fits else _at_any_time(every), worker, others or Others())


async def _do_each(engine: Engine, every: tuple[Chore, ...], worker: str, others: Others) -> tuple[str, ...]:
    done = []
    for chore in every:
        taken = await caught(partial(_take, engine, chore, worker, others))
        if not isinstance(taken, Success):
            log.error("a chore could not be taken", chore=chore.name, trouble=str(taken))
            continue
        if not taken.value:
            continue
        found = await _holding(engine, chore, worker)
        said = f"{FAILED}{_kept(found)}" if isinstance(found, Failure) else str(found.value)
        if isinstance(found, Failure):
            log.error("a chore failed", chore=chore.name, trouble=str(found))
        await caught(partial(_put_down, engine, chore, worker, said))
        done.append(chore.name)
    return tuple(done)


def _kept(failure: Failure) -> str:
    return kept(Trouble(where=failure.where, what=failure.what, so_what="", now_what=""))


async def _holding(engine: Engine, chore: Chore, worker: str) -> Success[int] | Failure:
    """Do a chore that was taken, and keep every other worker from it until it is done."""
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew(engine, chore, worker, over))
    try:
        with span("chore", chore.name):
            return await (attempt(chore.work, LONGEST) if chore.owner else caught(chore.work))
    finally:
        over.set()
        await renewing


async def _renew(engine: Engine, chore: Chore, worker: str, over: asyncio.Event) -> None:
    """Hold it for as long again every few seconds; what the database refuses once is tried at the next."""
    while not over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(RENEWED_EVERY):
                await over.wait()
        if not over.is_set():
            held = await caught(partial(_hold, engine, chore, worker))
            if isinstance(held, Failure):
                log.error("a chore could not be held", chore=chore.name, trouble=str(held))


async def _hold(engine: Engine, chore: Chore, worker: str) -> None:
    async with transaction(engine):
        mine = (ChoreRow.name == chore.name) & (ChoreRow.held_by == worker)
        await ChoreRow.update({ChoreRow.held_until: clock.now() + LEASE}).where(mine)


async def _fits(engine: Engine, watch: ClockWatch) -> bool:
    """Whether the clock is trusted; what was put off for years by one that was wrong is then due again."""
    trusted = await caught(watch.look)
    if isinstance(trusted, Failure):
        log.error("the clock could not be looked at", trouble=str(trusted))
    fits = isinstance(trusted, Success) and trusted.value is None
    if fits and watch.came_back:
        await caught(partial(_set_right, watch, clock.now()))
    return fits


def _at_any_time(every: tuple[Chore, ...]) -> tuple[Chore, ...]:
    return tuple(each for each in every if not each.by_date)


async def _set_right(watch: ClockWatch, now: datetime) -> None:
    async with transaction(watch.engine):
        await ChoreRow.update({ChoreRow.ran_at: None}).where(ChoreRow.ran_at > now + APART)
        await ChoreRow.update({ChoreRow.held_until: None}).where(ChoreRow.held_until > now + FARTHEST)
    for put_right in watch.returns:
        tried = await caught(partial(_put_right, watch.engine, put_right, now))
        if isinstance(tried, Failure):
            log.error("what a wrong clock put off stays put off", trouble=str(tried))


async def _put_right(engine: Engine, put_right: PutRight, now: datetime) -> None:
    async with transaction(engine):
        await put_right(now, now + FARTHEST)


async def _take(engine: Engine, chore: Chore, worker: str, others: Others) -> bool:
    now = clock.now()
    row = await ChoreRow.select().where(ChoreRow.name == chore.name).first()
    ran_at, held_until, said = (row["ran_at"], row["held_until"], row["said"]) if row else (None, None, "")
    since = chore.due_since(now, said.startswith(FAILED))
    if since is None or (ran_at is not None and ran_at > since):
        return False
    if held_until is not None and not others.gave_up(chore.name, held_until, now):
        return False
    free = ChoreRow.held_until.is_null() if held_until is None else ChoreRow.held_until == held_until
    due = ChoreRow.ran_at.is_null() | (ChoreRow.ran_at <= since)
    async with transaction(engine):
        fresh = ChoreRow(name=chore.name, held_by="", held_until=None, ran_at=None, said="")
        await ChoreRow.insert(fresh).on_conflict(target=ChoreRow.name, action="DO NOTHING")
        taken = (
            await ChoreRow.update({ChoreRow.held_by: worker, ChoreRow.held_until: now + LEASE})
            .where((ChoreRow.name == chore.name) & free & due)
            .returning(ChoreRow.name)
        )
    return bool(taken)


async def _put_down(engine: Engine, chore: Chore, worker: str, said: str) -> None:
    changed: dict[Any, Any] = {
        ChoreRow.held_by: "",
        ChoreRow.held_until: None,
        ChoreRow.ran_at: clock.now(),
        ChoreRow.said: said,
    }
    async with transaction(engine):
        await ChoreRow.update(changed).where((ChoreRow.name == chore.name) & (ChoreRow.held_by == worker))


async def end_chores(host: Host, worker: str, plugins: Collection[str], failure: Failure) -> None:
    """Of a worker that was ended by one of these plugins: their chores have failed, what else it held is anybody's."""
    theirs = [each.name for each in chores_of(host) if each.lane in plugins]
    held = ChoreRow.held_by == worker
    free: dict[Any, Any] = {ChoreRow.held_by: "", ChoreRow.held_until: None}
    failed: dict[Any, Any] = {**free, ChoreRow.ran_at: clock.now(), ChoreRow.said: f"{FAILED}{_kept(failure)}"}
    async with transaction(host.engine):
        await ChoreRow.update(failed).where(held & ChoreRow.name.is_in(theirs or [""]))
        await ChoreRow.update(free).where(held)


async def _drop_old(engine: Engine) -> int:
    return await deliveries.sweep(engine, clock.now() - DELIVERIES_KEPT)


async def _drop_ended(engine: Engine) -> int:
    ended = await sweep_sessions(engine) + await sweep_links(engine) + await sweep_tries(engine)
    ended += await sweep_ended_devices(engine)
    return ended + await sweep_book(engine) + await sweep_addressees(engine)
