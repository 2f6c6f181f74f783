"""An empty database filled from a set, marked from its first row on as one that must not be served yet."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.db.binding import SQLITE, bind
from parvis.db.migrating import Version, chains_of, refuse_what_cannot_be, version
from parvis.db.sqlite import KeptSQLiteEngine
from parvis.db.upkeep_tables import Restoration
from parvis.modules import ModuleRegistry
from parvis_backups.postgres_tools import run, tool
from parvis_backups.sets import DATABASES, Manifest, RegisterMark
from parvis_backups.snapshots import connected, file_of

MARKER = "restoration"
MAKE_MARKER = f"CREATE TABLE IF NOT EXISTS {MARKER} (backup VARCHAR(120) PRIMARY KEY)"
FILES_BACK = "files"  # in a row of its own, once they are
SELECT_MARKER = f"SELECT backup FROM {MARKER} WHERE backup <> '{FILES_BACK}'"  # noqa: S608
RESTORING = ".restoring"
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


async def refuse_later_version(manifest: Manifest, modules: ModuleRegistry) -> None:
    """Raise where the set has had steps that are unknown here, before anything is touched."""
    with TemporaryDirectory() as folder:
        engine = KeptSQLiteEngine(Path(folder) / "empty.sqlite")
        bind(engine, modules=modules)
        try:
            await engine.create()
            await engine.start()
            for chain in chains_of(modules):
                known = await version(engine, chain)
                taken = manifest.steps.get(chain.app, ())
                refuse_what_cannot_be(Version(known=known.known, taken=taken, replaces=known.replaces), chain)
        finally:
            await engine.close()


async def fill(url: str, folder: Path, manifest: Manifest, tools: str = "") -> bool:
    """Put the database of a set where the settings say; False where a restore of the same set has done so before."""
    here = "sqlite" if url.startswith(SQLITE) else "postgres"
    if here != manifest.engine:
        raise Unusable(f"the set is of {NAMES[manifest.engine]}, and `database` names one of {NAMES[here]}")
    if here == "sqlite":
        return _fill_sqlite(file_of(url), folder, manifest)
    return await _fill_postgres(url, folder, manifest, tools)


def _fill_sqlite(target: Path, folder: Path, manifest: Manifest) -> bool:
    if target.exists():
        _refuse_or_go_on(_sqlite_holds(target), manifest, str(target))
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    coming = target.with_name(target.name + RESTORING)
    try:
        copyfile(folder / DATABASES["sqlite"], coming)
        with closing(sqlite3.connect(coming)) as connection, connection:
            connection.execute(MAKE_MARKER)
            connection.execute(f"INSERT INTO {MARKER} VALUES (?)", [_told(manifest)])  # noqa: S608
        for each in ("-wal", "-shm"):  # of a file that was here once
            target.with_name(target.name + each).unlink(missing_ok=True)
        coming.rename(target)
    except (OSError, sqlite3.Error) as error:
        coming.unlink(missing_ok=True)
        raise Unusable(f"{target}: {error}") from error
    return True


async def _fill_postgres(url: str, folder: Path, manifest: Manifest, tools: str) -> bool:
    async with connected(url) as connection:
        program = tool("pg_restore", connection.get_server_version().major, tools)
        tables = [row[0] for row in await connection.fetch(TABLES)]
        if [*tables] not in ([], [MARKER]):
            held = await connection.fetchval(SELECT_MARKER) if MARKER in tables else ""
            many = await connection.fetchval("SELECT COUNT(*) FROM service_request") if _has(tables) else 0
            _refuse_or_go_on((held or "", len(tables), many), manifest, "the database")
            return False
        await connection.execute(MAKE_MARKER)
        await connection.execute(f"DELETE FROM {MARKER}")  # noqa: S608
        await connection.execute(f"INSERT INTO {MARKER} VALUES ($1)", _told(manifest))  # noqa: S608
    options = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
    run(program, url, *options, str(folder / DATABASES["postgres"]))
    return True


def _sqlite_holds(file: Path) -> tuple[str, int, int]:
    """The set that is being restored into a database, its tables, its requests."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            held = connection.execute(SELECT_MARKER).fetchone() if MARKER in tables else None
            many = connection.execute("SELECT COUNT(*) FROM service_request").fetchone() if _has(tables) else (0,)
    except sqlite3.Error as error:
        raise Unusable(f"{file} is there already and no database ({error}): move it away") from None
    return held[0] if held else "", len(tables), many[0]


def _refuse_or_go_on(found: tuple[str, int, int], manifest: Manifest, what: str) -> None:
    held, tables, requests = found
    if held == _told(manifest):
        return
    said = (
        f"a restore of {held.split()[0]} that is not finished" if held else f"{tables} tables with {requests} requests"
    )
    raise Unusable(f"{what} is not empty: it holds {said}; name an empty one")


def _has(tables: list[Any]) -> bool:
    return "service_request" in tables


class Unfinished(Struct, frozen=True, kw_only=True):
    """A restore that the bound database has not seen the end of: its set, how far the register was then, whether the
    files are back."""

    name: str
    register: RegisterMark
    has_files: bool


async def unfinished() -> Unfinished | None:
    """The restore that goes on here, if one does."""
    if not await Restoration.table_exists():
        return None
    rows = [str(row["backup"]) for row in await Restoration.select(Restoration.backup)]
    name, lines, mark = next(each for each in rows if each != FILES_BACK).split(" ")
    return Unfinished(name=name, register=RegisterMark(lines=int(lines), mark=mark), has_files=FILES_BACK in rows)


def _told(manifest: Manifest) -> str:
    return f"{manifest.name} {manifest.register.lines} {manifest.register.mark}"
