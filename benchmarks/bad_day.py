"""A day on which every other system has bad weather: what people at the portal notice, and how fast all is told."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import httpx
from tests.resilience.bad_day import STEPS, WEATHERS, BadDay, bad_day, told

from benchmarks.tables import table
from benchmarks.towns import folder, postgres

REQUESTS, CALM = 5_000, 300
KILLED_EVERY = 5.0  # seconds
LONGEST = 3_600.0  # seconds until all is told
CEILING_CALLS, CEILING_AT_ONCE = 4_000, 16


async def measure(requests: int = REQUESTS) -> str:
    """One worker on SQLite, four on PostgreSQL."""
    rows: list[list[object]] = []
    with folder() as place:
        rows.append(await _day("SQLite, 1 worker", place.resolve(), "", 1, requests))
    with folder() as place, postgres() as url:
        if url is not None:
            rows.append(await _day("PostgreSQL, 4 workers", place.resolve(), url, 4, requests))
    titles = [
        "engine",
        "receipt on a calm day, ms (median, 95 %)",
        "on the bad day",
        "workers killed",
        "told, of",
        "twice, out of order, given up",
        "deliveries/s afterwards",
        "the others take, calls/s",
    ]
    words = (
        f"{requests:,} requests with {len(STEPS)} moves each while {len(WEATHERS)} systems reset, hang, fail, ask to "
        "wait, talk rubbish, vanish and swallow; then all are well. Everything runs on one machine, the people too.\n\n"
    )
    return "## A bad day\n\n" + words + table(titles, rows)


async def _day(engine: str, place: Path, url: str, workers: int, requests: int) -> list[object]:
    async with bad_day(place, url or f"sqlite:///{place / 'data' / 'parvis.sqlite'}", workers=workers) as day:
        ceiling = await _ceiling(day)
        calm = await day.file(CALM)
        await day.until_all_is_told(LONGEST)
        await day.weather(**WEATHERS)
        killing = asyncio.create_task(day.kill_workers(KILLED_EVERY))
        bad = await day.file(requests)
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
        before = sum(count for count, _ in told(tuple(WEATHERS), await day.taken()).values())
        await day.weather(**dict.fromkeys(WEATHERS, "well"))
        await day.hours_later()
        began = time.perf_counter()
        ended = await day.until_all_is_told(LONGEST)
        took = time.perf_counter() - began
        took_there = await day.taken()
    counted = told(tuple(WEATHERS), took_there)
    all_told = sum(count for count, _ in counted.values())
    events = (requests + CALM) * (1 + len(STEPS)) * len(WEATHERS)
    repeats = sum(each["repeats"] for each in took_there.values())
    return [
        engine,
        f"{calm.median:.0f}, {calm.slow:.0f}",
        f"{bad.median:.0f}, {bad.slow:.0f} ({bad.median / calm.median:.2f} times)",
        day.kills,
        f"{all_told:,} of {events:,}",
        f"{repeats:,} sent again and dropped there, {sum(each for _, each in counted.values())}, {ended.dead}",
        f"{(all_told - before) / took:.0f}",
        f"{ceiling:.0f}",
    ]


async def _ceiling(day: BadDay) -> float:
    """Calls a second that the other systems take when nothing but calls is made."""
    left = iter(range(CEILING_CALLS))
    address = f"http://127.0.0.1:{day.there}/_/taken"

    async def call(http: httpx.AsyncClient) -> None:
        for _ in left:
            await http.post(address, content=b"{}")

    async with httpx.AsyncClient() as http:
        began = time.perf_counter()
        await asyncio.gather(*(call(http) for _ in range(CEILING_AT_ONCE)))
        return CEILING_CALLS / (time.perf_counter() - began)
