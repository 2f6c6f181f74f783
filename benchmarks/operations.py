"""Every operation beside its bare limit of the same minutes: CPU of web process and database over HTTP, statements."""

import asyncio
import contextlib
import io
import itertools
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_plus

import asyncpg
from msgspec import structs

from benchmarks.bounds import bounded
from benchmarks.creates import COUNTING, calls_so_far, prepared
from benchmarks.generate import SHARES, generate_in_postgres, generate_in_sqlite
from benchmarks.processes import (
    PARVIS,
    Answer,
    ask,
    backends,
    begun,
    environ_of,
    got,
    listening,
    posted,
    processor,
)
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, postgres, settings_for
from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.people.tokens import make_token
from parvis.requests.references import key_for
from parvis.settings import Settings

ROWS = (10_000, 100_000)
AT_ONCE = 8
WARMING = 24
ENOUGH = 2.0  # seconds of processor, after which a cost is known
MOST, LEAST = 1_000, 48  # of one operation
CREATES = 400
LOOKS = 0.3
RARE, SOME, MANY, FREQUENT = SHARES


class Operation(NamedTuple):
    """What is asked: the path, its limit among the bare ones, and how many times that it may cost."""

    name: str
    path: str
    limit: str
    most: float | None
    body: str = ""  # which of the known bodies is sent
    seen_by: str = ""  # whose cookie or key goes with it


READ = (
    Operation("home", "/fr/", "hello", 1),
    Operation("public map", "/fr/requetes/carte?zoom=14&view=-73.60,45.50,-73.55,45.54", "hello", 4),
    Operation("read by key, API", "/api/v1/requests/{reference}?key={key}", "row", 3),
    Operation("tracking page", "/fr/suivi/{reference}", "row", 9, seen_by="link"),
    Operation("desk: one request", "/bureau/requete/{reference}", "row", 20, seen_by="session"),
    Operation("desk: list of 50", "/bureau", "row", 25, seen_by="session"),
    Operation("desk: filtered list", "/bureau?type=pothole&ouvertes=toutes", "row", 28, seen_by="session"),
    Operation("list of 50 as JSON", "/api/v1/requests?limit=50", "row", 9, seen_by="token"),
    Operation("search, 0.1 %", f"/bureau?q={RARE}", "row", 30, seen_by="session"),
    Operation("search, 1 %", f"/bureau?q={SOME}", "row", 30, seen_by="session"),
    Operation("search, 5 %", f"/bureau?q={MANY}", "row", 30, seen_by="session"),
    Operation("search, 30 %", f"/bureau?q={FREQUENT}", "row", 30, seen_by="session"),
    Operation("search, an address", "/bureau?q={address}", "row", 30, seen_by="session"),
    Operation("dashboard", "/bureau/tableau", "row", 40, seen_by="session"),
    Operation("public list", "/fr/requetes", "row", 8),
    Operation("GeoJSON", "/api/v1/requests.geojson", "row", 15),
)
WRITTEN = (
    Operation("create, nobody in turn", "/api/v1/requests", "create", 1.5, "nobody in turn"),
    Operation("create, persons in turn", "/api/v1/requests", "create", 1.8, "persons in turn"),
    Operation("change by API", "/api/v1/requests/{other}/notes", "create", 2.5, "note", "token"),
)
BARE = (
    Operation("bare: hello", "/hello", "", None),
    Operation("bare: read one row", "/row", "", None),
    Operation("bare: create", "/", "", None, "nothing"),
)
LIMITS = {"bare: hello": "hello", "bare: read one row": "row", "bare: create": "create"}
WORKED = Operation("worker's share of a create", "", "create", 1.3)


class Cost(NamedTuple):
    """Of one operation: CPU-milliseconds of web and database, statements, and bytes of an answer."""

    web: float
    database: float
    statements: float
    size: int

    @property
    def whole(self) -> float:
        return self.web + self.database


async def measure(rows: Sequence[int] = ROWS) -> str:
    """Both engines at each size; `BENCH_ROWS=10000,1000000` names others."""
    if os.environ.get("BENCH_ROWS"):
        rows = [int(each) for each in os.environ["BENCH_ROWS"].split(",")]
    engines = os.environ.get("BENCH_ENGINES", "SQLite,PostgreSQL").split(",")
    columns: dict[str, dict[str, Cost]] = {}
    with folder() as place, postgres(COUNTING) as url:
        for engine, database in (("SQLite", ""), ("PostgreSQL", url)):
            if database is None or engine not in engines:
                continue
            own = place.resolve() / engine
            own.mkdir()
            settings = structs.replace(settings_for(own, database), secret_key="s" * 48)
            with contextlib.redirect_stdout(io.StringIO()):
                await lived_in(settings)
                bodies = await prepared(settings, "dashboards", "public_requests")
            for many in sorted(rows):
                await _grown(settings, many)
                columns[f"{engine}, {many:,}"] = await _costs(settings, bodies)
                print(told({f"{engine}, {many:,}": columns[f"{engine}, {many:,}"]}), flush=True)
    return told(columns)


