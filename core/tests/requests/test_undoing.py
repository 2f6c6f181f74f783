"""Taking back: an assignment or a priority of one's own, for an hour, where nothing was done since."""

import pytest

from parvis import clock
from parvis.access_scope import Reach
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.history import entries_of
from parvis.requests.priority_names import PRESSING, URGENT
from parvis.requests.records import Record, find
from parvis.requests.undoing import undo
from parvis.requests.visibility import Viewer
from parvis.requests.work.conversation import note
from parvis_sdk.workflow import Denied
from parvis_testing.prioritising import prioritise

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
LUC = Actor(kind="agent", id="luc", name="Luc Roy")


def an_agent(unit="", rights=("see", "work", "assign")):
    return Viewer(
        kind="agent", id="ana", reaches=(Reach(permissions=frozenset(rights), jurisdiction="parvis", unit=unit),)
    )


@pytest.fixture
async def hole_of_roads(town):
    reference = (await town.submit()).reference
    holder = new_id()
    await assign(town.host, reference, unit="roads", assignee=holder, assignee_name="Eva Gagnon", actor=LUC)
    return await find(town.host, reference)


async def test_an_assignment_is_taken_back_to_the_unit_and_person_who_had_it(town, hole_of_roads):
    before = hole_of_roads
    await assign(town.host, before.reference, unit="lighting", actor=ANA)
    back = await undo(town.host, an_agent("roads"), before.reference, actor=ANA)
    assert isinstance(back, Record)
    assert (back.unit, back.assignee) == ("roads", before.assignee)
    last = (await entries_of(back))[-1]
    assert (last.kind, last.body["name"], last.body["undoes"]) == ("assigned", "Eva Gagnon", last.number - 1)
    assert isinstance(await undo(town.host, an_agent(), before.reference, actor=ANA), Denied)  # not back and forth


async def test_a_priority_is_taken_back(town, hole_of_roads):
    await prioritise(town.host, hole_of_roads.reference, PRESSING, actor=LUC)
    await prioritise(town.host, hole_of_roads.reference, URGENT, actor=ANA)
    back = await undo(town.host, an_agent(), hole_of_roads.reference, actor=ANA)
    assert back.priority == PRESSING


async def test_what_others_did_what_is_old_and_what_was_gone_on_from_stands(town, hole_of_roads):
    reference = hole_of_roads.reference
    assert isinstance(await undo(town.host, an_agent(), reference, actor=ANA), Denied)  # Luc's
    with clock.moved_to(clock.now()) as moved:
        await assign(town.host, reference, unit="lighting", actor=ANA)
        moved.forward(minutes=61)
        assert isinstance(await undo(town.host, an_agent(), reference, actor=ANA), Denied)
        await assign(town.host, reference, unit="roads", actor=ANA)
        await note(town.host, reference, "J’y vais.", actor=LUC)
        moved.forward(minutes=1)
        assert isinstance(await undo(town.host, an_agent(), reference, actor=ANA), Denied)
    assert (await find(town.host, reference)).unit == "roads"


async def test_who_had_no_right_over_the_unit_before_takes_nothing_to_it(town, hole_of_roads):
    await assign(town.host, hole_of_roads.reference, unit="lighting", actor=ANA)
    assert isinstance(await undo(town.host, an_agent("lighting"), hole_of_roads.reference, actor=ANA), Denied)
    viewer = an_agent("roads", ("see", "work"))
    assert isinstance(await undo(town.host, viewer, hole_of_roads.reference, actor=ANA), Denied)
