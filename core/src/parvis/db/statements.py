"""The one door through which every statement of either engine passes: counted, checked, its errors in our words."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import msgspec
from piccolo.querystring import QueryString

from parvis.db.errors import HouseRuleBroken
from parvis.db.rows import NewRow

READS = ("SELECT", "WITH", "VALUES", "EXPLAIN", "SHOW", "PRAGMA")

Rows = list[dict[str, Any]]


class Queries(msgspec.Struct):
    """The statements sent while they were counted, in order."""

    statements: list[str] = []

    @property
    def count(self) -> int:
        return len(self.statements)


_counting: ContextVar[Queries | None] = ContextVar("parvis_counted_queries", default=None)


@contextmanager
def counted() -> Iterator[Queries]:
    """Note every statement sent by this task, and by tasks started inside; BEGIN and COMMIT are not statements."""
    queries = Queries()
    token = _counting.set(queries)
    try:
        yield queries
    finally:
        _counting.reset(token)


def note(sql: str) -> None:
    """A statement is about to be sent."""
    if (queries := _counting.get()) is not None:
        queries.statements.append(sql)


class OpenUnit(Protocol):
    """What a running transaction of either engine offers; it begins with its first statement."""

    task: asyncio.Task[Any] | None
    kept: list[NewRow]

    async def catch_up(self) -> None:
        """Begin, if need be, and write the rows kept so far."""

    async def run(self, sql: str, args: list[Any]) -> Sequence[Any]:
        """Run a statement on the unit's connection."""


class OneDoor:
    """Replaces how Piccolo's engines send statements; mixed in before them."""

    __slots__ = ()

    engine_type: str
    current_transaction: ContextVar[Any]

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Sequence[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.send(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Sequence[Any]:
        return await self.send(ddl, [])

    async def send(self, sql: str, args: list[Any]) -> Sequence[Any]:
        """Send one statement, on the open unit's connection where there is one."""
        opened = self._opened(sql)
        if opened is None:
            note(sql)
            with self.in_our_words():
                return await self.outside(sql, args)
        with self.in_our_words():
            await opened.catch_up()
            note(sql)
            return await opened.run(sql, args)

    async def put(self, rows: Sequence[NewRow]) -> None:
        """Keep new rows for the open unit to write."""
        opened = self._opened("INSERT")
        if opened is not None:
            opened.kept.extend(rows)

    def _opened(self, sql: str) -> OpenUnit | None:
        opened: OpenUnit | None = self.current_transaction.get()
        if opened is None and not sql.lstrip("( \n").upper().startswith(READS):
            raise HouseRuleBroken(f"a write outside a unit of work, use `async with unit(engine)`: {sql[:200]}")
        if opened is not None and opened.task is not asyncio.current_task():
            raise HouseRuleBroken(f"a task started inside a unit of work may not use its connection: {sql[:200]}")
        return opened

    def in_our_words(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    async def outside(self, sql: str, args: list[Any]) -> Sequence[Any]:
        raise NotImplementedError
