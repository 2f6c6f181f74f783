"""A PostgreSQL that hangs: it neither answers nor refuses. All are told at once, and all is well once it goes on."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from parvis.app import create_app
from parvis.db import DatabaseAway, transaction
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.db.postgres import PROBE_SECONDS, QUIET_SECONDS
from parvis.example_towns import town_folder
from parvis.modules import NO_MODULES
from parvis.requests.references import new_reference
from parvis.settings import Settings
from parvis_testing.databases import PostgresServer

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the processes of a server there")
LONG = 30.0  # seconds for a busy machine; before, a statement was given up after sixty


@pytest.fixture(scope="module")
def server(postgres_server):
    """One that nobody else asks."""
    with tempfile.TemporaryDirectory(prefix="parvis-hanging-") as folder:
        made = PostgresServer(postgres_server.binaries, folder)
        made.start()
        try:
            made.execute("postgres", "CREATE DATABASE town")
            yield made
        finally:
            made.end()


@contextmanager
def hanging(server: PostgresServer) -> Iterator[None]:
    """All of its processes are stopped, as of a machine that swaps or a disk that is gone."""
    first = int(Path(server.data, "postmaster.pid").read_text().split()[0])
    os.kill(first, signal.SIGSTOP)  # nobody is born any more
    stopped = [first, *(each for each in processes() if parent_of(each) == first)]
    for each in stopped[1:]:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in stopped:
            with suppress(ProcessLookupError):  # it was ending as it was stopped
                os.kill(each, signal.SIGCONT)


def processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def parent_of(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.fixture
async def engine(server):
    made = open_engine(f"{server.url}/town", connections=4)
    bind(made)
    await made.start()
    yield made
    await made.close()


async def asked(engine, sql="SELECT 1 AS one"):
    return (await engine.run_ddl(sql))[0]["one"]


async def well_again(engine):
    async with asyncio.timeout(LONG):
        while True:
            try:
                return await asked(engine)
            except DatabaseAway:
                await asyncio.sleep(0.1)


def test_it_is_known_within_two_seconds():
    assert QUIET_SECONDS + PROBE_SECONDS < 2


async def test_who_asks_and_who_waits_in_line_are_told_and_so_is_who_comes_after(engine, server):
    assert await asked(engine) == 1
    with hanging(server):
        async with asyncio.timeout(LONG):
            told = await asyncio.gather(*(asked(engine) for _ in range(12)), return_exceptions=True)
        assert {type(each) for each in told} == {DatabaseAway}
        assert engine.watch.hangs
        with pytest.raises(DatabaseAway, match="does not answer"):
            await asked(engine)
    assert await well_again(engine) == 1
    assert not engine.watch.hangs
    assert len(await asyncio.gather(*(asked(engine) for _ in range(12)))) == 12


async def test_a_unit_that_was_open_is_lost_and_its_connection_given_back(engine, server):
    with pytest.raises(DatabaseAway):
        async with asyncio.timeout(LONG), transaction(engine):
            assert await asked(engine) == 1
            with hanging(server):
                await asked(engine)
    assert await well_again(engine) == 1
    assert engine.pool.get_idle_size() == engine.pool.get_size()


async def test_a_slow_statement_of_a_server_that_answers_others_takes_its_time(engine):
    longer = QUIET_SECONDS + PROBE_SECONDS + 0.2
    assert await asked(engine, f"SELECT 1 AS one FROM pg_sleep({longer})") == 1


async def test_a_process_that_starts_says_so(server):
    engine = open_engine(f"{server.url}/town")
    with hanging(server), pytest.raises(DatabaseAway, match="does not answer"):
        async with asyncio.timeout(LONG):
            await engine.start()


async def test_pages_and_the_api_answer_503_and_health_says_so(server, tmp_path):
    url = f"{server.url}/town"
    engine = open_engine(url)
    bind(engine)
    await migrate(engine)
    await engine.close()
    settings = Settings(
        territory=town_folder(), data=tmp_path, secret_key="s" * 40, database=url, worker=False, log_level="error"
    )
    app = create_app(settings, modules=NO_MODULES)
    asks = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000", timeout=LONG)
    async with app.lifespan(), asks as http:
        assert (await http.get("/health/web")).status_code == 200
        with hanging(server):
            async with asyncio.timeout(LONG):
                answers = await asyncio.gather(*(http.get(f"/api/v1/requests/{new_reference()}") for _ in range(8)))
                health = await asyncio.gather(*(http.get(f"/health/{each}") for each in ("web", "ready", "live")))
        assert {each.status_code for each in answers} == {503}
        assert all(each.headers["retry-after"] for each in answers)
        assert [each.status_code for each in health] == [503, 503, 200]
        await well_again(app.state.deployment.host.engine)
        assert (await http.get("/health/web")).status_code == 200