def told(columns: dict[str, dict[str, Cost]]) -> str:
    """The table: what each costs, times its limit, statements."""
    lines: list[list[object]] = []
    for operation in (*BARE, *WRITTEN[:2], WORKED, *READ, WRITTEN[2]):
        cells: list[object] = [operation.name]
        for column, costs in columns.items():
            cost = costs[operation.name]
            cells += [
                f"{cost.whole:.2f}",
                _times(column, operation, costs),
                f"{cost.statements:.1f}" if cost.statements else "",
            ]
        lines.append(
            [*cells, "" if operation.most is None else f"{operation.most:g}", f"{costs[operation.name].size:,}"]
        )
    titles = [f"{column}: {what}" for column in columns for what in ("CPU-ms", "÷ limit", "statements")]
    words = (
        f"Requests that are stored, {AT_ONCE} callers at once over real HTTP with logs as shipped; CPU-milliseconds of "
        "one operation, web process and database together. Limits are taken in the same minutes: Litestar and the "
        "driver that say hello, read one row, write the rows of a create; on PostgreSQL, above its aim, in bold. "
        "Each word is held by so many of the requests. The worker's share is of "
        f"{CREATES} creates, told and kept in the mailbox. "
        "What each part of a page costs: [ADR 209](../docs/adr/0209-what-a-page-and-a-request-still-cost.md).\n\n"
    )
    return "## Operations\n\n" + words + table(["operation", *titles, "aim, times", "bytes"], lines)


def _times(column: str, operation: Operation, costs: dict[str, Cost]) -> str:
    """How many times its limit an operation costs; SQLite, read by no driver at all, has no bounds."""
    if operation.most is None:
        return ""
    limit = next(costs[name].whole for name, short in LIMITS.items() if short == operation.limit)
    times = costs[operation.name].whole / limit
    what = f"{operation.name} on {column}, times its limit"
    return bounded(what, times, operation.most) if column.startswith("PostgreSQL") else f"{times:.2f}"


async def _grown(settings: Settings, many: int) -> None:
    if settings.database:
        await generate_in_postgres(settings.database, many)
    else:
        await asyncio.to_thread(generate_in_sqlite, settings.data / "parvis.sqlite", many)


async def _costs(settings: Settings, bodies: dict[str, bytes]) -> dict[str, Cost]:
    asking = await _asking(settings, bodies)
    found: dict[str, Cost] = {}
    where = settings.database or str(settings.data / "parvis.sqlite")
    raw = [sys.executable, str(Path(__file__).with_name("bare.py")), where]
    log, environ = settings.data / "log", environ_of(settings) | {"PARVIS_NOTIFY_MODE": "mailbox"}
    with listening([PARVIS, "serve", "--no-worker", "--port"], log, environ) as (web, port):
        asking.sees = {"link": await _link(port, asking), **asking.sees}
        for operation in READ:
            found[operation.name] = await _cost(settings, web, port, operation, asking)
        for operation in WRITTEN:
            found[operation.name] = await _cost(settings, web, port, operation, asking)
        with begun([PARVIS, "work"], log, environ) as worker:
            await _rested(settings, worker.pid)
            found[WORKED.name] = await _worked(settings, worker.pid, port, asking)
    with listening(raw, log, environ) as (web, port):
        for operation in BARE:
            found[operation.name] = await _cost(settings, web, port, operation, asking)
    return found


class Asking:
    """What requests are made of: references with their keys, an address, bodies, and by whom pages are seen."""

    def __init__(
        self, own: list[tuple[str, str]], address: str, bodies: dict[str, bytes], sees: dict[str, str]
    ) -> None:
        self.own, self.address, self.sees = own, quote_plus(address), sees
        self.bodies = bodies | {"note": b'{"words": "Vu sur place."}', "nothing": b"{}"}

    def requests(self, operation: Operation, port: int) -> Callable[[int], bytes]:
        """Each request of an operation, by callers of their own."""
        others = itertools.cycle(reference for reference, _ in self.own)
        reference, key = self.own[0]
        headers = {"link": "cookie", "session": "cookie", "token": "authorization"}

        def request(number: int) -> bytes:
            path = operation.path.format(reference=reference, key=key, address=self.address, other=next(others))
            more = {"x_forwarded_for": f"10.{number >> 8 & 255}.{number & 255}.{secrets.randbelow(250) + 1}"}
            if operation.seen_by:
                more[headers[operation.seen_by]] = self.sees[operation.seen_by]
            if not operation.body:
                return got(path, port, **more)
            return posted(path, port, self.bodies[operation.body], **more, idempotency_key=secrets.token_hex(12))

        return request


