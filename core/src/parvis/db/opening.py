"""Choosing an engine by its URL."""

from pathlib import Path
from urllib.parse import unquote

from parvis.db.engines import Engine
from parvis.db.postgres import PooledPostgresEngine
from parvis.db.sqlite import KeptSQLiteEngine

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
