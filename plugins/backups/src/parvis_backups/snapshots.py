"""The database at one moment, while others write: copied into a set, and asked what it names."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import asyncpg
from msgspec import Struct

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db.binding import SQLITE
from parvis.db.postgres import postgres_in_our_words
from parvis.requests.erasure_rules import columns_of_contents
from parvis.requests.host import Host
from parvis_backups.postgres_tools import run, tool
from parvis_backups.sets import DATABASES

COUNTED = ("service_request", "entry", "delivery", "attachment", "agent")
SMALLER = 4  # times, at least, that a dump is than the database, whose indexes it leaves out
PAGES = -1  # all at once: a reader does not hold up writers, and a write would make a copy in steps begin anew


class Snapshot(Protocol):
    """The database at `made_at`, whatever is written since."""

    made_at: datetime

    async def rows(self, sql: str) -> list[Any]: ...


class SQLiteSnapshot:
    """A copy of the file."""

    def __init__(self, copy: Path, made_at: datetime) -> None:
        self.copy, self.made_at = copy, made_at

    async def rows(self, sql: str) -> list[Any]:
        return await asyncio.to_thread(read_sqlite, self.copy, sql)


class PostgresSnapshot:
    """An open transaction that sees one moment, which the dump shares."""

    def __init__(self, connection: Any, made_at: datetime) -> None:
        self.connection, self.made_at = connection, made_at

    async def rows(self, sql: str) -> list[Any]:
        return [tuple(row.values()) for row in await self.connection.fetch(sql)]


@asynccontextmanager
async def snapshot(url: str, folder: Path, tools: str = "") -> AsyncIterator[Snapshot]:
    """Copy the database into a set; it can be asked as long as this lasts."""
    if url.startswith(SQLITE):
        made_at = clock.now()
        await asyncio.to_thread(copy_sqlite, file_of(url), folder / DATABASES["sqlite"])
        yield SQLiteSnapshot(folder / DATABASES["sqlite"], made_at)
        return
    async with connected(url) as connection:
        program = tool("pg_dump", connection.get_server_version().major, tools)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            shared, made_at = await connection.fetchval("SELECT pg_export_snapshot()"), clock.now()
            options = ("--format=custom", f"--snapshot={shared}", f"--file={folder / DATABASES['postgres']}")
            await asyncio.to_thread(run, program, url, *options)
            yield PostgresSnapshot(connection, made_at)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """A connection of its own to PostgreSQL, outside of the pool and without its limits of time."""
    with postgres_in_our_words(urlsplit(url).hostname or "the database"):
        connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


class Named(Struct, frozen=True, kw_only=True):
    """What a snapshot names: contents of the store, with their size where it is known, and rows by table."""

    contents: dict[str, int]
    counts: dict[str, int]
    steps: dict[str, tuple[str, ...]]


async def named_in(shot: Snapshot, host: Host) -> Named:
    """What the files of a set must be, and what its manifest says of the database."""
    contents: dict[str, int] = {}
    for table, column in columns_of_contents(host):
        size = "MAX(size)" if (table, column) == ("attachment", "digest") else "0"
        for digest, known in await shot.rows(f'SELECT "{column}", {size} FROM "{table}" GROUP BY "{column}"'):  # noqa: S608
            if digest:
                contents[digest] = max(int(known or 0), contents.get(digest, 0))
    steps: dict[str, list[str]] = {}
    for app, name in await shot.rows("SELECT app_name, name FROM migration ORDER BY app_name, name"):
        steps.setdefault(app, []).append(name)
    return Named(
        contents=contents,
        counts={table: (await shot.rows(f'SELECT COUNT(*) FROM "{table}"'))[0][0] for table in COUNTED},  # noqa: S608
        steps={app: tuple(names) for app, names in steps.items()},
    )


def copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's own backup: whole as of one moment, in one file."""
    try:
        address = f"file:{quote(str(source.absolute()))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True)) as there, closing(sqlite3.connect(target)) as here:
            there.backup(here, pages=PAGES)
            here.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise Unusable(f"{target}: the database could not be copied ({error})") from None


def read_sqlite(file: Path, sql: str) -> list[Any]:
    """Rows of a copy that nobody writes to."""
    with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def file_of(url: str) -> Path:
    """The file of an address of SQLite."""
    return Path(unquote(url.removeprefix(SQLITE)))


async def size_of_database(url: str) -> int:
    """About how many bytes its copy takes."""
    if url.startswith(SQLITE):
        file = file_of(url)
        return sum(each.stat().st_size for each in (file, file.with_name(f"{file.name}-wal")) if each.exists())
    async with connected(url) as connection:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())")) // SMALLER


def refuse_full_disk(folder: Path, needed: int) -> None:
    """Raise where there is less room than what will be written."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Unusable(f"{folder}: {free // 1_000_000} MB free, about {-(-needed // 1_000_000)} MB are needed")
