"""Polling: each connector that has news is asked every so often by one of the workers, from where it was read to.

The cursor is kept once every update is taken in. A worker that dies between the two reads the same again, and what is
the same by its key is taken in once.
"""

import asyncio
import random
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.db import transaction
from parvis.outbox import memory
from parvis.outbox.circuits import OUTSIDE, next_try
from parvis.plugins.trying import Failure, caught
from parvis.requests.host import Host
from parvis.troubles import Trouble, kept, read_back
from parvis_connectors import layers
from parvis_connectors.calls import asked
from parvis_connectors.remembering import RecallEach, recalling_each
from parvis_connectors.switched import read_here
from parvis_connectors.tables import Poll as PollRow
from parvis_connectors.unmatched_updates import take_all, wrong_with
from parvis_sdk.connectors import Changes, Connection, Connector, News
from parvis_sdk.text import Text

log = structlog.get_logger("parvis.connectors")
PAGES = 200  # of one poll; the next one goes on
REST = 1.0  # seconds between two looks at what is due
WRITING = timedelta(minutes=5)  # what taking a page of news in may last beyond the call itself
UNDECLARED = Text(
    fr="la réponse contient une couche qui n’est pas déclarée\u00a0: {layer}",
    en="the answer contains a layer that is not declared: {layer}",
)
NO_NEWS = Text(fr="réponse reçue\u00a0: {what}, au lieu de News", en="it answered {what} instead of News")


class Turn(Struct, frozen=True, kw_only=True):
    """What a worker found when it began to poll: where it was read to, and since when it was due."""

    cursor: str
    due_at: datetime


class PollState(Struct, frozen=True, kw_only=True):
    """How the polls of one connector have been doing."""

    connector: str
    cursor: str = ""
    due_at: datetime
    polled_at: datetime | None = None
    news_at: datetime | None = None
    failures: int = 0
    trouble: Trouble | None = None


async def poll_again(now: datetime, late: datetime) -> None:
    """Inside a transaction: let be due now what a wrong clock has put off, or held, until after `late`.

    A connector that is asked less often than that is asked once more than it would have been.
    """
    put_off = (PollRow.due_at > late) | (PollRow.held_until.is_not_null() & (PollRow.held_until > late))
    await PollRow.update({PollRow.due_at: now, PollRow.held_until: None}).where(put_off)


async def readings() -> dict[str, PollState]:
    """How the polls of every connector have been doing."""
    rows = await PollRow.select(*(getattr(PollRow, name) for name in PollState.__struct_fields__))
    return {row["connector"]: PollState(**{**row, "trouble": read_back(row["trouble"])}) for row in rows}


async def poll_until(host: Host, worker: str, stopping: asyncio.Event) -> None:
    """Poll what is due until told to stop, then end the polls under way; a slow system holds up nobody else."""
    under_way: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as side_by_side:
        while not stopping.is_set():
            polled = {each.name: each for each in read_here(host)}
            under_way = {name: task for name, task in under_way.items() if not task.done()}
            due = await caught(partial(_due, polled.keys() - under_way.keys()))
            if isinstance(due, Failure):
                log.error("what is to be polled cannot be read", trouble=str(due))
            else:
                for name in due.value:
                    under_way[name] = side_by_side.create_task(_poll(host, polled[name], worker))
            with suppress(TimeoutError):
                async with asyncio.timeout(REST):
                    await stopping.wait()


async def _due(names: Collection[str]) -> set[str]:
    """Which of these connectors are to be polled now: one statement, however many there are."""
    if not names:
        return set()
    now = clock.now()
    rests = (PollRow.due_at > now) | (PollRow.held_until.is_not_null() & (PollRow.held_until >= now))
    rows = await PollRow.select(PollRow.connector).where(rests)
    return set(names) - {row["connector"] for row in rows}


async def _poll(host: Host, connector: Connector, worker: str) -> None:
    tried = await caught(lambda: poll_if_due(host, connector, worker))
    if isinstance(tried, Failure):
        log.error("a poll failed", connector=connector.name, trouble=str(tried))


async def poll_if_due(host: Host, connector: Connector, worker: str) -> int | None:
    """Poll a connector whose time has come and that no other worker polls; how many updates came, None if not due."""
    if connector.changes is None or (begun := await _take_turn(host, connector, worker)) is None:
        return None
    return await _read_on(host, connector, connector.changes, begun, worker)


async def poll_now(host: Host, connector: Connector, worker: str) -> int | None:
    """The same at once, whether due or not, unless another worker is at it."""
    await poll_soon(host, connector)
    return await poll_if_due(host, connector, worker)


async def poll_soon(host: Host, connector: Connector) -> None:
    """Make its poll due, for whichever worker looks first: a person says so, even while it is left alone."""
    async with transaction(host.engine):
        await PollRow.update({PollRow.due_at: clock.now()}).where(PollRow.connector == connector.name)


async def poll_for_news(host: Host, connector: Connector) -> None:
    """The same because a system says that it has news; one that is away is left alone for as long as it was to be."""
    now = clock.now()
    may = (PollRow.failures == 0) | (PollRow.due_at <= now)
    async with transaction(host.engine):
        await PollRow.update({PollRow.due_at: now}).where((PollRow.connector == connector.name) & may)


