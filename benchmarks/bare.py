"""The limits: Litestar and a driver alone, which say hello, read one row, write the rows of the newest request again.

`python benchmarks/bare.py URL-OR-FILE PORT`; it imports nothing of Parvis.
"""

import sqlite3
import sys
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from litestar import Litestar, Request, get, post

TABLES = {  # with the column that names the request, after which their rows are read
    "service_request": "id",
    "contact": "request",
    "clock": "request",
    "entry": "request",
    "delivery": "request",
    "once": "reference",  # the keys against repeats
}
ANEW = {"id", "event_id", "key", "reference"}


class Rows:
    """The rows of one request, each with the statement that writes it."""

    def __init__(self, found: dict[str, list[dict[str, Any]]], mark: str = "${}") -> None:
        self.statements = []
        for name, rows in found.items():
            for row in rows:
                columns = ", ".join(f'"{each}"' for each in row)
                marks = ", ".join(mark.format(number) for number in range(1, len(row) + 1))
                self.statements.append((name, row, f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'))

    def anew(self) -> list[tuple[str, list[Any]]]:
        """The same rows of another request."""
        request, reference = uuid4(), uuid4().hex[:11]
        return [
            (sql, [_anew(name, column, value, request, reference) for column, value in row.items()])
            for name, row, sql in self.statements
        ]


def _anew(table: str, column: str, value: Any, request: UUID, reference: str) -> Any:
    if column == "request" or (table == "service_request" and column == "id"):
        return request
    if column == "reference":
        return reference
    if column in ANEW:
        return uuid4() if isinstance(value, UUID) else str(uuid4())
    return value


class Database:
    """A pool, and the rows that it writes, read when the first one is asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.rows: Rows | None = None

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(self.url, min_size=8, max_size=8)
        self.reference = await self.pool.fetchval("SELECT reference FROM service_request ORDER BY id LIMIT 1")

    async def write(self) -> None:
        if self.rows is None:
            self.rows = await self._newest()
        async with self.pool.acquire() as connection, connection.transaction():
            for sql, values in self.rows.anew():
                await connection.execute(sql, *values)

    async def read(self) -> dict[str, Any]:
        """One row by its reference."""
        async with self.pool.acquire() as connection:
            row = await connection.fetchrow("SELECT * FROM service_request WHERE reference = $1", self.reference)
        return {name: str(value) for name, value in row.items()}

    async def _newest(self) -> Rows:
        request = await self.pool.fetchrow("SELECT id, reference FROM service_request ORDER BY id DESC LIMIT 1")
        found = {}
        for name, column in TABLES.items():
            of = request["reference"] if column == "reference" else request["id"]
            found[name] = [
                dict(row) for row in await self.pool.fetch(f'SELECT * FROM "{name}" WHERE "{column}" = $1', of)
            ]
        return Rows({name: rows for name, rows in found.items() if rows})


class File:
    """The same of SQLite, by one connection with the care for the disk that Parvis takes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.rows: Rows | None = None

    async def open(self) -> None:
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for each in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=20000"):
            self.connection.execute(f"PRAGMA {each}")
        first = self.connection.execute("SELECT reference FROM service_request ORDER BY id LIMIT 1")
        self.reference = first.fetchone()[0]

    async def read(self) -> dict[str, Any]:
        row = self.connection.execute("SELECT * FROM service_request WHERE reference = ?", [self.reference]).fetchone()
        return {name: str(row[name]) for name in row.keys()}  # noqa: SIM118 - a row is no mapping

    async def write(self) -> None:
        self.rows = self.rows or self._newest()
        self.connection.execute("BEGIN IMMEDIATE")
        for sql, values in self.rows.anew():
            self.connection.execute(sql, [str(each) if isinstance(each, UUID) else each for each in values])
        self.connection.execute("COMMIT")

    def _newest(self) -> Rows:
        row = self.connection.execute("SELECT id, reference FROM service_request ORDER BY id DESC LIMIT 1").fetchone()
        found = {}
        for name, column in TABLES.items():
            of = row["reference"] if column == "reference" else row["id"]
            rows = self.connection.execute(f'SELECT * FROM "{name}" WHERE "{column}" = ?', [of]).fetchall()
            found[name] = [{key: _typed(key, each[key]) for key in each.keys()} for each in rows]  # noqa: SIM118
        return Rows({name: rows for name, rows in found.items() if rows}, "?")


def _typed(column: str, value: Any) -> Any:
    """SQLite keeps UUIDs as words."""
    return UUID(value) if column in ("id", "event_id") and isinstance(value, str) and len(value) == 36 else value


def application(url: str) -> Litestar:
    database = Database(url) if url.startswith("postgres") else File(url)

    @post("/")
    async def create(request: Request[Any, Any, Any]) -> dict[str, str]:
        await request.json()
        await database.write()
        return {"reference": "made"}

    @get("/row")
    async def row() -> dict[str, Any]:
        return await database.read()

    @get("/hello")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return Litestar([create, row, hello], on_startup=[database.open], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error", access_log=False)
