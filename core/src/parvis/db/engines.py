"""What every use case knows of an engine, how the two kinds differ in few words, and work that must come to an end."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar, cast

from piccolo.querystring import QueryString
from piccolo.table import Table

Query = TypeVar("Query", bound=Any)


class Engine(Protocol):
    """A database of either kind, opened from its URL by `parvis.db.binding`; it counts the `writes` of this process."""

    writes: int

    @property
    def engine_type(self) -> str: ...

    @property
    def current_transaction(self) -> ContextVar[Any]: ...

    def transaction(self, *, allow_nested: bool = ...) -> AbstractAsyncContextManager[Any]:
        """One transaction, begun with its first statement."""
        ...

    async def at_once(self, querystring: QueryString) -> Sequence[Any]:
        """One statement, which may write, as a transaction of its own; inside an open one it is part of that."""
        ...

    async def start(self) -> None:
        """Open it, so that a database which cannot be used is known at once."""

    async def close(self) -> None:
        """Close what is kept open; it may be started again."""


async def look_at_replica(engine: Engine) -> None:
    """See how far the replica of a database is behind; SQLite has none."""
    if (look := getattr(engine, "look_at_replica", None)) is not None:
        await look()


def seconds_behind(engine: Engine) -> float | None:
    """How far a replica may be behind; None where there is none, or it is away."""
    replica = getattr(engine, "replica", None)
    return replica.behind if replica is not None else None


def is_copied(engine: Engine) -> bool:
    """Whether the replica is one of this database, as far as anybody has seen."""
    replica = getattr(engine, "replica", None)
    return replica is None or bool(replica.is_copy)


def skip_locked(engine: Engine) -> str:
    """What a claiming SELECT ends with: rows that another worker holds are passed over. SQLite has one writer."""
    return "FOR UPDATE SKIP LOCKED" if engine.engine_type == "postgres" else ""


def held(query: Query, engine: Engine, *, skips: bool = False) -> Query:
    """The same select, its rows locked until the transaction ends; on SQLite it already holds the only writer.

    With `skips` rows that somebody else has locked are left out.
    """
    return cast(Query, query.lock_rows(skip_locked=skips)) if engine.engine_type == "postgres" else query


def shared(sql: str, engine: Engine) -> str:
    """The same select in SQL, its rows kept from change until the transaction ends; others may keep them so too."""
    return f"{sql} FOR SHARE" if engine.engine_type == "postgres" else sql


def in_seconds(column: str, table: type[Table]) -> str:
    """A moment of a row in whole seconds since 1970."""
    on_postgres = f"CAST(floor(extract(epoch FROM {column})) AS bigint)"
    return on_postgres if table._meta.db.engine_type == "postgres" else f"CAST(strftime('%s', {column}) AS integer)"


def month_in(seconds: str, table: type[Table]) -> str:
    """The month, as "2026-11", in which so many seconds since 1970 lie."""
    on_postgres = f"to_char(to_timestamp({seconds}) AT TIME ZONE 'UTC', 'YYYY-MM')"
    return on_postgres if table._meta.db.engine_type == "postgres" else f"strftime('%Y-%m', {seconds}, 'unixepoch')"


T = TypeVar("T")


class Endings:
    """The endings under way for one engine."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work in a task of its own, which a cancellation of the caller does not reach."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def wait(self) -> None:
        """Until none is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)
