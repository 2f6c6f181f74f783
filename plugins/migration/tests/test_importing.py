"""Requests of another system, brought in again: nothing twice, and what a broken run left out is made up for."""

from datetime import UTC, datetime, timedelta

from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Entry, IdempotencyKey, ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.chores import sweep
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.work.conversation import note
from parvis_migration.importing import ImportedRequest, Step, bring_in
from parvis_sdk.problems import Problems

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
THEN = datetime(2019, 5, 6, 14, tzinfo=UTC)
STEPS = (Step(at=THEN + timedelta(days=1), state="working"), Step(at=THEN + timedelta(days=9), state="done"))
HOLE = ImportedRequest(key="17", type="hole", submitted_at=THEN, steps=STEPS)


async def brought(town, what=HOLE):
    return await bring_in(town.host, town.host.jurisdictions.jurisdiction("parvis"), "old", what)


async def half(town, what=HOLE, steps=0):
    """What versions before this one left when they died between two steps."""
    receipt = await brought(town, structs.replace(what, steps=STEPS[:steps]))
    return receipt.reference


async def test_a_request_that_was_left_half_imported_is_finished_by_the_next_run(town):
    for steps in (0, 1):
        hole = structs.replace(HOLE, key=f"after {steps}")
        reference = await half(town, hole, steps)
        assert (await brought(town, hole)).reference == reference
        record = await town.record(reference)
        assert (record.state, record.closed_at) == ("done", STEPS[-1].at)
        assert [entry.body["target"] for entry in (await entries_of(record))[1:]] == ["working", "done"]
        assert await broken_at(record) is None


async def test_what_people_have_worked_on_since_is_not_overwritten_by_its_past(town):
    reference = await half(town)
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    answer = await brought(town)
    assert isinstance(answer, Problems)
    assert reference in answer.found[0].message.fr
    assert (await town.record(reference)).state == "working"


async def test_a_finished_import_stays_as_people_left_it_when_its_file_comes_again(town):
    reference = (await brought(town)).reference
    await note(town.host, reference, "Vu aux archives.", actor=ANA)
    version = (await town.record(reference)).version
    assert (await brought(town)).reference == reference
    assert (await town.record(reference)).version == version


async def test_the_same_file_a_year_later_doubles_nothing(town):
    reference = (await brought(town)).reference
    with clock.moved_to(clock.now() + timedelta(days=365)):
        await sweep(town.host)
        assert (await brought(town)).reference == reference
    assert await ServiceRequest.count() == 1
    assert await Entry.count() == 3
    async with transaction(town.host.engine):
        await IdempotencyKey.delete().where(IdempotencyKey.lasting == False)  # noqa: E712 - of a column
    assert await IdempotencyKey.count() == 1
