"""A submission through the whole stack against the very same rows inserted by the raw driver in one transaction."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import aiosqlite
import asyncpg
import msgspec

from benchmarks.calling import post
from benchmarks.tables import table
from benchmarks.towns import POTHOLE, folder, postgres, settings_for
from parvis.app import create_app
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.db.tables import Clock, Contact, Delivery, Entry, ServiceRequest
from parvis.logs import begin_logging
from parvis.settings import Settings
from parvis_sdk.fields import File, Photo
from parvis_sdk.testing import answers_for

TABLES = (ServiceRequest, Contact, Clock, Entry, Delivery)
AT_ONCE = 8
SUBMISSIONS = 400


async def measure() -> str:
    """Both engines; submissions a second, raw transactions a second, their ratio."""
    rows: list[list[object]] = []
    with folder() as place:
        rows.append(["SQLite", *await _compare(settings_for(place), place)])
    with folder() as place, postgres() as url:
        if url is not None:
            rows.append(["PostgreSQL", *await _compare(settings_for(place, url), place)])
    titles = ["engine", "submissions/s", "raw transactions/s", "ratio", "rows in each"]
    return f"## Submit\n\n{AT_ONCE} callers at once, {SUBMISSIONS} submissions.\n\n" + table(titles, rows)


async def _compare(settings: Settings, place: Path) -> list[object]:
    engine = open_engine(settings.database_url)
    bind(engine)
    await migrate(engine)
    await engine.close()
    begin_logging(settings)
    app = create_app(settings)
    async with app.lifespan():
        whole = await _submissions(app)
        rows = await _rows_of_one()
    raw = await (_raw_sqlite if "sqlite" in settings.database_url else _raw_postgres)(settings.database_url, rows)
    return [f"{whole:.0f}", f"{raw:.0f}", f"{whole / raw:.2f}", len(rows)]


async def _submissions(app: Any) -> float:
    host = app.state.deployment.host
    request_type = host.plugins.request_types["pothole"]
    answers = answers_for(request_type.form, Random(1)).native
    without_files = {
        code: value for code, value in answers.items() if not isinstance(request_type.form.field(code), Photo | File)
    }
    body = msgspec.json.encode(POTHOLE | {"answers": without_files})
    callers = itertools.count()

    async def submit() -> None:
        number = next(callers)  # each time another resident, as the pace of one would be limited
        caller = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        status = await post(app, "/api/v1/requests", body, caller)
        if status != 201:
            raise RuntimeError(f"a submission was answered {status}")

    for _ in range(20):
        await submit()
    return await _rate(submit)


async def _rate(once: Callable[[], Awaitable[None]]) -> float:
    left = iter(range(SUBMISSIONS))

    async def caller() -> None:
        for _ in left:
            await once()

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return SUBMISSIONS / (time.perf_counter() - begun)


Rows = list[tuple[str, dict[str, Any]]]


async def _rows_of_one() -> Rows:
    """The rows that one submission left, as the driver gives them."""
    request = (await ServiceRequest.select().order_by(ServiceRequest.id, ascending=False).limit(1))[0]
    rows: Rows = []
    for each in TABLES:
        column = each.id if each is ServiceRequest else each.request
        name = each._meta.tablename
        rows += [(name, row) for row in await each.select().where(column == request["id"])]
    return rows


def _fresh(rows: Rows) -> Rows:
    """The same rows of another request."""
    request, reference = uuid4(), uuid4().hex[:11]
    fresh: Rows = []
    for name, row in rows:
        changed = dict(row)
        if name == "service_request":
            changed |= {"id": request, "reference": reference}
        elif name == "contact":
            changed["request"] = request
        else:
            changed |= {"id": uuid4(), "request": request}
        if name == "delivery":
            changed["event_id"] = str(uuid4())
        fresh.append((name, changed))
    return fresh


async def _raw_sqlite(url: str, rows: Rows) -> float:
    connection = await aiosqlite.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    await connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    one_at_a_time = asyncio.Lock()

    async def once() -> None:
        async with one_at_a_time:
            await connection.execute("BEGIN IMMEDIATE")
            for name, row in _fresh(rows):
                marks = ", ".join("?" * len(row))
                columns = ", ".join(f'"{column}"' for column in row)
                values = [str(value) if isinstance(value, UUID) else _plain(value) for value in row.values()]
                await connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', values)
            await connection.execute("COMMIT")

    try:
        return await _rate(once)
    finally:
        await connection.close()


def _plain(value: Any) -> Any:
    return value.isoformat(" ") if hasattr(value, "isoformat") else value


async def _raw_postgres(url: str, rows: Rows) -> float:
    pool = await asyncpg.create_pool(url, min_size=AT_ONCE, max_size=AT_ONCE)

    async def once() -> None:
        async with pool.acquire() as connection, connection.transaction():
            for name, row in _fresh(rows):
                marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
                columns = ", ".join(f'"{column}"' for column in row)
                await connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', *row.values())

    try:
        return await _rate(once)
    finally:
        await pool.close()
