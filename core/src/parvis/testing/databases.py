"""A clean database for each test on either engine, and passwords that cost nothing: a pytest plugin."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from parvis.testing.machine import missing

if TYPE_CHECKING:
    from parvis.db import Engine

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
QUICK_NOT_SAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@pytest.fixture
def rows_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite gives rows that nobody ordered the other way round, as PostgreSQL may at any time."""
    from parvis.db import sqlite

    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "reverse_unordered_selects=ON"))


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
def migrated_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a migrated database that stays closed and is only copied."""
    if ON_POSTGRES:
        url = f"{request.getfixturevalue('postgres_server').url}/parvis_template"
        request.getfixturevalue("postgres_server").execute("postgres", "CREATE DATABASE parvis_template")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('template')}/template.sqlite"
    asyncio.run(_migrate(url))
    return url


class PostgresServer:
    """A server of our own on a free port, fast and forgetful; it belongs to postgres when the tests run as root."""

    def __init__(self, binaries: Path, folder: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://parvis@127.0.0.1:{self.port}"
        self.binaries, self.folder, self.data = binaries, folder, f"{folder}/data"
        self.owner: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        if self.owner:
            shutil.chown(folder, "postgres")
        self.run("initdb", "-A", "trust", "-U", "parvis", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += "".join(f" -c {option}" for option in QUICK_NOT_SAFE)
        self.run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-m", "fast", "stop")

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
            server.stop()


@pytest.fixture(scope="session")
def postgres_database(migrated_template: str, postgres_server: PostgresServer) -> str:
    """The one database that tests use in turn, a copy of the template."""
    postgres_server.execute("postgres", "CREATE DATABASE parvis_test TEMPLATE parvis_template STRATEGY file_copy")
    return f"{postgres_server.url}/parvis_test"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, migrated_template: str, tmp_path: Path) -> str:
    """A clean, migrated, closed database; with `PARVIS_TEST_ORDER`, its rows come in another order too."""
    if os.environ.get("PARVIS_TEST_ORDER"):
        request.getfixturevalue("rows_turned")
    if ON_POSTGRES:
        url: str = request.getfixturevalue("postgres_database")
        request.getfixturevalue("postgres_server").execute("parvis_test", EMPTY_ALL_TABLES)
        return url
    shutil.copyfile(migrated_template.removeprefix("sqlite:///"), tmp_path / "town.sqlite")
    return f"sqlite:///{tmp_path}/town.sqlite"


@pytest.fixture
async def database(database_url: str) -> "AsyncIterator[Engine]":
    """An engine on a clean database: bound to the tables, started, closed at the end."""
    from parvis.db import running

    async with running(database_url) as engine:
        yield engine


async def _migrate(url: str) -> None:
    from parvis.db import bind, open_engine
    from parvis.db.migrating import migrate

    engine = open_engine(url)
    bind(engine)
    try:
        await migrate(engine)
    finally:
        await engine.close()
