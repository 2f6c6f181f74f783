"""A clean database for each test on either engine, and passwords that cost nothing: a pytest plugin."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from parvis_testing.machine import missing
from parvis_testing.ports import free_port

if TYPE_CHECKING:
    from parvis.db import Engine
    from parvis.modules import ModuleRegistry

ON_POSTGRES = os.environ.get("PARVIS_TEST_POSTGRES") == "1"
EMPTY_ALL_TABLES = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET session_replication_role = replica;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
    END $$
"""
"""DELETE is ten times faster than TRUNCATE here; without triggers, so that an append-only table can be emptied too."""
CORE = "parvis_template"
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
QUICK_NOT_SAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@pytest.fixture
def rows_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite gives rows that nobody ordered the other way round, as PostgreSQL may at any time."""
    from parvis.db import sqlite

    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "reverse_unordered_selects=ON"))


@pytest.fixture(scope="session", autouse=True)
def quick_writes() -> Iterator[Sequence[str]]:
    """What a test writes to SQLite is not awaited until a disk has it, as on PostgreSQL; gives the settings that are.

    Processes that tests start, and kill, wait for the disk as they do in a town.
    """
    sqlite: Any = sys.modules.get("parvis.db.sqlite")
    served: tuple[str, ...] = sqlite.PRAGMAS if sqlite else ()
    with pytest.MonkeyPatch.context() as patch:
        if sqlite:
            patch.setattr(sqlite, "PRAGMAS", (*served, "synchronous=OFF"))
        yield served


@pytest.fixture
def safe_writes(quick_writes: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that looks at how connections are set for a town."""
    monkeypatch.setattr("parvis.db.sqlite.PRAGMAS", quick_writes)


@pytest.fixture
def real_passwords() -> None:
    """For a test that looks at what a password really costs."""


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at a thousandth of their price in every test that does not ask for `real_passwords`."""
    passwords: Any = sys.modules.get("parvis.people.passwords")
    if passwords is None:
        return
    passwords.decoy.cache_clear()
    if "real_passwords" not in request.fixturenames:
        from argon2 import PasswordHasher

        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "hasher", lambda: cheap)


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    return ON_POSTGRES


@pytest.fixture(scope="session")
def modules() -> "ModuleRegistry":
    """The modules of these tests: none, unless their `conftest.py` says which."""
    from parvis.modules import NO_MODULES

    return NO_MODULES


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Templates":
    """The migrated databases of this session, each made once, for those modules."""
    server = request.getfixturevalue("postgres_server") if ON_POSTGRES else None
    return Templates(tmp_path_factory.mktemp("template"), server)


@pytest.fixture(scope="session")
def migrated_template(templates: "Templates") -> str:
    """The URL of a migrated database without modules, which stays closed and is only copied."""
    from parvis.modules import NO_MODULES

    return templates.of(NO_MODULES)


class PostgresServer:
    """A server of our own on a free port, fast and forgetful; it belongs to postgres when the tests run as root."""

    def __init__(self, binaries: Path, folder: str) -> None:
        self.port = free_port()
        self.url = f"postgresql://parvis@127.0.0.1:{self.port}"
        self.binaries, self.folder, self.data = binaries, folder, f"{folder}/data"
        self.owner: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self.owner:
            shutil.chown(folder, "postgres")
        self.loop = asyncio.new_event_loop()
        self.kept: dict[str, Any] = {}
        self.make()

    def make(self) -> None:
        self.run("initdb", "-A", "trust", "-U", "parvis", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")

    def start(self, *others: str) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += "".join(f" -c {option}" for option in (*QUICK_NOT_SAFE, *others))
        self.run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        while self.kept:
            self.loop.run_until_complete(self.kept.popitem()[1].close())
        self.run("pg_ctl", "-m", "fast", "stop")

    def end(self) -> None:
        self.stop()
        self.loop.close()

    def empty(self, database: str) -> None:
        """By one connection for the whole session: a new one would first read what every table is like, for longer."""
        self.loop.run_until_complete(self._empty(database))

    async def _empty(self, database: str) -> None:
        import asyncpg

        if kept := self.kept.pop(database, None):
            with suppress(asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):  # a test has ended it
                await kept.execute(EMPTY_ALL_TABLES)
                self.kept[database] = kept
                return
            kept.terminate()
        self.kept[database] = kept = await asyncpg.connect(f"{self.url}/{database}")
        await kept.execute(EMPTY_ALL_TABLES)

    def execute(self, database: str, sql: str) -> None:
        """Run statements on one of the server's databases, from outside any event loop."""
        asyncio.run(self._execute(f"{self.url}/{database}", sql))

    async def _execute(self, url: str, sql: str) -> None:
        import asyncpg

        connection = await asyncpg.connect(url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def run(self, program: str, *arguments: str) -> None:
        command = [self.binaries / program, "-D", self.data, *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **self.owner)


class StandbyServer(PostgresServer):
    """A copy of another server that follows it until it is promoted."""

    def __init__(self, primary: PostgresServer, folder: str) -> None:
        self.primary = primary
        super().__init__(primary.binaries, folder)

    def make(self) -> None:
        self.run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", f"{self.primary.url}/postgres")

    def promote(self) -> None:
        self.run("pg_ctl", "-w", "promote")


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """The session's PostgreSQL; a test that stops it starts it again."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: float(found.parent.name))
    if not installed and (initdb := shutil.which("initdb")):
        installed = [Path(initdb).resolve().parent]
    if not installed:
        missing(request.config, "PostgreSQL server")
    with tempfile.TemporaryDirectory(prefix="parvis-postgres-") as folder:
        server = PostgresServer(installed[-1], folder)
        server.start()
        try:
            yield server
        finally:
            server.end()


class Pooler:
    """A PgBouncer of our own before a server, with the settings of `deploy/pgbouncer.ini` unless told otherwise."""

    def __init__(self, program: str, folder: str, server: str, settings: Path) -> None:
        self.port = free_port()
        self.url = f"postgresql://parvis@127.0.0.1:{self.port}"
        self.program, self.file, self.server = program, Path(folder) / "pgbouncer.ini", server
        self.settings = settings.read_text("utf-8").partition("[pgbouncer]")[2]
        self.running: subprocess.Popen[bytes] | None = None
        self.owner: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self.owner:
            shutil.chown(folder, "postgres")

    def start(self, **other: object) -> None:
        """Begin, with these settings in place of those."""
        place = urlsplit(self.server)
        ours = {"listen_port": self.port, "auth_type": "any", "unix_socket_dir": "", **other}
        lines = "".join(f"{name} = {value}\n" for name, value in ours.items())
        named = f"* = host={place.hostname} port={place.port} user=parvis\n"
        self.file.write_text(f"[databases]\n{named}\n[pgbouncer]\n{self.settings}\n{lines}")
        self.running = subprocess.Popen([self.program, "-q", self.file], stderr=subprocess.DEVNULL, **self.owner)
        for _ in range(1200):
            with socket.socket() as line, suppress(OSError):
                line.connect(("127.0.0.1", self.port))
                return
            time.sleep(0.05)
        raise RuntimeError("PgBouncer did not start")

    def stop(self) -> None:
        """At once, as a machine that goes."""
        if self.running is not None:
            self.running.kill()
            self.running.wait(60)
            self.running = None


class Templates:
    """Databases that are migrated once and copied for each test; on PostgreSQL, emptied for each test."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self.folder, self.server = folder, server
        self.made: dict[tuple[str, ...], str] = {}

    def of(self, modules: "ModuleRegistry") -> str:
        """The URL of the one that has the tables of these modules; on PostgreSQL they come into one that had none."""
        from parvis.modules import NO_MODULES

        names = tuple(each.name for each in modules.modules)
        if names not in self.made:
            name = f"{CORE}_{len(self.made)}" if names else CORE  # their names would be too long
            url = f"{self.server.url}/{name}" if self.server else f"sqlite:///{self.folder}/{name}.sqlite"
            if self.server:
                core = self.of(NO_MODULES).rpartition("/")[2] if names else "template1"
                self.server.execute("postgres", COPY.format(name, core))
            asyncio.run(_migrate(url, modules))
            self.made[names] = url
        return self.made[names]

    def emptied(self, server: PostgresServer, modules: "ModuleRegistry") -> str:
        """On PostgreSQL, the URL of a database that tests with these modules use in turn, empty again."""
        template = self.of(modules).rpartition("/")[2]
        used = template.replace("template", "test")
        if (used,) not in self.made:
            server.execute("postgres", COPY.format(used, template))
            self.made[(used,)] = f"{server.url}/{used}"
        server.empty(used)
        return self.made[(used,)]


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, templates: Templates, modules: "ModuleRegistry", tmp_path: Path
) -> str:
    """A clean, migrated, closed database; with `PARVIS_TEST_ORDER`, its rows come in another order too."""
    if os.environ.get("PARVIS_TEST_ORDER"):
        request.getfixturevalue("rows_turned")
    if ON_POSTGRES:
        return templates.emptied(request.getfixturevalue("postgres_server"), modules)
    shutil.copyfile(templates.of(modules).removeprefix("sqlite:///"), tmp_path / "town.sqlite")
    return f"sqlite:///{tmp_path}/town.sqlite"


