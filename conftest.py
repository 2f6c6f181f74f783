"""What tests of every room share: the event loop, a clean database on either engine, a browser where there is one.

Nothing of the host is imported before a fixture asks for it: plugins are tested where only the sdk is installed.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from parvis.db import Engine

ON_POSTGRES = os.environ.get("PARVIS_TEST_POSTGRES") == "1"
NOTHING_SKIPPED = os.environ.get("CI_NOTHING_SKIPPED") == "1"
MISSING = pytest.StashKey[set[str]]()
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


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = set()
    with suppress(ImportError):  # whether a test passes is not for the speed of a machine to say
        from hypothesis import settings

        settings.register_profile("any machine", deadline=None)
        settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"database_url", "on_postgres"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
    items[:] = in_order_of_files(items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)  # begun first, so that no process waits for another at the end


def in_order_of_files(items: list[pytest.Item]) -> list[pytest.Item]:
    """As they are found; files in an order that `PARVIS_TEST_ORDER` makes, the same in each process, when it is set."""
    order = os.environ.get("PARVIS_TEST_ORDER", "")
    if not order:
        return items
    return sorted(items, key=lambda item: sha256(f"{order} {item.path.name}".encode()).digest())


@pytest.fixture
def rows_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite gives rows that nobody ordered the other way round, as PostgreSQL may at any time."""
    from parvis.db import sqlite

    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "reverse_unordered_selects=ON"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for what in sorted(config.stash[MISSING]):
        terminalreporter.write_line(f"skipped: no {what} found")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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
        _missing(request.config, "PostgreSQL server")
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


class Clamd:
    """An antivirus of our own on a socket, which knows one virus; it can go away and come back."""

    SIGNATURE = "Eicar-Test:0:*:45494341522d5354414e444152442d414e544956495255532d544553542d46494c45"

    def __init__(self, program: str, folder: str) -> None:
        self.folder, self.socket = Path(folder), f"{folder}/clamd.sock"
        # A copy: to the machine's own one, AppArmor allows the folders of the machine's own service only.
        self.program = shutil.copy(program, folder)
        self.running: subprocess.Popen[bytes] | None = None
        (self.folder / "signatures").mkdir()
        (self.folder / "signatures/test.ndb").write_text(self.SIGNATURE + "\n")
        owner = "User root\n" if os.geteuid() == 0 else ""
        settings = f"Foreground yes\nDatabaseDirectory {folder}/signatures\nLocalSocket {self.socket}\n{owner}"
        (self.folder / "clamd.conf").write_text(f"{settings}StreamMaxLength 3M\n")

    def start(self) -> None:
        command = [self.program, "-c", self.folder / "clamd.conf"]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
                line.connect(self.socket)
                return
            time.sleep(0.05)
        raise RuntimeError("clamd did not start")

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(20)
            self.running = None
        Path(self.socket).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def clamd_of_session(request: pytest.FixtureRequest) -> Iterator[Clamd]:
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        _missing(request.config, "clamd")
    with tempfile.TemporaryDirectory(prefix="parvis-clamd-") as folder:
        clamd = Clamd(program, folder)
        yield clamd
        clamd.stop()


@pytest.fixture
def clamd(clamd_of_session: Clamd) -> Clamd:
    """A real clamd that runs; a test that stops it need not start it again."""
    if clamd_of_session.running is None:
        clamd_of_session.start()
    return clamd_of_session


@pytest.fixture(scope="session")
def chromium_path(request: pytest.FixtureRequest) -> str:
    """The browser of this machine; the engine without a window round it, where there is one, costs a third less."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    _missing(request.config, "Chromium")


@pytest.fixture(scope="session")
async def chromium_of_session(chromium_path: str) -> "AsyncIterator[Browser]":
    """One Chromium for all tests; whoever opens a context closes it."""
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def java_and_npm(request: pytest.FixtureRequest) -> tuple[str, str]:
    """What the W3C's checker of HTML runs on, and comes by."""
    java, npm = shutil.which("java"), shutil.which("npm")
    if not java or not npm:
        _missing(request.config, "Java and npm")
    return str(java), str(npm)


def _missing(config: pytest.Config, what: str) -> Any:
    config.stash[MISSING].add(what)
    if NOTHING_SKIPPED:
        pytest.fail(f"no {what} found, and nothing may be skipped")
    pytest.skip(f"no {what} found")


async def _migrate(url: str) -> None:
    from parvis.db import bind, open_engine
    from parvis.db.migrating import migrate

    engine = open_engine(url)
    bind(engine)
    try:
        await migrate(engine)
    finally:
        await engine.close()
