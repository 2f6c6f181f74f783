"""Sessions: ours alone, ended by time or by will."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import Engine, counted
from parvis.db.people_tables import Session
from parvis.people.agents import Person, add_agent
from parvis.people.sessions import (
    IDLE,
    LONGEST,
    begin_session,
    digest_of,
    end_other_sessions,
    end_session,
    end_session_named,
    person_of,
    sessions_of,
    sweep_sessions,
)


@pytest.fixture
async def claire(database: Engine) -> Person:
    return await add_agent(database, email="claire@parvis.example", name="Claire Roy", password="quatre chevaux verts")


async def test_only_the_digest_of_a_token_is_kept(database: Engine, claire: Person) -> None:
    token = await begin_session(database, claire.id, "Firefox\x00 sur Linux")
    rows = await Session.select()
    assert token not in str(rows)
    assert rows[0]["token_digest"] == digest_of(token)
    assert rows[0]["device"] == "Firefox sur Linux"


@pytest.mark.parametrize("token", [None, "", "chosen-by-an-attacker", "x" * 5000, "\ud800"])
async def test_a_token_that_is_not_ours_is_nobodys(database: Engine, claire: Person, token: str | None) -> None:
    assert await person_of(database, token) is None
    assert await Session.count() == 0


async def test_a_session_ends_when_it_is_old_or_idle(database: Engine, claire: Person) -> None:
    with clock.moved_to(clock.now()) as moved:
        token = await begin_session(database, claire.id)
        begun = clock.now()
        while clock.now() + IDLE / 2 < begun + LONGEST:
            moved.forward(IDLE / 2)
            assert await person_of(database, token) is not None
        moved.to(begun + LONGEST + timedelta(seconds=1))
        assert await person_of(database, token) is None
        idle = await begin_session(database, claire.id)
        moved.forward(IDLE - timedelta(seconds=1))
        assert len(await sessions_of(database, claire.id)) == 1
        moved.forward(seconds=2)
        assert await person_of(database, idle) is None
        assert await sessions_of(database, claire.id) == ()
        assert await sweep_sessions(database) == 2
        assert await Session.count() == 0


async def test_a_page_costs_one_read_and_notes_the_visit_only_now_and_then(database: Engine, claire: Person) -> None:
    with clock.moved_to(clock.now()) as moved:
        token = await begin_session(database, claire.id)
        moved.forward(minutes=1)
        with counted() as queries:
            await person_of(database, token)
        assert queries.count == 1
        moved.forward(minutes=5)
        with counted() as queries:
            await person_of(database, token)
        assert queries.count == 2


async def test_sessions_are_listed_and_ended_from_elsewhere(database: Engine, claire: Person) -> None:
    other = await add_agent(database, email="luc@parvis.example", name="Luc", password="quatre chevaux verts")
    with clock.moved_to(clock.now()) as moved:
        phone = await begin_session(database, claire.id, "Téléphone")
        moved.forward(minutes=10)
        office = await begin_session(database, claire.id, "Bureau")
        theirs = await begin_session(database, other.id, "Bureau de Luc")
    listed = await sessions_of(database, claire.id, office)
    assert [(one.device, one.current) for one in listed] == [("Bureau", True), ("Téléphone", False)]
    assert not await end_session_named(database, other.id, listed[1].handle)
    assert await end_session_named(database, claire.id, listed[1].handle)
    assert await person_of(database, phone) is None
    assert await person_of(database, office) == claire
    assert await end_other_sessions(database, claire.id, office) == 0
    await end_session(database, office)
    assert await person_of(database, office) is None
    assert await person_of(database, theirs) == other