@pytest.fixture(scope="module")
def database_of_module(
    request: pytest.FixtureRequest,
    templates: Templates,
    modules: "ModuleRegistry",
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """A migrated, closed database of one file's own: filled once, for tests that are in nobody's way there."""
    template = templates.of(modules)
    if ON_POSTGRES:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name, copied = f"parvis_{request.path.stem}", template.rpartition("/")[2]
        server.execute("postgres", COPY.format(name, copied))
        return f"{server.url}/{name}"
    folder = tmp_path_factory.mktemp("database")
    shutil.copyfile(template.removeprefix("sqlite:///"), folder / "town.sqlite")
    return f"sqlite:///{folder}/town.sqlite"


@pytest.fixture
def own_url(request: pytest.FixtureRequest, migrated_template: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database without modules that no other test sees: what one makes in it goes with it."""
    if not ON_POSTGRES:
        shutil.copyfile(migrated_template.removeprefix("sqlite:///"), tmp_path / "own.sqlite")
        yield f"sqlite:///{tmp_path}/own.sqlite"
        return
    server = request.getfixturevalue("postgres_server")
    server.execute("postgres", COPY.format("own", CORE))
    yield f"{server.url}/own"
    server.execute("postgres", "DROP DATABASE own WITH (FORCE)")


@pytest.fixture
async def database(database_url: str, modules: "ModuleRegistry") -> "AsyncIterator[Engine]":
    """An engine on a clean database: bound to the tables, started, closed at the end."""
    from parvis.db.binding import running

    async with running(database_url, modules=modules) as engine:
        yield engine


async def _migrate(url: str, modules: "ModuleRegistry") -> None:
    from parvis.db.binding import bind, open_engine
    from parvis.db.migrating import migrate

    engine = open_engine(url)
    bind(engine, modules=modules)
    try:
        await migrate(engine, modules)
    finally:
        await engine.close()


@pytest.fixture(autouse=True)
def colleagues_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a page costs the same statements however slow the machine is."""
    if colleagues := sys.modules.get("parvis.people.agents"):
        monkeypatch.setattr(colleagues, "KEPT", timedelta())
