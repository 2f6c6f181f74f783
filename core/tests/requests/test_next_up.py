"""The next request that nobody holds: pressing ones first, then what is due first; never one to two people."""

import asyncio

from parvis import clock
from parvis.access_scope import Reach
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.search import Filters, queue
from parvis.requests.next_up import take_next
from parvis.requests.priority_names import URGENT
from parvis.requests.records import find
from parvis.requests.visibility import Viewer
from parvis_testing.prioritising import prioritise

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def somebody(name="Luc", unit="", *rights):
    reach = Reach(permissions=frozenset(rights or ("see", "work", "assign")), jurisdiction="parvis", unit=unit)
    id = str(new_id())
    return Viewer(kind="agent", id=id, reaches=(reach,)), Actor(kind="agent", id=id, name=name)


async def taken_by(town, viewer, actor, filters=None):
    record = await take_next(town.host, viewer, "parvis", filters or Filters(), actor=actor)
    return record.reference if record else None


async def test_a_pressing_one_comes_first_then_the_one_due_first_and_then_there_is_none(town):
    with clock.moved_to(clock.now()) as moved:
        made = []
        for _ in range(3):
            made.append((await town.submit()).reference)
            moved.forward(days=1)
        await prioritise(town.host, made[2], URGENT, actor=ANA)
        viewer, actor = somebody()
        assert [await taken_by(town, viewer, actor) for _ in range(4)] == [made[2], made[0], made[1], None]
    assert str((await find(town.host, made[0])).assignee) == actor.id


async def test_what_is_held_waits_or_is_closed_is_nobodys_next(town):
    held, waiting, closed = [(await town.submit()).reference for _ in range(3)]
    await assign(town.host, held, assignee=new_id(), actor=ANA)
    await make_move(town.host, waiting, "start", {}, actor=ANA, mover="agent")
    await make_move(town.host, waiting, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    await make_move(town.host, closed, "resolve", {}, actor=ANA, mover="agent")
    assert await taken_by(town, *somebody()) is None


async def test_only_what_one_may_take_of_the_list_that_is_open(town):
    roads, lighting = [(await town.submit()).reference for _ in range(2)]
    await assign(town.host, roads, unit="roads", actor=ANA)
    await assign(town.host, lighting, unit="lighting", actor=ANA)
    assert await taken_by(town, *somebody("Eva", "lighting", "see")) is None
    assert await taken_by(town, *somebody("Luc", "lighting")) == lighting
    assert await taken_by(town, *somebody(), Filters(units=("lighting",))) is None
    assert await taken_by(town, *somebody(), Filters(units=("roads",))) == roads


async def test_many_who_ask_at_once_each_get_another_one(town):
    made = {(await town.submit()).reference for _ in range(4)}
    people = [somebody(f"P{number}") for number in range(6)]
    given = await asyncio.gather(*(taken_by(town, *person) for person in people))
    assert sorted(one for one in given if one) == sorted(made)
    for reference in made:
        assert (await find(town.host, reference)).version == 2


async def test_waiting_for_another_system_is_what_one_knows_or_has_not_yet_been_told(town):
    from parvis.db import transaction
    from parvis.db.tables import ServiceRequest

    known, plain, past = [(await town.submit()).reference for _ in range(3)]
    async with transaction(town.host.engine):
        erp = Actor(kind="plugin", id="erp", name="erp")
        await take_effect(town.host, known, erp, News(external="WO-7"))
        await ServiceRequest.update({ServiceRequest.external_references: '{"before": "WO-8"}'}).where(
            ServiceRequest.reference == past  # as what was brought in from a system that answers nothing any more
        )
    viewer, _ = somebody()
    found = await queue(town.host, viewer, "parvis", Filters(elsewhere=True))
    assert [row.reference for row in found.rows] == [known]
    found = await queue(town.host, viewer, "parvis", Filters())
    assert {row.reference for row in found.rows} == {known, plain, past}