async def _read_on(host: Host, connector: Connector, changes: Changes, begun: Turn, worker: str) -> int:
    cursor, came, each = begun.cursor, 0, recalling_each(connector)
    for _ in range(PAGES):
        tried = await asked(host, connector, "poll", partial(_ask, changes, cursor, each), is_nothing=_brings_nothing)
        failure = tried if isinstance(tried, Failure) else _rubbish(connector, tried.value)
        if failure is not None or isinstance(tried, Failure):
            await _failed(host, connector, failure or Failure(kind="broken", what="nothing"), worker, begun)
            return came
        news = tried.value
        if (untaken := await take_all(host, connector, news.updates)) is not None:
            if untaken.kind == "database":
                log.error("a poll failed", connector=connector.name, trouble=str(untaken))
            else:
                await _failed(host, connector, untaken, worker, begun)  # read again from here: each is taken in once
            return came
        prepared = await layers.prepare(connector.name, news)
        came += len(news.updates) + sum(len(each.changes) for each in prepared)
        goes_on = news.more and news.cursor != cursor
        await _read_to(host, connector, news, worker, prepared, None if goes_on else begun)
        cursor = news.cursor
        if not goes_on:
            break
    return came


def _brings_nothing(answer: object) -> bool:
    return isinstance(answer, News) and not (answer.updates or answer.features or answer.whole)


async def _ask(changes: Changes, cursor: str, each: RecallEach, connection: Connection) -> News:
    return await changes(structs.replace(connection, recall_each=each), cursor)


def _rubbish(connector: Connector, answer: object) -> Failure | None:
    what = _wrong_with(connector, answer) if isinstance(answer, News) else NO_NEWS.format(what=type(answer).__name__)
    return Failure(kind="broken", what=what) if what is not None else None


def _wrong_with(connector: Connector, news: News) -> Text | None:
    """What cannot be taken in of the news that a connector brought; found here and not in the middle of its writing."""
    if (wrong := wrong_with(news)) is not None:
        return wrong
    named = {each.layer for each in (*news.features, *news.whole)}
    strange = named.difference(connector.layers)
    return UNDECLARED.format(layer=repr(min(strange))) if strange else None


async def _take_turn(host: Host, connector: Connector, worker: str) -> Turn | None:
    now = clock.now()
    free = PollRow.held_until.is_null() | (PollRow.held_until < now)
    found = await PollRow.select(PollRow.due_at).where(PollRow.connector == connector.name).first()
    if found is not None and found["due_at"] > now:
        return None
    async with transaction(host.engine):
        if found is None:
            fresh = PollRow(connector=connector.name, cursor="", due_at=now, held_until=None)
            await PollRow.insert(fresh).on_conflict(target=PollRow.connector, action="DO NOTHING")
        taken = (
            await PollRow.update({PollRow.held_by: worker, PollRow.held_until: _until(connector)})
            .where((PollRow.connector == connector.name) & free & (PollRow.due_at <= now))
            .returning(PollRow.cursor, PollRow.due_at)
        )
    return Turn(**taken[0]) if taken else None


def _until(connector: Connector) -> datetime:
    return clock.now() + timedelta(seconds=connector.pace.seconds) + WRITING


async def _read_to(
    host: Host,
    connector: Connector,
    news: News,
    worker: str,
    prepared: tuple[layers.LayerUpdate, ...],
    ends: Turn | None,
) -> None:
    """Keep where it was read to; a turn that ends is due again later, unless somebody asked for news meanwhile."""
    now = clock.now()
    changed: dict[Any, Any] = {
        PollRow.cursor: news.cursor,
        PollRow.polled_at: now,
        PollRow.failures: 0,
        PollRow.trouble: "",
        PollRow.held_until: None if ends else _until(connector),
    }
    if news.updates or any(each.changes for each in prepared):
        changed[PollRow.news_at] = now
    ours = (PollRow.connector == connector.name) & (PollRow.held_by == worker)
    async with transaction(host.engine):
        await layers.keep(host.engine, connector.name, prepared)
        await memory.remember_all(connector.name, news.remember)
        await PollRow.update(changed).where(ours)
        if ends is not None:
            later: dict[Any, Any] = {PollRow.due_at: now + connector.every}
            await PollRow.update(later).where(ours & (PollRow.due_at == ends.due_at))


async def _failed(host: Host, connector: Connector, failure: Failure, worker: str, ends: Turn) -> None:
    """Keep why; it is due again after a while, unless somebody asked for news meanwhile."""
    now = clock.now()
    row = await PollRow.select(PollRow.failures).where(PollRow.connector == connector.name).first()
    failures = int(row["failures"]) + 1 if row else 1
    luck = random.random()  # noqa: S311  jitter of polls, not for security
    attempts = min(failures, OUTSIDE.tries - 1)
    again = next_try(attempts, now=now, luck=luck, retry_after=failure.retry_after) or now + OUTSIDE.longest
    log.warning("poll failed", connector=connector.name, trouble=str(failure), where=failure.where)
    changed: dict[Any, Any] = {
        PollRow.polled_at: now,
        PollRow.failures: failures,
        PollRow.trouble: kept(Trouble(where=failure.where, what=failure.what, so_what="", now_what="")),
        PollRow.held_until: None,
    }
    later: dict[Any, Any] = {PollRow.due_at: max(again, now + min(connector.every, OUTSIDE.longest))}
    ours = (PollRow.connector == connector.name) & (PollRow.held_by == worker)
    async with transaction(host.engine):
        await PollRow.update(changed).where(ours)
        await PollRow.update(later).where(ours & (PollRow.due_at == ends.due_at))
