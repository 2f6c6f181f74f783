"""The database as it stood at one moment, read while others write, on a connection of its own."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol
from urllib.parse import quote

import asyncpg

from parvis.db import Engine
from parvis.db.postgres import PooledPostgresEngine, postgres_in_our_words
from parvis.db.sqlite import KeptSQLiteEngine, sqlite_in_our_words

TOGETHER = 1000  # rows that are read at once
Rows = list[tuple[Any, ...]]


class Moment(Protocol):
    """What can be asked of it: rows in their order, some at a time."""

    def pages(self, sql: str) -> AsyncIterator[Rows]: ...


class OfSQLite:
    """A reading transaction of SQLite, which does not hold up writers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    async def pages(self, sql: str) -> AsyncIterator[Rows]:
        cursor = await asyncio.to_thread(self.connection.execute, sql)
        while rows := await asyncio.to_thread(cursor.fetchmany, TOGETHER):
            yield rows


class OfPostgres:
    """A transaction that sees what was committed when it began."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def pages(self, sql: str) -> AsyncIterator[Rows]:
        cursor = await self.connection.cursor(sql)
        while rows := await cursor.fetch(TOGETHER):
            yield [tuple(row) for row in rows]


@asynccontextmanager
async def one_moment(engine: Engine) -> AsyncIterator[Moment]:
    """It lasts as long as the block."""
    if isinstance(engine, KeptSQLiteEngine):
        with sqlite_in_our_words(engine.file):
            connection = await asyncio.to_thread(_opened, engine)
            try:
                yield OfSQLite(connection)
            finally:
                connection.close()
    elif isinstance(engine, PooledPostgresEngine):
        with postgres_in_our_words(engine.name):
            opened = await asyncpg.connect(engine.config["dsn"], statement_cache_size=0)
            try:
                async with opened.transaction(isolation="repeatable_read", readonly=True):
                    await opened.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                    yield OfPostgres(opened)
            finally:
                await opened.close()


def _opened(engine: KeptSQLiteEngine) -> sqlite3.Connection:
    address = f"file:{quote(str(engine.file.absolute()))}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, check_same_thread=False, detect_types=sqlite3.PARSE_DECLTYPES
    )
    connection.execute("PRAGMA query_only=ON")
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM service_request LIMIT 1").fetchall()  # from here on it is this moment
    return connection
