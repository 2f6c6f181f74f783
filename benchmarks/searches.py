"""What a search at the desk costs by how many requests hold the word: CPU of process and database, and statements."""

import asyncio
import contextlib
import io
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.generate import NEVER_MET, SHARES, generate_in_postgres, generate_in_sqlite
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, postgres, settings_for
from parvis.access_scope import Reach
from parvis.db import counted
from parvis.db.tables import ServiceRequest
from parvis.deployment import open_deployment
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.visibility import PUBLIC, Viewer
from parvis.settings import Settings

TIMES, WARMING, SECONDS = 20, 7, 10  # PostgreSQL settles on a plan after five times
ON_SQLITE, ON_POSTGRES = (10_000, 100_000), (10_000, 100_000, 300_000)
TOWN = "parvis"
EVERYTHING = Viewer(kind="agent", reaches=(Reach(permissions=frozenset({"see", "contacts"}), jurisdiction=TOWN),))
NO_PERSONS = Viewer(kind="agent", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction=TOWN),))
MACHINE = Viewer(kind="token", reaches=NO_PERSONS.reaches)
RARE, SOME, MANY, MOST = SHARES
APART = " ".join(NEVER_MET)
Case = tuple[Viewer, Filters]
CASES: dict[str, Case] = {
    "no word": (EVERYTHING, Filters()),
    "0.1 %": (EVERYTHING, Filters(text=RARE)),
    "1 %": (EVERYTHING, Filters(text=SOME)),
    "5 %": (EVERYTHING, Filters(text=MANY)),
    "30 %": (EVERYTHING, Filters(text=MOST)),
    "two of 20 % that never meet": (EVERYTHING, Filters(text=APART)),
    "5 % and 30 %": (EVERYTHING, Filters(text=f"{MANY} {MOST}")),
    "an address": (EVERYTHING, Filters(text="{address}")),
    "a name": (EVERYTHING, Filters(text="tremblay")),
    "no request": (EVERYTHING, Filters(text="introuvable")),
    "1 %, open, one unit": (EVERYTHING, Filters(text=SOME, open=True, units=("roads",))),
    "5 %, open": (EVERYTHING, Filters(text=MANY, open=True)),
    "30 %, one kind": (EVERYTHING, Filters(text=MOST, types=("pothole",))),
    "30 %, a kind that is rare": (EVERYTHING, Filters(text=MOST, types=("{rarest}",))),
    "5 %, without persons": (NO_PERSONS, Filters(text=MANY)),
    "a name, without persons": (NO_PERSONS, Filters(text="tremblay")),
    "5 %, a machine": (MACHINE, Filters(text=MANY)),
    "an address, the public": (PUBLIC, Filters(text="{address}")),
}
INDEXES = {
    "sqlite": "SELECT name AS of, sum(pgsize) AS bytes FROM dbstat GROUP BY name",
    "postgres": "SELECT c.relname AS of, pg_relation_size(c.oid) AS bytes FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i')",
}


class SearchCost(Struct, frozen=True, kw_only=True):
    """Milliseconds of processor in this process and in the database, statements, and what was found."""

    ms: float
    of_database: float
    statements: int
    total: int


def measure(on_sqlite: Sequence[int] = ON_SQLITE, on_postgres: Sequence[int] = ON_POSTGRES) -> str:
    """Every case at each size; what an index of words takes is told below."""
    columns: dict[str, dict[str, SearchCost]] = {}
    sizes: dict[str, int] = {}
    with folder() as place:
        settings = settings_for(place)
        _in_quiet(settings)
        for rows in on_sqlite:
            generate_in_sqlite(place / "parvis.sqlite", rows)
            columns[f"SQLite, {rows:,}"], sizes[f"SQLite, {rows:,}"] = asyncio.run(costs(settings))
    with folder() as place, postgres() as url:
        if url is not None and on_postgres:
            settings = settings_for(place, url)
            _in_quiet(settings)
            for rows in on_postgres:
                asyncio.run(generate_in_postgres(url, rows))
                columns[f"PostgreSQL, {rows:,}"], sizes[f"PostgreSQL, {rows:,}"] = asyncio.run(costs(settings))
    return told(columns, sizes)


