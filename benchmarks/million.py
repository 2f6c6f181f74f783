"""What the desk costs with ten thousand, a hundred thousand and a million requests of years, and what it reads."""

import asyncio
import contextlib
import io
import resource
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
from msgspec import Struct

from benchmarks.bounds import bounded
from benchmarks.creates import COUNTING
from benchmarks.curves import curves
from benchmarks.generate import generate_in_postgres, generate_in_sqlite
from benchmarks.pages import sign_in
from benchmarks.processes import backends
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, postgres, settings_for
from parvis import clock
from parvis.app import create_app
from parvis.db import counted
from parvis.db.tables import ServiceRequest
from parvis.logs import begin_logging
from parvis.settings import Settings

TIMES = 7
HERE = Path(__file__).parent
ON_SQLITE = ON_POSTGRES = (10_000, 100_000, 1_000_000)
PLACES = {
    "queue": "/bureau",
    "queue, closed, newest first": "/bureau?ouvertes=non&tri=newest",
    "queue, everything, due first": "/bureau?ouvertes=toutes",
    "queue, overdue": "/bureau?retard=oui",
    "queue, nobody’s": "/bureau?a=personne",
    "queue, one unit": "/bureau?unite=roads",
    "queue, one kind, closed": "/bureau?type=pothole&ouvertes=non",
    "queue, mine": "/bureau?a=moi",
    "stalled work": "/bureau/ce-qui-traine",
    "for me": "/bureau/pour-moi",
    "to do": "/bureau/a-faire",
    "map": "/bureau/carte",
    "groups of the map": "/bureau/carte/points?zoom=12&view=-73.70,45.45,-73.50,45.60",
    "calls": "/bureau/appels",
    "undelivered": "/bureau/non-remis",
    "deadlines": "/bureau/echeances",
    "inspections": "/bureau/terrain",
    "tasks": "/bureau/taches",
    "incidents": "/bureau/incidents",
    "mail to sort": "/bureau/courriels",
    "public pages": "/bureau/pages-publiques",
    "many at once": "/bureau/plusieurs",
    "new request": "/bureau/nouvelle",
    "who asked": "/bureau/renseignements-consultes",
    "search, half a reference": "/bureau?q={half}&ouvertes=toutes",
    "search, rare words": "/bureau?q=aragon+tremblay&ouvertes=toutes",
    "search, frequent word": "/bureau?q=rue&ouvertes=toutes",
    "search, frequent word, open": "/bureau?q=rue",
    "search, frequent and rare": "/bureau?q=rue+aragon&ouvertes=toutes",
    "search, a slip": "/bureau?q=boulnagerie+tramblay&ouvertes=toutes",
    "search, nothing": "/bureau?q=introuvable&ouvertes=toutes",
    "search, telephone in groups": "/bureau?q=514+{phone}&ouvertes=toutes",
    "request": "/bureau/requete/{reference}",
    "its versions": "/bureau/requete/{reference}/versions",
    "whole file": "/bureau/requete/{reference}/dossier",
    "dashboard": "/bureau/tableau",
    "map of the dashboard": "/bureau/tableau/carte",
    "decisions": "/bureau/tableau/decisions",
    "audit": "/bureau/tableau/verification",
    "other levels, a year": "/bureau/tableau/essai?depuis=2000-01-01",
    "sheet of 10,000": "/bureau/liste.csv?ouvertes=toutes",
    "auditor’s pack of a month": "/bureau/tableau/verification/dossier.zip?depuis={month}-01&jusqua={month}-28",
}


EXPORTS = ("other levels, a year", "sheet of 10,000", "auditor’s pack of a month")  # no pages that people leaf through
MOST = 100.0  # milliseconds of processor of a page, however much is stored
BLOCKS = """
SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::int AS blocks FROM pg_stat_statements s
JOIN pg_database d ON d.oid = s.dbid WHERE datname = current_database() AND query NOT LIKE '%pg_stat_statements%'"""


class Cost(Struct, frozen=True, kw_only=True):
    """What one page cost: milliseconds of processor of server and database, what PostgreSQL read, and statements.

    `blocks` are those of 8 kB that it touched, in memory or not: how much work it was, on any machine.
    """

    ms: float
    blocks: int
    statements: int
    megabytes: int