async def _asking(settings: Settings, bodies: dict[str, bytes]) -> Asking:
    async with open_deployment(settings) as deployment:
        host = deployment.host
        grants = (Grant(role="manager", jurisdiction="parvis", unit=""),)
        email = f"{secrets.token_hex(4)}@parvis.example"
        person = await add_agent(host.engine, email=email, name="Ana", password="x" * 20, grants=grants)
        session = await begin_session(host.engine, person.id, "benchmark")
        scopes = ("requests:read", "requests:write")
        token, _ = await make_token(host.engine, name="benchmark", jurisdiction="parvis", scopes=scopes)
        rows = await ServiceRequest.raw(OWN)
        own = [(row["reference"], key_for(host.secret, row["id"])) for row in rows]
        address = rows[0]["address"]
    return Asking(own, address, bodies, {"session": f"parvis_session={session}", "token": f"Bearer {token}"})


OWN = (
    "SELECT id, reference, address FROM service_request WHERE jurisdiction = 'parvis' AND public AND address <> '' "
    "AND erased_at IS NULL AND entries >= 3 ORDER BY submitted_at, id LIMIT 400"
)


async def _link(port: int, asking: Asking) -> str:
    """The cookie by which somebody sees their own request, as their link gives it."""
    reference, key = asking.own[0]
    [answer] = await ask(port, 1, 1, lambda _: got(f"/fr/suivi/{reference}?cle={key}", port))
    cookies = [
        line.partition(b": ")[2].partition(b";")[0] for line in answer.head.split(b"\r\n") if b"set-cookie" in line
    ]
    return cookies[0].decode()


async def _cost(settings: Settings, web: int, port: int, operation: Operation, asking: Asking) -> Cost:
    request = asking.requests(operation, port)
    _right(operation, await ask(port, WARMING, AT_ONCE, request))
    calls, used, spent, many, size = await _calls(settings), backends(), processor(web), 0, 0
    while many < LEAST or (many < MOST and processor(web) - spent + backends() - used < ENOUGH):
        answers = await ask(port, LEAST, AT_ONCE, request)
        _right(operation, answers)
        many += len(answers)
        size = len(answers[-1].body)
    ms = [1000 * each / many for each in (processor(web) - spent, backends() - used)]
    return Cost(ms[0], ms[1] if settings.database else 0.0, (await _calls(settings) - calls) / many, size)


def _right(operation: Operation, answers: list[Answer]) -> None:
    for each in answers:
        if each.status not in (200, 201):
            raise RuntimeError(f"{operation.name}: {each.status} {each.body[:300]!r}")


async def _worked(settings: Settings, worker: int, port: int, asking: Asking) -> Cost:
    """What a worker does after so many creates, while nobody asks for anything else."""
    creating = asking.requests(WRITTEN[0], port)
    calls, used, spent = await _calls(settings), backends(), processor(worker)
    _right(WRITTEN[0], await ask(port, CREATES, AT_ONCE, creating))
    of_creating = (await _calls(settings) - calls, backends() - used)
    await _rested(settings, worker)
    both = backends() - used - of_creating[1]
    ms = [1000 * each / CREATES for each in (processor(worker) - spent, both)]
    return Cost(ms[0], max(0.0, ms[1]) if settings.database else 0.0, 0.0, 0)


async def _rested(settings: Settings, worker: int) -> None:
    """Until nothing is left to deliver."""
    waiting = "SELECT count(*) AS many FROM delivery WHERE state IN ('waiting', 'claimed')"
    while await _one(settings, waiting) or processor(worker) < 0.5:  # noqa: ASYNC110
        await asyncio.sleep(LOOKS)


async def _calls(settings: Settings) -> float:
    return await calls_so_far(settings.database) if settings.database else 0.0


async def _one(settings: Settings, statement: str) -> int:
    if settings.database:
        connection = await asyncpg.connect(settings.database)
        try:
            return int(await connection.fetchval(statement))
        finally:
            await connection.close()
    with contextlib.closing(sqlite3.connect(settings.data / "parvis.sqlite")) as connection:
        return int(connection.execute(statement).fetchone()[0])
