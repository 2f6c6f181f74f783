"""PostgreSQL behind PgBouncer in transaction mode: two connections of the server for all, for a statement each."""

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from parvis.db import DatabaseAway, transaction
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import check_version, migrate
from parvis.db.postgres_hosts import SESSION_SETTINGS, wrong_ways
from parvis.db.tables import Delivery
from parvis_testing.databases import Pooler
from parvis_testing.machine import missing

SHIPPED = Path(__file__).parents[2] / "deploy/pgbouncer.ini"
LONG = 60.0  # seconds for a busy machine
FEW = {"default_pool_size": 2, "query_wait_timeout": 60}
EACH = 40
AS_IT_IS_TO_BE = " ".join(f"ALTER ROLE parvis SET {name} = {value};" for name, value in SESSION_SETTINGS.items())


@pytest.fixture(scope="module")
def pooler(request, postgres_server):
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        missing(request.config, "PgBouncer")
    postgres_server.execute("postgres", "CREATE DATABASE pooled")
    with tempfile.TemporaryDirectory(prefix="parvis-pooler-") as folder:
        made = Pooler(program, folder, postgres_server.url, SHIPPED)
        made.start(**FEW)
        yield made
        made.stop()


@pytest.fixture(scope="module")
def urls(pooler, postgres_server):
    return f"{pooler.url}/pooled", f"{postgres_server.url}/pooled"


@pytest.fixture
async def engine(urls):
    pooled, direct = urls
    made = open_engine(pooled, connections=8, direct=direct)
    bind(made)
    await migrate(made)
    yield made
    await made.close()


async def test_statements_find_their_own_whatever_connection_of_the_server_they_are_given(engine):
    """Short and long ones, alone and in transactions, each with words of its own, many at once."""

    async def ask(number: int) -> None:
        for turn in range(EACH):
            [row] = await engine.send(f"SELECT $1::int + {number} AS sum, pg_sleep(0.001)", [turn])
            assert row["sum"] == turn + number
            long = f"SELECT $1::int + {number} AS sum -- {'x' * 20_000}"  # longer than what asyncpg keeps by its name
            assert (await engine.send(long, [turn]))[0]["sum"] == turn + number
            async with transaction(engine):
                assert (await engine.send(f"SELECT $1::int * {number} AS product", [turn]))[0][
                    "product"
                ] == turn * number

    await check_version(engine)
    assert await Delivery.count() == 0
    async with asyncio.timeout(LONG), asyncio.TaskGroup() as people:
        for number in range(8):
            people.create_task(ask(number))


async def test_a_pooler_that_went_is_away_and_then_back(engine, pooler):
    assert await Delivery.count() == 0
    pooler.stop()
    with pytest.raises(DatabaseAway):
        await Delivery.count()
    pooler.start(**FEW)
    async with asyncio.timeout(LONG):
        while True:
            try:
                assert await Delivery.count() == 0
                break
            except DatabaseAway:
                await asyncio.sleep(0.1)


async def test_a_pooler_that_hangs_keeps_nobody_although_the_server_answers(engine, pooler):
    assert await Delivery.count() == 0
    pooler.running.send_signal(signal.SIGSTOP)
    try:
        async with asyncio.timeout(LONG / 2):
            with pytest.raises(DatabaseAway):
                await Delivery.count()
    finally:
        pooler.running.send_signal(signal.SIGCONT)


async def test_what_is_slow_ends_well_where_the_server_is_not_reached_past_the_pooler(urls):
    """Who is refused there knows nothing of the server; only where nobody answers does it hang."""
    with socket.socket() as closed, socket.socket() as silent:
        for each in (closed, silent):
            each.bind(("127.0.0.1", 0))
        silent.listen()
        refused, hanging = (f"127.0.0.1:{each.getsockname()[1]}" for each in (closed, silent))
        engine = open_engine(urls[0], connections=2, direct=f"postgresql://parvis@{refused}/pooled")
        await engine.start()
        with capture_logs() as told:
            for _ in range(2):
                [row] = await engine.send("SELECT 1 AS one, pg_sleep(1.5)", [])
                assert row["one"] == 1
        assert [each["key"] for each in told] == ["database_direct"]
        await engine.close()
        engine = open_engine(urls[0], connections=2, direct=f"postgresql://parvis@{hanging},{refused}/pooled")
        assert not await engine.watch.answers()


async def test_who_names_a_pooler_as_if_it_were_the_server_is_told(urls):
    engine = open_engine(urls[0])
    with pytest.raises(DatabaseAway, match="database_direct"):
        await engine.start()
    assert ["a pooler in transaction mode" in each.what for each in await wrong_ways(urls[0], "")] == [True]


async def test_what_is_missing_on_the_way_is_named_with_what_to_do(urls, pooler, postgres_server):
    pooled, direct = urls
    [limits] = await wrong_ways(pooled, direct)
    assert AS_IT_IS_TO_BE in limits.todo
    await asyncio.to_thread(postgres_server.execute, "pooled", AS_IT_IS_TO_BE)
    try:
        pooler.stop()
        pooler.start(**FEW)
        assert await wrong_ways(pooled, direct) == ()
        [other] = await wrong_ways(pooled, f"{postgres_server.url}/postgres")
        assert other.key == "database_direct"
        pooler.stop()
        pooler.start(**FEW, max_prepared_statements=0)
        [unnamed] = await wrong_ways(pooled, direct)
        assert "max_prepared_statements" in unnamed.todo
    finally:
        await asyncio.to_thread(postgres_server.execute, "pooled", "ALTER ROLE parvis RESET ALL")
        pooler.stop()
        pooler.start(**FEW)
