"""What a clock does at each phase, whatever happened before: running, paused, met, missed, reopened."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.requests.actors import Actor
from parvis.requests.chores import mark_missed
from parvis.requests.clocks.clocks import Clock, after_move, clocks_of
from parvis.requests.lifecycle import make_move
from parvis_sdk.request_types import ServiceLevel
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)  # ten in the morning in Montréal
CALENDAR = BusinessCalendar()
NAME = Text(fr="Un jour", en="One day")


def a_clock(until="closed", **given):
    allowance = ServiceLevel(code="day", title=NAME, hours=24, until=until)
    values = {"state": "running", "started_at": MONDAY, "due_at": MONDAY + timedelta(hours=24)} | given
    return Clock(id=new_id(), code="day", shown=True, until=until, allowance=allowance, **values)


def played(clock, *steps):
    """The clock after moves of so many hours after Monday into these phases."""
    for hours, phase in steps:
        clock = after_move(clock, phase, CALENDAR, MONDAY + timedelta(hours=hours))
    return clock


@pytest.mark.parametrize(
    ("until", "steps", "state"),
    [
        ("in_progress", [(1, Phase.IN_PROGRESS)], "met"),
        ("in_progress", [(1, Phase.WAITING_FOR_YOU)], "met"),
        ("decided", [(1, Phase.IN_PROGRESS)], "running"),
        ("decided", [(1, Phase.DECIDED)], "met"),
        ("closed", [(1, Phase.DECIDED)], "running"),
        ("closed", [(1, Phase.CLOSED)], "met"),
        ("closed", [(25, Phase.CLOSED)], "missed"),
        ("closed", [(1, Phase.WAITING_FOR_YOU)], "paused"),
        ("closed", [(1, Phase.WAITING_FOR_YOU), (40, Phase.CLOSED)], "met"),
        ("closed", [(1, Phase.WAITING_FOR_YOU), (40, Phase.IN_PROGRESS)], "running"),
        ("closed", [(1, Phase.WAITING_FOR_YOU), (40, Phase.IN_PROGRESS), (62, Phase.CLOSED)], "met"),
        ("closed", [(1, Phase.WAITING_FOR_YOU), (40, Phase.IN_PROGRESS), (64, Phase.CLOSED)], "missed"),
        ("closed", [(1, Phase.CLOSED), (2, Phase.IN_PROGRESS)], "running"),
        ("closed", [(25, Phase.CLOSED), (26, Phase.IN_PROGRESS)], "missed"),
        ("closed", [(25, Phase.IN_PROGRESS)], "missed"),
        # Nobody had marked it yet when the town began to wait, but it was broken all the same.
        ("closed", [(25, Phase.WAITING_FOR_YOU)], "missed"),
        ("closed", [(25, Phase.WAITING_FOR_YOU), (26, Phase.CLOSED)], "missed"),
    ],
)
def test_the_state_of_a_clock_follows_the_phases(until, steps, state):
    assert played(a_clock(until), *steps).state == state


def test_a_pause_moves_the_promise_by_as_long_as_it_lasted():
    resumed = played(a_clock(), (4, Phase.WAITING_FOR_YOU), (30, Phase.IN_PROGRESS))
    assert resumed.due_at == MONDAY + timedelta(hours=50)
    assert resumed.paused_at is None


def test_a_pause_over_a_weekend_moves_business_time_only():
    friday = datetime(2026, 9, 18, 18, tzinfo=UTC)  # two in the afternoon; the town closes at half past four
    allowance = ServiceLevel(code="hours", title=NAME, business_hours=4)
    due_at = datetime(2026, 9, 21, 14, tzinfo=UTC)
    begun = structs.replace(a_clock(), allowance=allowance, started_at=friday, due_at=due_at)
    paused = after_move(begun, Phase.WAITING_FOR_YOU, CALENDAR, friday + timedelta(hours=1))
    resumed = after_move(paused, Phase.IN_PROGRESS, CALENDAR, datetime(2026, 9, 22, 14, tzinfo=UTC))
    assert resumed.due_at == datetime(2026, 9, 22, 17, tzinfo=UTC)  # three hours were left


def test_a_promise_met_runs_anew_from_the_day_of_reopening():
    reopened = played(a_clock(), (1, Phase.CLOSED), (100, Phase.IN_PROGRESS))
    assert (reopened.due_at, reopened.ended_at) == (MONDAY + timedelta(hours=124), None)


def test_a_broken_promise_ends_once_when_it_is_fulfilled_late():
    late = played(a_clock(), (30, Phase.CLOSED))
    again = played(late, (40, Phase.IN_PROGRESS), (50, Phase.CLOSED))
    assert late.ended_at == again.ended_at == MONDAY + timedelta(hours=30)


async def test_a_promise_broken_a_moment_ago_is_not_kept_by_pausing(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit(answers={"danger": True})).reference
        await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
        time.forward(hours=25)  # before the chore of the minute has run
        record = await make_move(town.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    assert record.promise == "missed"


async def test_marking_broken_promises_leaves_those_alone_that_a_move_has_just_kept(town):
    with clock.moved_to(MONDAY) as time:
        kept, broken = [(await town.submit(answers={"danger": True})).reference for _ in range(2)]
        await make_move(town.host, kept, "resolve", {}, actor=ANA, mover="agent")
        time.forward(hours=25)
        assert await mark_missed(town.host) == 1
        assert await mark_missed(town.host) == 0
    records = [await town.record(reference) for reference in (kept, broken)]
    assert [record.promise for record in records] == ["met", "missed"]
    assert [[each.state for each in await clocks_of(record.id)] for record in records] == [["met"], ["missed"]]
