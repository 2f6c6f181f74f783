"""Bytes that each request of years takes, by table and by index, on both engines."""

import asyncio
import contextlib
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg

from benchmarks.generate import generate_in_postgres, generate_in_sqlite
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, postgres, settings_for

ROWS = 20_000
LEAST = 4  # bytes of a request, below which a line tells nothing
IN_SQLITE = """
SELECT m.tbl_name AS of, m.type = 'index' AS is_index, sum(d.pgsize) AS bytes
FROM dbstat d JOIN sqlite_master m ON m.name = d.name GROUP BY 1, 2"""
IN_POSTGRES = """
SELECT c.relname AS of, false AS is_index, pg_table_size(c.oid) AS bytes FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'
UNION ALL SELECT c.relname, true, pg_indexes_size(c.oid) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'"""
Sizes = dict[tuple[str, bool], float]


def measure() -> str:
    """The table: rows and indexes of each table, as bytes for one request."""
    columns: dict[str, Sizes] = {}
    with folder() as place, contextlib.redirect_stdout(io.StringIO()):
        asyncio.run(lived_in(settings_for(place)))
        generate_in_sqlite(place / "parvis.sqlite", ROWS)
        columns["SQLite"] = _in_sqlite(place / "parvis.sqlite")
    with folder() as place, postgres() as url:
        if url is not None:
            with contextlib.redirect_stdout(io.StringIO()):
                asyncio.run(lived_in(settings_for(place, url)))
            columns["PostgreSQL"] = asyncio.run(_in_postgres(url))
    return told(columns)


def told(columns: dict[str, Sizes]) -> str:
    names = {name for sizes in columns.values() for (name, _), of_one in sizes.items() if of_one >= LEAST}
    most = {name: max(_of(sizes, name) for sizes in columns.values()) for name in names}
    lines: list[list[object]] = []
    for name in sorted(names, key=lambda each: -most[each]):
        cells = [f"{sizes.get((name, is_index), 0):,.0f}" for sizes in columns.values() for is_index in (False, True)]
        lines.append([f"`{name}`", *cells])
    whole = [
        f"{sum(b for (_, kind), b in sizes.items() if kind is is_index):,.0f}"
        for sizes in columns.values()
        for is_index in (False, True)
    ]
    titles = ["table", *(f"{engine}: {what}" for engine in columns for what in ("rows", "indexes"))]
    words = (
        f"Bytes for each request, of {ROWS:,} with the histories of the demo; indexes as they are when just made.\n\n"
    )
    return "## Size\n\n" + words + table(titles, [*lines, ["all", *whole]])


def _of(sizes: Sizes, name: str) -> float:
    return sizes.get((name, False), 0) + sizes.get((name, True), 0)


def _in_sqlite(file: Path) -> Sizes:
    with closing(sqlite3.connect(file)) as connection:
        many = connection.execute("SELECT count(*) FROM service_request").fetchone()[0]
        return {(of, bool(is_index)): size / many for of, is_index, size in connection.execute(IN_SQLITE)}


async def _in_postgres(url: str) -> Sizes:
    await generate_in_postgres(url, ROWS)
    connection = await asyncpg.connect(url)
    try:
        many = await connection.fetchval("SELECT count(*) FROM service_request")
        return {(row["of"], row["is_index"]): row["bytes"] / many for row in await connection.fetch(IN_POSTGRES)}
    finally:
        await connection.close()
