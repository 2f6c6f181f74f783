"""Choosing an engine by its URL, and giving it to every table there is: once in a process, where it is composed."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from piccolo.apps.migrations.tables import Migration
from piccolo.engine.base import Engine as PiccoloEngine
from piccolo.table import Table

from parvis.db.engines import Engine
from parvis.db.every_table import TABLES
from parvis.db.kept_texts import keep_texts
from parvis.db.postgres import PooledPostgresEngine
from parvis.db.sqlite import KeptSQLiteEngine
from parvis.db.upkeep_tables import Restoration
from parvis.modules import NO_MODULES, ModuleRegistry

CONNECTIONS = 10
SQLITE = "sqlite:///"


def open_engine(url: str, *, connections: int = CONNECTIONS, direct: str = "", replica: str = "") -> Engine:
    """Name a database; nothing is opened before `start` or the first query.

    `sqlite:///town.sqlite` lies in the current folder, `sqlite:////srv/town.sqlite` at an absolute path,
    `postgresql://user:password@host:5432/town` on a server; `connections` is the size of its pool.
    Where that address is of a pooler in transaction mode, `direct` is the address of the server itself;
    `replica` is that of one that follows it.
    """
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return KeptSQLiteEngine(Path(unquote(url.removeprefix(SQLITE))))
    if url.startswith(("postgresql://", "postgres://")):
        return PooledPostgresEngine(url, connections, direct, replica)
    scheme = url.partition(":")[0]
    raise ValueError(f"a database of kind '{scheme}': expected sqlite:///path or postgresql://user@host/name")


TABLE_NAMES = tuple(each._meta.tablename for each in TABLES)  # those of the core


def bind(engine: Engine, tables: Iterable[type[Table]] = TABLES, *, modules: ModuleRegistry = NO_MODULES) -> None:
    """Let the tables use this engine, those of modules and Piccolo's record of migrations with them.

    One engine per process.
    """
    keep_texts()
    bound: list[type[Table]] = [*tables, *modules.tables(), Migration, Restoration]
    for table in bound:
        table._meta.db = cast(PiccoloEngine[Any], engine)


@asynccontextmanager
async def running(
    url: str, *, connections: int = CONNECTIONS, modules: ModuleRegistry = NO_MODULES
) -> AsyncIterator[Engine]:
    """An engine opened, bound, started, and closed at the end: what a process does once."""
    engine = open_engine(url, connections=connections)
    bind(engine, modules=modules)
    try:
        await engine.start()
        yield engine
    finally:
        await engine.close()
