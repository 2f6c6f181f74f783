"""The one place through which every statement of either engine passes: counted, checked, its errors in our words."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple, Protocol

import msgspec
from piccolo.apps.migrations.tables import Migration
from piccolo.engine.base import Engine as PiccoloEngine
from piccolo.querystring import QueryString
from piccolo.table import Table

from parvis.db.errors import HouseRuleBroken
from parvis.spans import span

COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info({})",
    "postgres": "SELECT column_name AS name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = {}",
}

MOST_TOGETHER = 200  # rows of one statement, far from what either engine allows

Statement = tuple[str, list[Any]]


class NewRow(NamedTuple):
    """A row to be written, with a value for every column."""

    table: type[Table]
    values: Mapping[str, Any]


READS = ("SELECT", "WITH", "VALUES", "EXPLAIN", "SHOW", "PRAGMA")


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
        """Run a statement on the connection of the transaction."""


class NamedOnly(PiccoloEngine[Any]):
    """Asks nothing when an engine is named: Piccolo's own would ask for versions then, in two threads.

    It stands after Piccolo's engine among the bases of ours, and so between that and its base.
    """

    __slots__ = ()

    def __init__(self, engine_type: str, min_version_number: float, **logged: bool) -> None:
        self.engine_type, self.min_version_number, self.query_id = engine_type, min_version_number, 0
        self.log_queries = self.log_responses = False


class OneDoor:
    """Replaces how Piccolo's engines send statements; mixed in before them."""

    __slots__ = ()

    engine_type: str
    current_transaction: ContextVar[Any]
    writes = 0  # units of work that this process has ended

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Sequence[Any]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.send(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Sequence[Any]:
        return await self.send(ddl, [])

    async def send(self, sql: str, args: list[Any]) -> Sequence[Any]:
        """Send one statement, on the connection of the open transaction where there is one."""
        opened = self._opened(sql)
        if opened is None:
            note(sql)
            with self.in_our_words(), span("statement", sql):
                return await self.outside(sql, args)
        with self.in_our_words():
            await opened.catch_up()
            note(sql)
            with span("statement", sql):
                return await opened.run(sql, args)

    async def at_once(self, querystring: QueryString) -> Sequence[Any]:
        """One statement, which may write, as a transaction of its own; inside an open one it is part of that."""
        if self.current_transaction.get() is not None:
            return await self.run_querystring(querystring)
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        note(sql)
        with self.in_our_words(), span("statement", sql):
            return await self.alone(sql, args)

    async def put(self, rows: Sequence[NewRow]) -> None:
        """Keep new rows for the open transaction to write."""
        opened = self._opened("INSERT")
        if opened is not None:
            opened.kept.extend(rows)

    def _opened(self, sql: str) -> OpenUnit | None:
        opened: OpenUnit | None = self.current_transaction.get()
        if opened is None and not sql.lstrip("( \n").upper().startswith(READS):
            raise HouseRuleBroken(f"a write outside a unit of work, use `async with transaction(engine)`: {sql[:200]}")
        if opened is not None and opened.task is not asyncio.current_task():
            raise HouseRuleBroken(f"a task started inside a unit of work may not use its connection: {sql[:200]}")
        return opened

    def in_our_words(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    async def outside(self, sql: str, args: list[Any]) -> Sequence[Any]:
        raise NotImplementedError

    async def alone(self, sql: str, args: list[Any]) -> Sequence[Any]:
        raise NotImplementedError


"""SQL and the values of its placeholders."""


async def insert(*rows: Table) -> None:
    """Inside a transaction: write new rows of one table, whose values are plain: no nested tables, no enums, no JSON.

    They are sent with its other new rows before its next other statement, at the latest when it ends: a key
    taken twice may be told only then. A row comes after those it refers to.
    """
    if rows:
        table = type(rows[0])
        await insert_values(table, *({name: getattr(row, name) for name in _names(table)} for row in rows))


async def insert_values(table: type[Table], *rows: Mapping[str, Any]) -> None:
    """The same of rows that are plain mappings with a value for every column, which cost a third of row objects."""
    engine: Any = table._meta.db
    await engine.put([NewRow(table, values) for values in rows])


def pieces(rows: Sequence[NewRow]) -> Iterator[Sequence[NewRow]]:
    """The rows in order, as many at a time as go into one statement."""
    return (rows[start : start + MOST_TOGETHER] for start in range(0, len(rows), MOST_TOGETHER))


def statements(rows: Iterable[NewRow], engine_type: str) -> list[Statement]:
    """One INSERT for each table, in the order in which the tables first come."""
    return [(_insertion(table, len(group), engine_type, 1), _values(table, group)) for table, group in _by_table(rows)]


def one_statement(rows: Iterable[NewRow]) -> Statement:
    """All rows of all tables in one statement, as PostgreSQL takes it."""
    groups = _by_table(rows)
    shape = tuple((table, len(group)) for table, group in groups)
    return _together(shape), [value for table, group in groups for value in _values(table, group)]


def _by_table(rows: Iterable[NewRow]) -> list[tuple[type[Table], list[Mapping[str, Any]]]]:
    groups: dict[type[Table], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.table, []).append(row.values)
    return list(groups.items())


def _values(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    names = _names(table)
    return [row[name] for row in rows for name in names]


@cache
def _names(table: type[Table]) -> tuple[str, ...]:
    return tuple(column._meta.name for column in table._meta.columns)


@cache
def _together(shape: tuple[tuple[type[Table], int], ...]) -> str:
    inserts, first = [], 1
    for table, count in shape:
        inserts.append(_insertion(table, count, "postgres", first))
        first += len(_names(table)) * count
    *before, last = inserts
    parts = ", ".join(f"part_{number} AS ({insert})" for number, insert in enumerate(before))
    return f"WITH {parts} {last}" if before else last


@cache
def _insertion(table: type[Table], count: int, engine_type: str, first: int) -> str:
    columns = [column._meta.db_column_name for column in table._meta.columns]
    marks = iter(range(first, first + len(columns) * count))
    sign = "$" if engine_type == "postgres" else "?"
    values = ", ".join(f"({', '.join(f'{sign}{next(marks)}' for _ in columns)})" for _ in range(count))
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES {values}'  # noqa: S608 - names of our own tables


async def columns_there(table: str) -> frozenset[str]:
    """The names of the columns of a table of the database; none where there is no such table."""
    rows = await Migration.raw(COLUMNS[Migration._meta.db.engine_type], table)
    return frozenset(row["name"] for row in rows)
