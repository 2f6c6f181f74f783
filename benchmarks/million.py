"""What the desk costs with ten thousand, a hundred thousand and very many requests of years, on both engines."""

import asyncio
import contextlib
import io
import resource
import time
from datetime import timedelta
from pathlib import Path

import httpx
from msgspec import Struct

from benchmarks.curves import curves
from benchmarks.generate import generate_in_postgres, generate_in_sqlite
from benchmarks.pages import sign_in
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
ON_SQLITE, ON_POSTGRES = (10_000, 100_000), (10_000, 100_000, 1_000_000)
PLACES = {
    "queue": "/bureau",
    "queue, closed, newest first": "/bureau?ouvertes=non&tri=newest",
    "queue, everything, due first": "/bureau?ouvertes=toutes",
    "queue, overdue": "/bureau?retard=oui",
    "queue, nobody’s": "/bureau?a=personne",
    "queue, one unit": "/bureau?unite=roads",
    "stalled work": "/bureau/ce-qui-traine",
    "search, half a reference": "/bureau?q={half}&ouvertes=toutes",
    "search, rare words": "/bureau?q=aragon+tremblay&ouvertes=toutes",
    "search, frequent word": "/bureau?q=rue&ouvertes=toutes",
    "search, frequent word, open": "/bureau?q=rue",
    "search, frequent and rare": "/bureau?q=rue+aragon&ouvertes=toutes",
    "search, a slip": "/bureau?q=boulnagerie+tramblay&ouvertes=toutes",
    "search, nothing": "/bureau?q=introuvable&ouvertes=toutes",
    "search, telephone in groups": "/bureau?q=514+{phone}&ouvertes=toutes",
    "request": "/bureau/requete/{reference}",
    "dashboard": "/bureau/tableau",
    "other levels, a year": "/bureau/tableau/essai?depuis=2000-01-01",
    "sheet of 10,000": "/bureau/liste.csv?ouvertes=toutes",
    "auditor’s pack of a month": "/bureau/tableau/verification/dossier.zip?depuis={month}-01&jusqua={month}-28",
}


class Cost(Struct, frozen=True, kw_only=True):
    """What one page cost: milliseconds of the server, statements, and the memory of the process after it."""

    ms: float
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
    with folder() as place, postgres() as url:
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
        statements = sorted({cost.statements for cost in found})
        megabytes = max(cost.megabytes for cost in found)
        lines.append([name, *(f"{cost.ms:.0f}" for cost in found), " or ".join(map(str, statements)), megabytes])
    note = (
        "Server time without the network in milliseconds, the best of seven; the whole town is seen. Memory is what "
        "the process had grown to afterwards, at most. `growth.svg` shows the same as curves.\n\n"
    )
    HERE.joinpath("growth.svg").write_text(curves(columns), "utf-8")
    return "## Many years\n\n" + note + table(["page", *columns, "statements", "MB"], lines)


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
            return {name: await _page(http, address.format(**known)) for name, address in PLACES.items()}


async def _page(http: httpx.AsyncClient, address: str) -> Cost:
    times = []
    for number in range(TIMES + 1):
        begun = time.perf_counter()
        with counted() as queries:
            (await http.get(address)).raise_for_status()
        if number:  # the first warms
            times.append((time.perf_counter() - begun) * 1000)
        if len(times) >= 2 and sum(times) > 5_000:
            break
    return Cost(ms=min(times), statements=queries.count, megabytes=_megabytes())


def _megabytes() -> int:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() >> 20
