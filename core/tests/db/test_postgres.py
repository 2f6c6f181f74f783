"""PostgreSQL when it is down, restarted, full of connections, or not there at all."""

import asyncio
import socket

import pytest

from parvis.db import (
    DatabaseAway,
    DatabaseUnwritable,
    HouseRuleBroken,
    background_priority,
    insert,
    postgres,
    skip_locked,
    transaction,
)
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import without_time_limit


async def test_an_engine_that_was_not_started_says_so_instead_of_connecting_for_each_query(empty_url, beaches):
    engine = open_engine(empty_url)
    bind(engine, [beaches])
    with pytest.raises(HouseRuleBroken, match="the database engine was not started"):
        await beaches.count()


async def test_a_server_that_is_not_there_is_away_and_its_password_stays_secret():
    engine = open_engine("postgresql://parvis:geheim@127.0.0.1:9/town")
    with pytest.raises(DatabaseAway, match=r"127\.0\.0\.1:9/town: the server cannot be reached") as away:
        await engine.start()
    assert "geheim" not in str(away.value)


async def test_a_database_that_does_not_exist_is_named(postgres_server):
    engine = open_engine(f"{postgres_server.url}/nowhere")
    with pytest.raises(DatabaseAway, match='database "nowhere" does not exist'):
        await engine.start()


async def test_of_several_hosts_the_one_that_answers_is_found_past_those_that_are_gone_or_silent(engine, empty_url):
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections, and never says a word
    with silent:
        people, _, place = empty_url.rpartition("@")
        several = f"{people}@127.0.0.1:9,127.0.0.1:{silent.getsockname()[1]},{place}"
        other = open_engine(several)
        assert other.name == f"127.0.0.1:9,127.0.0.1:{silent.getsockname()[1]},{place}"
        await other.start()
        assert other.hosts.hosts[0] == empty_url  # asked first from now on
        assert (await other.run_ddl("SELECT 1 AS one"))[0]["one"] == 1
        await other.close()


async def test_a_server_that_has_become_a_standby_is_left_for_the_one_that_takes_writes(engine, empty_url, pebbles):
    people, _, place = empty_url.rpartition("@")
    several = open_engine(f"{people}@{place.partition('/')[0]},{place}")
    bind(several, [pebbles])
    await several.start()
    await _insert(several, pebbles)
    await _say(engine, "ALTER DATABASE beach SET default_transaction_read_only = on")
    try:
        await _say(several, "SET default_transaction_read_only = on")  # so does one that is a standby now answer
        with pytest.raises(DatabaseUnwritable):
            await _insert(several, pebbles)
        with pytest.raises(DatabaseAway, match="none of these servers takes writes"):
            await _insert(several, pebbles)
    finally:
        await _say(engine, "ALTER DATABASE beach RESET default_transaction_read_only")
    await _insert(several, pebbles)
    await several.close()


async def test_a_server_stopped_and_started_again_is_away_and_then_back(engine, pebbles, postgres_server):
    await _insert(engine, pebbles)
    await asyncio.to_thread(postgres_server.stop)
    try:
        for _ in range(3):
            with pytest.raises(DatabaseAway):
                await _insert(engine, pebbles)
            with pytest.raises(DatabaseAway):
                await pebbles.count()
    finally:
        await asyncio.to_thread(postgres_server.start)
    await _insert(engine, pebbles)
    assert await pebbles.count() == 2


async def test_a_connection_killed_in_a_unit_loses_the_unit_and_nothing_else(engine, pebbles):
    with pytest.raises(DatabaseAway) as away:
        async with transaction(engine):
            await pebbles.insert(pebbles())
            await pebbles.raw("SELECT pg_terminate_backend(pg_backend_pid())")
    assert not away.value.in_doubt
    await _insert(engine, pebbles)
    assert await pebbles.count() == 1
    assert engine.pool.get_idle_size() == engine.pool.get_size() > 0


async def test_a_connection_killed_before_the_commit_is_sent_leaves_no_doubt(engine, pebbles):
    with pytest.raises(DatabaseAway) as away:
        async with transaction(engine):
            await pebbles.insert(pebbles())
            connection = engine.current_transaction.get().connection
            [row] = await pebbles.raw("SELECT pg_backend_pid() AS pid")
            await _elsewhere(engine, f"SELECT pg_terminate_backend({row['pid']})", connection)
    assert not away.value.in_doubt
    assert await pebbles.count() == 0