def told(columns: dict[str, dict[str, SearchCost]], sizes: dict[str, int]) -> str:
    """The table of what was measured."""
    lines: list[list[object]] = []
    for name in CASES:
        found = [column[name] for column in columns.values()]
        statements = sorted({cost.statements for cost in found})
        lines.append(
            [name, *(f"{cost.ms + cost.of_database:.1f}" for cost in found), " or ".join(map(str, statements))]
        )
    lines.append(["MB of texts and indexes of words", *(f"{size / 1e6:.0f}" for size in sizes.values()), ""])
    note = (
        "Milliseconds of processor for one search, the page of fifty and its count, in the process and in the database "
        f"together, without HTTP and template; the middle of {TIMES}.\n\n"
    )
    return "## Words by how many hold them\n\n" + note + table(["words", *columns, "statements"], lines)


def _in_quiet(settings: Settings) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        asyncio.run(lived_in(settings))


async def costs(settings: Settings) -> tuple[dict[str, SearchCost], int]:
    """What each case costs in one database, and how many bytes its texts and indexes of words take."""
    async with open_deployment(settings, migrating=True) as deployment:
        host = deployment.host
        known = await _known()
        found = {name: await _cost(host, viewer, _asked(filters, known)) for name, (viewer, filters) in CASES.items()}
        sizes = await ServiceRequest.raw(INDEXES[host.engine.engine_type])
        return found, sum(row["bytes"] for row in sizes if _is_of_words(row["of"]))


def _is_of_words(name: str) -> bool:
    return name.startswith(("search_", "sqlite_autoindex_search_", "request_text")) or name.endswith(
        ("_words", "_personal", "autoindex_request_text_1")
    )


async def _known() -> dict[str, str]:
    address = await ServiceRequest.raw(
        "SELECT address FROM service_request WHERE jurisdiction = 'parvis' AND address <> '' AND public "
        "ORDER BY submitted_at, id LIMIT 1 OFFSET 500"
    )
    kinds = await ServiceRequest.raw("SELECT type FROM service_request GROUP BY type ORDER BY count(*), type LIMIT 1")
    return {"address": address[0]["address"], "rarest": kinds[0]["type"]}


def _asked(filters: Filters, known: dict[str, str]) -> Filters:
    types = tuple(each.format(**known) for each in filters.types)
    return Filters(text=filters.text.format(**known), types=types, units=filters.units, open=filters.open)


async def _cost(host: Host, viewer: Viewer, filters: Filters) -> SearchCost:
    times, began = [], time.perf_counter()
    await queue(host, viewer, TOWN, filters)
    servers = await _servers(host)
    for number in range(WARMING + TIMES):
        before, here = _worked(servers), time.process_time()
        with counted() as queries:
            page = await queue(host, viewer, TOWN, filters)
        times.append(((time.process_time() - here) * 1000, _worked(servers) - before))
        if servers and times[-1][1] <= 0:  # another connection was taken
            times.pop()
            servers = await _servers(host)
        if number > 2 and time.perf_counter() - began > SECONDS:
            break
    counting = times[WARMING:] or times[-2:]
    ms, of_database = sorted(counting, key=sum)[len(counting) // 2]
    return SearchCost(ms=ms, of_database=of_database, statements=queries.count, total=page.total)


async def _servers(host: Host) -> list[int]:
    """The processes of PostgreSQL that work for this database; SQLite works in ours."""
    if host.engine.engine_type != "postgres":
        return []
    rows = await ServiceRequest.raw("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return [row["pid"] for row in rows]


def _worked(processes: list[int]) -> float:
    worked = 0
    for pid in processes:
        with contextlib.suppress(OSError):  # a connection that was closed meanwhile
            worked += int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0])
    return worked / 1e6
