"""What time does: timers that cannot move hold nobody up, missed promises are marked, drafts are kept."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import ClosedDays
from parvis.requests import drafting
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import waiting as files_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.chores import mark_missed, run_timers, sweep
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.history import broken_at
from parvis.requests.lifecycle import make_move
from parvis_sdk.requests import Attachment

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


async def waiting(town):
    reference = (await town.submit()).reference
    for step, given in (("start", {}), ("ask", {"reason": "Où ?"})):
        await make_move(town.host, reference, step, given, actor=ANA, mover="agent")
    return reference


async def test_two_workers_move_a_request_once(town):
    with clock.moved_to(MONDAY) as time:
        reference = await waiting(town)
        time.forward(days=31)
        assert sorted(await asyncio.gather(run_timers(town.host), run_timers(town.host))) == [0, 1]
        record = await town.record(reference)
    assert (record.state, record.timer_due_at) == ("done", None)
    assert await broken_at(record) is None


async def test_a_timer_of_a_town_that_left_holds_nobody_up(town):
    with clock.moved_to(MONDAY) as time:
        left, here = await waiting(town), await waiting(town)
        async with transaction(town.host.engine):
            await ServiceRequest.update({ServiceRequest.jurisdiction: "gone"}).where(ServiceRequest.reference == left)
        time.forward(days=31)
        assert await run_timers(town.host) == 1
        assert (await town.record(here)).state == "done"


async def test_a_timer_of_a_request_that_cannot_be_read_holds_nobody_up(town):
    with clock.moved_to(MONDAY) as time:
        bad, here = await waiting(town), await waiting(town)
        async with transaction(town.host.engine):
            await ServiceRequest.update({ServiceRequest.state: "gone"}).where(ServiceRequest.reference == bad)
        time.forward(days=31)
        assert await run_timers(town.host) == 1
        assert (await town.record(here)).state == "done"


async def test_a_timer_counted_by_a_calendar_that_has_changed_is_set_again(town_of, hole, jurisdictions):
    states = tuple(
        structs.replace(state, timers=tuple(structs.replace(timer, business=True, days=3) for timer in state.timers))
        for state in hole.workflow.states
    )
    town = town_of(structs.replace(hole, workflow=structs.replace(hole.workflow, states=states)))
    with clock.moved_to(MONDAY) as time:
        reference = await waiting(town)
        before = (await town.record(reference)).timer_due_at
        here = jurisdictions.jurisdiction("parvis")
        shut = ClosedDays(first=MONDAY.date() + timedelta(days=1), last=MONDAY.date() + timedelta(days=10))
        calendar = structs.replace(here.calendar, closings=(*here.calendar.closings, shut))
        towns = {**jurisdictions.by_code, "parvis": structs.replace(here, calendar=calendar)}
        host = dataclasses.replace(town.host, jurisdictions=structs.replace(jurisdictions, by_code=towns))
        time.forward(days=4)
        assert await run_timers(host) == 0
        later = (await town.record(reference)).timer_due_at
        assert later > clock.now() > before
        time.to(later)
        assert await run_timers(host) == 1


async def test_marking_and_moving_at_once_agree_in_the_end(town):
    with clock.moved_to(MONDAY) as time:
        references = [(await town.submit(answers={"danger": True})).reference for _ in range(6)]
        time.forward(hours=25)
        moves = (make_move(town.host, each, "resolve", {}, actor=ANA, mover="agent") for each in references)
        marks = (mark_missed(town.host) for _ in range(3))
        await asyncio.gather(*moves, *marks)
    for reference in references:
        record = await town.record(reference)
        (shown,) = await clocks_of(record.id)
        assert record.promise == shown.state == "missed"


@pytest.fixture
def typed(town):
    async def save(token, **raw):
        await drafting.save(town.host, token, "parvis", "hole", "fr", raw)
        return await drafting.load(town.host, token)

    return save


async def test_a_draft_saved_twice_at_once_is_kept_once(typed):
    token = drafting.new_token()
    kept = await asyncio.gather(*(typed(token, words=f"mot {number}") for number in range(4)))
    assert {draft.raw["words"] for draft in kept} <= {f"mot {number}" for number in range(4)}


async def test_what_was_typed_does_not_come_back_once_it_is_sent(town, typed):
    token = drafting.new_token()
    await typed(token, words="Zoé")
    await drafting.sent(town.host, token, "7K3M-9QXT-4")
    draft = await typed(token, words="Zoé encore")  # from another tab
    assert (draft.raw, draft.sent_as) == ({}, "7K3M-9QXT-4")


async def test_a_draft_is_swept_when_it_is_old_and_not_before(town, typed):
    with clock.moved_to(MONDAY) as time:
        token = drafting.new_token()
        await typed(token, words="Zoé")
        time.forward(days=13)
        await sweep(town.host)
        assert (await drafting.load(town.host, token)).raw == {"words": "Zoé"}
        time.forward(days=2)
        await sweep(town.host)
        assert await drafting.load(town.host, token) is None


async def test_the_files_of_a_draft_stay_as_long_as_its_words(town, typed, picture):
    with clock.moved_to(MONDAY) as time:
        token = drafting.new_token()
        await typed(token, words="Zoé")
        for holder in (drafting.holder_of(token), "nobody"):
            assert isinstance(await receive_file(town.host, holder, "photos", "a.png", picture), Attachment)
        time.forward(days=10)
        await drafting.save(town.host, token, "parvis", "hole", "fr", {"words": "Zoé"}, before=await of(town, token))
        time.forward(days=10)
        await sweep(town.host)
        assert len(await files_of(drafting.holder_of(token))) == 1
        assert await files_of("nobody") == {}
        time.forward(days=5)
        await sweep(town.host)
        assert await files_of(drafting.holder_of(token)) == {}


async def of(town, token):
    return await drafting.load(town.host, token)