def measure(on_sqlite: tuple[int, ...] = ON_SQLITE, on_postgres: tuple[int, ...] = ON_POSTGRES) -> str:
    """Milliseconds and statements of each page, for the person who may see the whole town."""
    columns: dict[str, dict[str, Cost]] = {}
    with folder() as place:
        settings = settings_for(place)
        if on_sqlite:
            _in_quiet(settings)
        for rows in on_sqlite:
            generate_in_sqlite(place / "parvis.sqlite", rows)
            columns[f"SQLite, {rows:,}"] = asyncio.run(_pages(settings))
    with folder() as place, postgres(COUNTING) as url:
        if url is not None and on_postgres:
            settings = settings_for(place, url)
            _in_quiet(settings)
            for rows in on_postgres:
                asyncio.run(generate_in_postgres(url, rows))
                columns[f"PostgreSQL, {rows:,}"] = asyncio.run(_pages(settings))
    return told(columns)


def told(columns: dict[str, dict[str, Cost]]) -> str:
    """The table of what was measured; its curves are drawn beside it."""
    lines: list[list[object]] = []
    for name in PLACES:
        found = [column[name] for column in columns.values()]
        statements = " or ".join(map(str, sorted({cost.statements for cost in found})))
        most = float("inf") if name in EXPORTS else MOST
        ms = [bounded(f"{name}, {at}, ms", column[name].ms, most, "{:.0f}") for at, column in columns.items()]
        blocks = [f"{column[name].blocks:,}" for at, column in columns.items() if at.startswith("PostgreSQL")]
        lines.append([name, *ms, *blocks, statements, max(cost.megabytes for cost in found)])
    note = (
        "Milliseconds of processor of server and PostgreSQL for one page, the best of seven, without the network; "
        "the whole town is seen. Blocks are how many of 8 kB PostgreSQL touched, in memory or not. The last column is "
        "what the process had grown to afterwards, at most. `growth.svg` shows the milliseconds as curves.\n\n"
    )
    HERE.joinpath("growth.svg").write_text(curves(columns), "utf-8")
    read = [f"blocks, {at.split()[-1]}" for at in columns if at.startswith("PostgreSQL")]
    return "## Many years\n\n" + note + table(["page", *columns, *read, "statements", "MB"], lines)


def _in_quiet(settings: Settings) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        asyncio.run(lived_in(settings))


async def _pages(settings: Settings) -> dict[str, Cost]:
    begin_logging(settings)
    app = create_app(settings)
    async with app.lifespan():
        rows = await ServiceRequest.raw(
            "SELECT r.reference, c.phone FROM service_request r JOIN contact c ON c.request = r.id "
            "WHERE r.jurisdiction = 'parvis' AND r.entries >= 4 AND c.phone <> '' AND r.identity <> 'confidential' "
            "LIMIT 1"
        )
        reference, phone = rows[0]["reference"], rows[0]["phone"][5:]
        month = (clock.now().replace(day=1) - timedelta(days=200)).strftime("%Y-%m")
        known = {
            "reference": reference,
            "half": reference[:6],
            "phone": f"{phone[:3]}-{phone[3:]}",
            "month": month,
        }
        transport = httpx.ASGITransport(app=app)
        base_url = app.state.deployment.host.base_url
        async with httpx.AsyncClient(transport=transport, base_url=base_url, headers={"accept": "text/html"}) as http:
            await sign_in(http)
            url = settings.database
            return {name: await _page(http, address.format(**known), url) for name, address in PLACES.items()}


async def _page(http: httpx.AsyncClient, address: str, url: str) -> Cost:
    times, database = [], url.rpartition("/")[2]
    for number in range(TIMES + 1):
        used, begun = backends(f"parvis {database}"), time.process_time()
        with counted() as queries:
            answer = await http.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        if number:  # the first warms
            times.append((time.process_time() - begun + backends(f"parvis {database}") - used) * 1000)
        if len(times) >= 2 and sum(times) > 5_000:
            break
    blocks = await _blocks(http, address, url) if url else 0
    return Cost(ms=max(0.0, min(times)), blocks=blocks, statements=queries.count, megabytes=_megabytes())


async def _blocks(http: httpx.AsyncClient, address: str, url: str) -> int:
    """How much of the database one more look at a page touches."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        before = await connection.fetchval(BLOCKS)
        await http.get(address)
        return int(await connection.fetchval(BLOCKS) - before)
    finally:
        await connection.close()


def _megabytes() -> int:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() >> 20
