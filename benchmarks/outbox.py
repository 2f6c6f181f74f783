"""What a claim costs as the outbox grows: when all is well, while a system is away, and when all waits for later."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from benchmarks.tables import table
from benchmarks.towns import folder, postgres, settings_for
from parvis import clock
from parvis.db import Engine, insert_values, transaction
from parvis.db.tables import Circuit, Delivery
from parvis.deployment import open_deployment
from parvis.identifiers import new_id
from parvis.outbox import claim
from parvis.settings import Settings

WAITING = (1_000, 10_000, 100_000)
AWAY = "connector:away"
ROOM = dict.fromkeys((AWAY, "connector:crm", "connector:gis", "notify.tell", "channel:email"), 8)
LEASE = timedelta(seconds=90)
TRIES = 9
AT_ONCE = 1_000


async def measure() -> str:
    """Both engines."""
    rows: list[list[object]] = []
    with folder() as place:
        rows += await _growing("SQLite", settings_for(place))
    with folder() as place, postgres() as url:
        if url is not None:
            rows += await _growing("PostgreSQL", settings_for(place, url))
    titles = ["engine", "waiting", "claim of eight", "one is away", "its probe", "all wait for later", "idle"]
    words = "Milliseconds of one claim, median; all deliveries are of one subscriber, the worker serves five.\n\n"
    return "## Outbox\n\n" + words + table(titles, rows)


async def _growing(engine: str, settings: Settings) -> list[list[object]]:
    rows: list[list[object]] = []
    async with open_deployment(settings, migrating=True) as deployment:
        database, there = deployment.host.engine, 0
        idle = await _median(database, _nothing)
        for wanted in WAITING:
            while there < wanted:
                async with transaction(database):
                    await insert_values(Delivery, *(_delivery() for _ in range(AT_ONCE)))
                there += AT_ONCE
            if settings.database:  # what the server does by itself within a minute
                async with transaction(database):
                    await Delivery.raw("ANALYZE delivery")
            well = await _median(database, _all_due)
            away = await _median(database, _rests)
            probe = await _median(database, _may_be_probed)
            async with transaction(database):
                await Circuit.delete(force=True)
                await Delivery.update({Delivery.state: "postponed", Delivery.due_at: _in_an_hour()}, force=True)
            later = await _median(database, _nothing)
            async with transaction(database):
                await Delivery.update({Delivery.state: "waiting", Delivery.due_at: clock.now()}, force=True)
            rows.append([engine, f"{wanted:,}", *(f"{each:.1f}" for each in (well, away, probe, later, idle))])
    return rows


async def _median(database: Engine, prepared: Callable[[], Awaitable[None]]) -> float:
    took = []
    for _ in range(TRIES):
        async with transaction(database):
            await prepared()
        began = time.perf_counter()
        claimed = await claim(database, "benchmark", ROOM, most=24, lease=LEASE)
        took.append((time.perf_counter() - began) * 1000)
        if claimed:
            async with transaction(database):
                back = {Delivery.state: "waiting", Delivery.due_at: clock.now()}
                await Delivery.update(back).where(Delivery.id.is_in([each.id for each in claimed]))
    return statistics.median(took)


async def _nothing() -> None:
    await asyncio.sleep(0)


async def _all_due() -> None:
    await Circuit.delete(force=True)


async def _rests() -> None:
    await _circuit(_in_an_hour())


async def _may_be_probed() -> None:
    await _circuit(clock.now() - timedelta(seconds=1))


async def _circuit(until: object) -> None:
    await Circuit.delete(force=True)
    row = {"subscriber": AWAY, "failures": 9, "open_until": until, "last_trouble": "away", "changed_at": clock.now()}
    await insert_values(Circuit, row)


def _in_an_hour() -> object:
    return clock.now() + timedelta(hours=1)


def _delivery() -> dict[str, object]:
    now = clock.now()
    return {
        "id": new_id(),
        "request": new_id(),
        "reference": "7K3M-9QXT-4",
        "subscriber": AWAY,
        "lane": AWAY,
        "event_id": str(new_id()),
        "event": '{"event": "moved"}',
        "state": "waiting",
        "attempts": 0,
        "made_at": now,
        "due_at": now,
        "claimed_by": "",
        "done_at": None,
        "trouble": "",
        "external_reference": "",
    }
