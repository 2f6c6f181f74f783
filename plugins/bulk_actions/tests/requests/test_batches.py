"""One action on many requests: each succeeds or fails by itself, once despite killed processes, and reports back."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.priority_names import URGENT
from parvis.requests.records import find
from parvis.requests.timeline import story
from parvis.requests.visibility import SYSTEM_VIEWER, Viewer
from parvis.requests.work.conversation import note
from parvis_bulk_actions import batches
from parvis_bulk_actions.actions import Assign, Move, Prioritise, judge, offered, sign_of
from parvis_bulk_actions.batches import BatchTarget, batch_of, begin, begin_undo, chosen_of, go_on, resume
from parvis_bulk_actions.tables import Batch as BatchRow

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
LUC = Actor(kind="agent", id="luc", name="Luc Roy")


def an_agent(unit="", *permissions):
    rights = frozenset(permissions or ("see", "work", "assign"))
    return Viewer(kind="agent", id="ana", reaches=(Reach(permissions=rights, jurisdiction="parvis", unit=unit),))


@pytest.fixture
async def holes(town):
    """Four holes: two just received, one under way, one done."""
    records = []
    for steps in ((), (), ("start",), ("start", "resolve")):
        receipt = await town.submit()
        for step in steps:
            await make_move(town.host, receipt.reference, step, {}, actor=ANA, mover="agent")
        records.append(await find(town.host, receipt.reference))
    return records


def chosen(records):
    return [BatchTarget(reference=one.reference, version=one.version) for one in records]


def step(request_type, code, **given):
    transition = request_type.workflow.transition(code)
    return Move(transition=code, sign=sign_of(transition), title=transition.title, given=given)


async def fates(id):
    return [item.state for item in (await batch_of(id)).items]


async def test_the_preview_says_of_each_what_then_becomes_of_it(town, hole, holes):
    action, viewer, id = step(hole, "start"), an_agent(), new_id()
    before = [await judge(town.host, viewer, record, action) for record in holes]
    assert [reason is None for reason in before] == [True, True, False, False]
    await begin(town.host, id, "parvis", action, chosen(holes), actor=ANA)
    await go_on(town.host, id, viewer)
    batch = await batch_of(id)
    assert [item.state for item in batch.items] == ["done", "done", "refused", "refused"]
    assert [item.said for item in batch.items] == before
    assert batch.done_at is not None
    assert [(await find(town.host, one.reference)).state for one in holes] == ["working", "working", "working", "done"]


async def test_steps_offered_are_those_of_some_with_how_many(town, holes):
    steps = await offered(town.host, an_agent(), holes)
    assert {each.transition.code: each.count for each in steps} == {"start": 2, "resolve": 3, "ask": 1}
    assert [field.code for each in steps if each.transition.code == "resolve" for field in each.fields] == ["reason"]
    assert await offered(town.host, an_agent("lighting"), holes) == ()


async def test_a_step_with_a_missing_answer_is_refused_for_each_before_and_after(town, hole, holes):
    action = step(hole, "ask")
    id = new_id()
    await begin(town.host, id, "parvis", action, chosen(holes[2:3]), actor=ANA)
    await go_on(town.host, id, an_agent())
    [item] = (await batch_of(id)).items
    assert (item.state, item.said) == ("refused", await judge(town.host, an_agent(), holes[2], action))


async def test_a_step_of_the_same_name_in_another_type_is_another_one(town, hole):
    quarrel = await find(town.host, (await town.submit("quarrel")).reference)
    other = Move(transition="start", sign="0123456789", title=hole.title)
    assert "Commencer" in (await judge(town.host, an_agent(), quarrel, other)).fr


async def test_who_may_not_changes_nothing_and_what_others_changed_is_left_alone(town, holes):
    first, second = holes[:2]
    await assign(town.host, first.reference, unit="lighting", actor=ANA)
    id, action = new_id(), Prioritise(priority=URGENT)
    now = [await find(town.host, one.reference) for one in (first, second)]
    seen = [
        BatchTarget(reference=first.reference, version=now[0].version),
        BatchTarget(reference=second.reference, version=1),
    ]
    await assign(town.host, second.reference, unit="lighting", assignee=new_id(), actor=ANA)
    await begin(town.host, id, "parvis", action, seen, actor=ANA)
    await go_on(town.host, id, an_agent("lighting"))
    assert await fates(id) == ["done", "changed"]
    assert [(await find(town.host, one.reference)).priority for one in (first, second)] == [URGENT, 0]
    other = new_id()
    await begin(town.host, other, "parvis", action, chosen(holes[2:3]), actor=ANA)
    await go_on(town.host, other, an_agent("lighting"))
    assert await fates(other) == ["refused"]


async def test_a_priority_stands_in_the_story_for_the_town_alone(town, holes):
    id = new_id()
    await begin(town.host, id, "parvis", Prioritise(priority=URGENT), chosen(holes[:1]), actor=ANA)
    await go_on(town.host, id, an_agent())
    record = await find(town.host, holes[0].reference)
    assert "Priorité\u00a0: Urgente" in [line.title for line in await story(town.host, record, SYSTEM_VIEWER, "fr")]
    assert (await entries_of(record))[-1].audience == "internal"
    assert (await judge(town.host, an_agent(), record, Prioritise(priority=URGENT))) is not None
    assert (await judge(town.host, an_agent(), record, Prioritise(priority=7))) is not None


async def test_a_press_that_comes_twice_begins_one_batch(town, hole, holes):
    id = new_id()
    for _ in range(2):
        await begin(town.host, id, "parvis", step(hole, "start"), chosen(holes), actor=ANA)
    assert len((await batch_of(id)).items) == 4


async def test_several_who_go_on_at_once_do_each_request_once(town, hole, holes):
    id, before = new_id(), [one.version for one in holes[:2]]
    await begin(town.host, id, "parvis", step(hole, "start"), chosen(holes[:2]), actor=ANA)
    await asyncio.gather(*(go_on(town.host, id, an_agent()) for _ in range(3)))
    assert await fates(id) == ["done", "done"]
    assert [(await find(town.host, one.reference)).version for one in holes[:2]] == [each + 1 for each in before]


async def test_a_worker_killed_between_two_requests_or_within_one_leaves_the_rest_to_the_chore(
    town, hole, holes, monkeypatch
):
    """Killed after the change of the second and before its fate is written: neither stands."""
    id, noted = new_id(), batches._note
    calls = []

    async def killed(item, became):
        calls.append(item.reference)
        if len(calls) == 2:
            raise asyncio.CancelledError
        await noted(item, became)

    await begin(town.host, id, "parvis", step(hole, "resolve", reason="Rebouché"), chosen(holes[:3]), actor=ANA)
    with monkeypatch.context() as patched:
        patched.setattr(batches, "_note", killed)
        with pytest.raises(asyncio.CancelledError):
            await go_on(town.host, id, an_agent())
    assert await fates(id) == ["done", "waiting", "waiting"]
    assert (await find(town.host, holes[1].reference)).version == holes[1].version

    async def viewer_of(agent):
        assert agent == "ana"
        return an_agent()

    assert await resume(town.host, viewer_of) == 0  # the process that began it may still be at work
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await resume(town.host, viewer_of) == 2
        assert await resume(town.host, viewer_of) == 0
    assert await fates(id) == ["done", "done", "done"]
    for one in holes[:3]:
        entries = await entries_of(await find(town.host, one.reference))
        assert [entry.body.get("transition") for entry in entries].count("resolve") == 1
        assert entries[-1].actor.name == "Ana Tremblay"


async def test_the_rest_of_somebody_who_is_gone_is_refused(town, hole, holes):
    id = new_id()
    await begin(town.host, id, "parvis", step(hole, "resolve", reason="Chez M. Roy"), chosen(holes[:1]), actor=ANA)

    async def nobody(agent):
        return None

    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        await resume(town.host, nobody)
    assert await fates(id) == ["refused"]
    batch = await batch_of(id)
    assert batch.done_at is not None
    assert batch.action.given == {}


async def test_a_batch_that_cannot_go_on_keeps_no_other_waiting_and_is_refused_after_a_day(
    town, hole, holes, monkeypatch
):
    ids = gone, broken, good, old = [new_id() for _ in range(4)]
    for id, one in zip(ids, holes, strict=True):
        await begin(town.host, id, "parvis", step(hole, "resolve", reason="Chez M. Roy"), chosen([one]), actor=ANA)
    async with transaction(town.host.engine):
        await BatchRow.update({BatchRow.jurisdiction: "nowhere"}).where(BatchRow.id == gone)
        await BatchRow.update({BatchRow.name: "Broken"}).where(BatchRow.id == broken)
        await BatchRow.update({BatchRow.made_at: clock.now() - timedelta(days=31)}).where(BatchRow.id == old)
    planned = batches.planning

    def planning(host, viewer, actor, action):
        return planned(host, viewer, actor, None if actor.name == "Broken" else action)

    async def viewer_of(agent):
        return an_agent()

    monkeypatch.setattr(batches, "planning", planning)
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await resume(town.host, viewer_of) == 1
    assert [await fates(id) for id in (gone, broken, good)] == [["refused"], ["waiting"], ["done"]]
    assert await batch_of(old) is None
    assert (await batch_of(gone)).action.given == {}
    with clock.moved_to(clock.now() + timedelta(days=1, minutes=2)):
        assert await resume(town.host, viewer_of) == 0
    assert await fates(broken) == ["refused"]
    assert (await batch_of(broken)).action.given == {}


async def test_what_was_typed_goes_when_all_is_done_and_the_batch_after_a_month(town, hole, holes):
    id = new_id()
    await begin(town.host, id, "parvis", step(hole, "resolve", reason="Chez M. Roy"), chosen(holes[:2]), actor=ANA)
    assert (await batch_of(id)).action.given == {"reason": "Chez M. Roy"}
    await go_on(town.host, id, an_agent())
    assert (await batch_of(id)).action.given == {}

    async def viewer_of(agent):
        return an_agent()

    with clock.moved_to(clock.now() + timedelta(days=31)):
        await resume(town.host, viewer_of)
    assert await batch_of(id) is None


async def test_an_erased_request_stands_in_no_batch_and_one_erased_meanwhile_is_gone(town, hole, holes):
    id, later = new_id(), new_id()
    await begin(town.host, id, "parvis", Assign(unit="lighting"), chosen(holes[:2]), actor=ANA)
    await go_on(town.host, id, an_agent())
    await erase(town.host, holes[0].reference, actor=ANA)
    assert [item.reference for item in (await batch_of(id)).items] == [holes[1].reference]
    await begin(town.host, later, "parvis", Prioritise(priority=1), chosen(holes[:1]), actor=ANA)
    await go_on(town.host, later, an_agent())
    assert await fates(later) == ["gone"]


async def test_those_chosen_are_read_at_once_in_their_order(town, holes):
    wanted = [holes[2].reference, "7K3M-9QXT-4", holes[0].reference, holes[2].reference]
    assert [one.reference for one in await chosen_of(town.host, "parvis", wanted)] == [wanted[0], wanted[2]]
    assert await chosen_of(town.host, "rivemont", wanted) == ()


@pytest.mark.parametrize("action", [Assign(unit="lighting"), Prioritise(priority=URGENT)])
async def test_a_batch_is_taken_back_where_nothing_was_done_since_and_once(town, action):
    references = [(await town.submit()).reference for _ in range(3)]
    before = [await find(town.host, each) for each in references]
    id = new_id()
    chosen = [BatchTarget(reference=each.reference, version=each.version) for each in before]
    await begin(town.host, id, "parvis", action, chosen, actor=ANA)
    await go_on(town.host, id, an_agent())
    await note(town.host, references[0], "J’y vais.", actor=LUC)
    for _ in range(2):
        undoing = await begin_undo(town.host, await batch_of(id), actor=ANA)
        await go_on(town.host, undoing, an_agent())
    assert [item.state for item in (await batch_of(undoing)).items] == ["changed", "done", "done"]
    after = [await find(town.host, each) for each in references]
    assert [(each.unit, each.priority) for each in after[1:]] == [(each.unit, each.priority) for each in before[1:]]
    assert (after[0].unit, after[0].priority) != (before[0].unit, before[0].priority)