async def test_a_connection_killed_during_the_commit_leaves_the_unit_in_doubt(engine, pebbles):
    async with transaction(engine):
        await pebbles.raw(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        await pebbles.raw(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON pebble DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()"
        )
    with pytest.raises(DatabaseAway) as away:
        await _insert(engine, pebbles)
    assert away.value.in_doubt
    assert await pebbles.count() == 0


async def test_a_connection_killed_while_the_only_statement_of_a_unit_runs_leaves_it_in_doubt(engine, beaches, pebbles):
    async with transaction(engine):
        await pebbles.raw(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        await pebbles.raw("CREATE TRIGGER die AFTER INSERT ON pebble FOR EACH ROW EXECUTE FUNCTION die()")
    with pytest.raises(DatabaseAway) as away:
        async with transaction(engine):
            await insert(beaches(name="Cap"))
            await insert(pebbles())
    assert away.value.in_doubt
    assert await beaches.count() == 1
    assert await pebbles.count() == 0


async def test_a_pool_with_nothing_left_is_away_and_does_not_wait_for_ever(engine, pebbles, monkeypatch):
    taken = [await engine.take() for _ in range(6)]
    monkeypatch.setattr(postgres, "ACQUIRE_SECONDS", 0.05)
    with pytest.raises(DatabaseAway, match="no free connection"):
        await pebbles.count()
    for connection in taken:
        await engine.give_back(connection)
    monkeypatch.undo()
    assert await pebbles.count() == 0


async def test_two_workers_never_claim_the_same_row(engine, beaches):
    async with transaction(engine):
        for number in range(200):
            await beaches.insert(beaches(name=f"beach {number}"))
    claimed = await asyncio.gather(*(_claim_all(engine, beaches) for _ in range(4)))
    everything = [row for worker in claimed for row in worker]
    assert len(everything) == len(set(everything)) == 201


async def test_a_statement_that_takes_too_long_is_cut_off(engine, pebbles):
    with pytest.raises(DatabaseAway, match="statement timeout"):
        async with transaction(engine):
            await pebbles.raw("SET LOCAL statement_timeout = 20")
            await pebbles.raw("SELECT pg_sleep(5)")
    assert await pebbles.count() == 0


async def test_a_migration_may_take_longer_than_a_page(engine, pebbles):
    engine.answer_seconds = 0.05
    with pytest.raises(DatabaseAway, match="did not answer in time"):
        await pebbles.raw("SELECT pg_sleep(5)")
    with without_time_limit(engine):
        assert await pebbles.raw("SELECT 1 AS one, pg_sleep(0.1)") == [{"one": 1, "pg_sleep": None}]
    assert engine.answer_seconds == 0.05


async def test_rows_can_be_read_in_batches(engine, pebbles):
    async with transaction(engine):
        for _ in range(25):
            await pebbles.insert(pebbles())
    sizes = []
    async with await pebbles.select().batch(batch_size=10) as batches:
        async for batch in batches:
            sizes.append(len(batch))
    assert sizes == [10, 10, 5]


async def _claim_all(engine, beaches) -> list:
    mine = []
    while True:
        async with transaction(engine):
            rows = await beaches.raw(
                "UPDATE beach SET pebbles = 1 WHERE id IN "
                f"(SELECT id FROM beach WHERE pebbles = 0 LIMIT 7 {skip_locked(engine)}) RETURNING id"
            )
        mine += [row["id"] for row in rows]
        if not rows:
            return mine


async def _say(engine, sql) -> None:
    connection = await engine.take()
    await connection.execute(sql)
    await engine.give_back(connection)


async def _insert(engine, table) -> None:
    async with transaction(engine):
        await table.insert(table())


async def _elsewhere(engine, sql: str, watched) -> None:
    """Run a statement on another connection and wait until the watched one has heard of it."""
    heard = asyncio.Event()
    watched.add_termination_listener(lambda connection: heard.set())
    connection = await engine.take()
    await connection.fetch(sql)
    await engine.give_back(connection)
    await asyncio.wait_for(heard.wait(), 30)


async def test_background_work_leaves_connections_to_people(engine, pebbles):
    holding, released = list[int](), asyncio.Event()

    async def deliver(number: int) -> None:
        async with transaction(engine):
            await pebbles.count()
            holding.append(number)
            await released.wait()

    with background_priority():
        delivered = [asyncio.create_task(deliver(number)) for number in range(20)]
    async with asyncio.timeout(5):  # less than anybody waits for a connection
        for _ in range(10):
            assert await asyncio.gather(pebbles.count(), pebbles.count(), pebbles.count()) == [0, 0, 0]
    assert len(holding) == 3  # half of the six
    released.set()
    await asyncio.gather(*delivered)
    assert sorted(holding) == list(range(20))
