"""A replica that follows the primary answers what may be some seconds old, and nothing while it is away or too late."""

import asyncio

import pytest

from parvis.db import replica as replicas
from parvis.db.binding import bind, open_engine
from parvis.db.engines import is_copied, look_at_replica, seconds_behind
from parvis.db.postgres_hosts import no_copy
from parvis.db.replica import may_be_behind

from .many_machines import paired

LONG = 60.0
WHERE = "SELECT pg_is_in_recovery() AS there, (SELECT count(*) FROM stone) AS many"


@pytest.fixture
async def pair(postgres_server):
    async with paired(postgres_server.binaries) as made:
        made.primary.kept.clear()
        await asyncio.to_thread(made.primary.execute, "town", "CREATE TABLE stone (id int)")
        yield made


@pytest.fixture
async def engine(pair):
    made = open_engine(f"{pair.primary.url}/town", connections=4, replica=f"{pair.standby.url}/town")
    bind(made)
    await made.start()
    yield made
    await made.close()


async def asked(engine, *, behind=True):
    if not behind:
        return tuple(dict((await engine.send(WHERE, []))[0]).values())
    with may_be_behind():
        return await asked(engine, behind=False)


async def until(engine, wanted):
    async with asyncio.timeout(LONG):
        while await asked(engine) != wanted:
            await look_at_replica(engine)
            await asyncio.sleep(0.05)


async def test_it_answers_what_may_be_behind_until_it_is_too_late_or_away(engine, pair, monkeypatch):
    assert await asked(engine) == (False, 0)  # nobody has looked yet
    assert seconds_behind(engine) is None
    await until(engine, (True, 0))
    assert await asked(engine, behind=False) == (False, 0)
    await asyncio.to_thread(pair.primary.execute, "town", "INSERT INTO stone VALUES (1)")
    await until(engine, (True, 1))
    await asyncio.to_thread(pair.standby.execute, "town", "SELECT pg_wal_replay_pause()")
    await asyncio.to_thread(pair.primary.execute, "town", "INSERT INTO stone VALUES (2)")
    await look_at_replica(engine)
    assert await asked(engine) == (True, 1)
    assert await asked(engine, behind=False) == (False, 2)
    monkeypatch.setattr(replicas, "MOST_BEHIND", seconds_behind(engine) + 0.5)
    await until(engine, (False, 2))
    assert seconds_behind(engine) >= 0.5
    monkeypatch.undo()
    await asyncio.to_thread(pair.standby.execute, "town", "SELECT pg_wal_replay_resume()")
    await until(engine, (True, 2))
    await asyncio.to_thread(pair.standby.stop)
    assert await asked(engine) == (False, 2)
    assert seconds_behind(engine) is None
    await asyncio.to_thread(pair.standby.start)
    await until(engine, (True, 2))


async def test_what_is_a_copy_of_nothing_of_ours_is_never_asked_and_named(pair, postgres_server):
    ours = f"{pair.primary.url}/town"
    other = open_engine(ours, connections=4, replica=f"{pair.standby.url}/postgres")
    await other.start()
    try:
        await look_at_replica(other)
        assert (is_copied(other), seconds_behind(other)) == (False, None)
    finally:
        await other.close()
    for wrong in (f"{pair.standby.url}/postgres", f"{postgres_server.url}/postgres"):
        [said] = await no_copy(ours, wrong)
        assert said.key == "database_replica"
    assert await no_copy(ours, f"{pair.standby.url}/town") == ()
    assert await no_copy(ours, "postgresql://parvis@127.0.0.1:1/town") == ()
