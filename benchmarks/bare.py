"""The limit of a creation: Litestar and asyncpg alone, which write the rows of the newest request again.

`python benchmarks/bare.py URL PORT`; it imports nothing of Parvis.
"""

import sys
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from litestar import Litestar, Request, post

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

    def __init__(self, found: dict[str, list[dict[str, Any]]]) -> None:
        self.statements = []
        for name, rows in found.items():
            for row in rows:
                columns = ", ".join(f'"{each}"' for each in row)
                marks = ", ".join(f"${number}" for number in range(1, len(row) + 1))
                self.statements.append((name, row, f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'))

    async def write(self, connection: Any) -> None:
        request, reference = uuid4(), uuid4().hex[:11]
        async with connection.transaction():
            for name, row, sql in self.statements:
                values = [_anew(name, column, value, request, reference) for column, value in row.items()]
                await connection.execute(sql, *values)


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

    async def write(self) -> None:
        if self.rows is None:
            self.rows = await self._newest()
        async with self.pool.acquire() as connection:
            await self.rows.write(connection)

    async def _newest(self) -> Rows:
        request = await self.pool.fetchrow("SELECT id, reference FROM service_request ORDER BY id DESC LIMIT 1")
        found = {}
        for name, column in TABLES.items():
            of = request["reference"] if column == "reference" else request["id"]
            found[name] = [
                dict(row) for row in await self.pool.fetch(f'SELECT * FROM "{name}" WHERE "{column}" = $1', of)
            ]
        return Rows({name: rows for name, rows in found.items() if rows})


def application(url: str) -> Litestar:
    database = Database(url)

    @post("/")
    async def create(request: Request[Any, Any, Any]) -> dict[str, str]:
        await request.json()
        await database.write()
        return {"reference": "made"}

    return Litestar([create], on_startup=[database.open], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error", access_log=False)
