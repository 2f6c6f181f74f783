"""Choosing an engine by its URL, and the few words in which the two engines differ."""

from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import unquote

from piccolo.table import Table

from parvis.db.postgres import PooledPostgresEngine
from parvis.db.sqlite import KeptSQLiteEngine

Engine: TypeAlias = KeptSQLiteEngine | PooledPostgresEngine
Query = TypeVar("Query", bound=Any)

CONNECTIONS = 10
SQLITE = "sqlite:///"


def open_engine(url: str, *, connections: int = CONNECTIONS) -> Engine:
    """Name a database; nothing is opened before `start` or the first query.

    `sqlite:///town.sqlite` lies in the current folder, `sqlite:////srv/town.sqlite` at an absolute path,
    `postgresql://user:password@host:5432/town` on a server; `connections` is the size of its pool.
    """
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return KeptSQLiteEngine(Path(unquote(url.removeprefix(SQLITE))))
    if url.startswith(("postgresql://", "postgres://")):
        return PooledPostgresEngine(url, connections)
    scheme = url.partition(":")[0]
    raise ValueError(f"a database of kind '{scheme}': expected sqlite:///path or postgresql://user@host/name")


def skip_locked(engine: Engine) -> str:
    """What a claiming SELECT ends with: rows that another worker holds are passed over. SQLite has one writer."""
    return "FOR UPDATE SKIP LOCKED" if engine.engine_type == "postgres" else ""


def held(query: Query, engine: Engine) -> Query:
    """The same select, its rows locked until the unit ends; on SQLite the unit already holds the only writer."""
    return cast(Query, query.lock_rows()) if engine.engine_type == "postgres" else query


def shared(sql: str, engine: Engine) -> str:
    """The same select in SQL, its rows kept from change until the unit ends; others may keep them so as well."""
    return f"{sql} FOR SHARE" if engine.engine_type == "postgres" else sql


def in_seconds(column: str, table: type[Table]) -> str:
    """A moment of a row in whole seconds since 1970."""
    on_postgres = f"CAST(floor(extract(epoch FROM {column})) AS bigint)"
    return on_postgres if table._meta.db.engine_type == "postgres" else f"CAST(strftime('%s', {column}) AS integer)"


def month_in(seconds: str, table: type[Table]) -> str:
    """The month, as "2026-11", in which so many seconds since 1970 lie."""
    on_postgres = f"to_char(to_timestamp({seconds}) AT TIME ZONE 'UTC', 'YYYY-MM')"
    return on_postgres if table._meta.db.engine_type == "postgres" else f"strftime('%Y-%m', {seconds}, 'unixepoch')"
