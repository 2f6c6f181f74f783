"""A clock that jumps destroys, escalates and plays nothing: it is asked about, and one confirmation is enough."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Chore, Clock, Delivery, Entry
from parvis.db.upkeep_tables import ClockReading
from parvis.outbox import clock_watch
from parvis.outbox.circuits import LONGEST_ASKED
from parvis.outbox.clock_watch import ClockWatch, confirm, standing
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.worker.chores import chores_of, do_due

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
SIX_YEARS = timedelta(days=6 * 365)
THREE_WEEKS = timedelta(days=21)


async def run(town, name="w", watch=None):
    return await do_due(town.host.engine, chores_of(town.host), name, watch)


@pytest.fixture
async def closed_and_open(town):
    """A town with one closed request and one open promise, whose worker has run."""
    await run(town)
    done, _ = (await town.submit()).reference, await town.submit()
    await make_move(town.host, done, "resolve", {}, actor=ANA, mover="agent")
    return town, done


async def harmed(town, done):
    """Whether anything was destroyed, missed or taken higher."""
    missed = await Clock.count().where(Clock.state == "missed")
    raised = await Entry.count().where(Entry.kind.is_in(["escalated", "warned"]))
    return (await find(town.host, done)).erased_at is not None, missed, raised


async def test_a_clock_six_years_ahead_for_a_minute_harms_nothing_and_needs_nobody_once_it_is_right(closed_and_open):
    town, done = closed_and_open
    with clock.moved_to(clock.now() + SIX_YEARS) as wrong:
        for _ in range(3):
            ran = await run(town)
            assert not {"timers", "promises", "drafts", "heartbeat"} & {*ran}
            assert "parked" in ran  # which does not go by the date
            wrong.forward(seconds=61)
        assert (await standing(town.host.engine)).is_doubted
    assert await harmed(town, done) == (False, 0, 0)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert {"drafts", "timers", "promises", "parked"} <= {*await run(town)}
        assert not (await standing(town.host.engine)).is_doubted
    assert await harmed(town, done) == (False, 0, 0)


async def test_after_three_weeks_of_standing_still_one_confirmation_lets_everything_go_on(closed_and_open):
    town, _ = closed_and_open
    with clock.moved_to(clock.now() + THREE_WEEKS) as time:
        assert "promises" not in await run(town)
        assert (await standing(town.host.engine)).away > THREE_WEEKS - timedelta(minutes=5)
        await confirm(town.host.engine, "Karim Diallo")
        assert "promises" in await run(town)
        assert await Clock.count().where(Clock.state == "missed") > 0
        time.forward(hours=1)
        assert "drafts" in await run(town)
        known = await standing(town.host.engine)
        assert (known.is_doubted, known.confirmed_by) == (False, "Karim Diallo")


async def test_a_weekend_in_the_cellar_of_a_few_hours_is_asked_about_by_nobody(closed_and_open):
    town, _ = closed_and_open
    with clock.moved_to(clock.now() + timedelta(hours=20)):
        assert "promises" in await run(town)


async def test_a_clock_that_went_back_is_asked_about(closed_and_open):
    town, _ = closed_and_open
    with clock.moved_to(clock.now() - timedelta(days=2)):
        assert "timers" not in await run(town)
        assert (await standing(town.host.engine)).doubt.why == "behind"


async def test_one_of_two_workers_whose_clock_is_five_hours_ahead_stops_and_the_other_goes_on(town):
    right, wrong = ClockWatch(town.host.engine, "right"), ClockWatch(town.host.engine, "wrong")
    at = clock.now()
    for seconds in range(0, 180, 30):
        with clock.moved_to(at + timedelta(seconds=seconds)):
            assert await right.look() is None
            assert await wrong.look() is None
    for seconds in range(180, 300, 30):
        with clock.moved_to(at + timedelta(seconds=seconds)):
            assert await right.look() is None
        with clock.moved_to(at + timedelta(hours=5, seconds=seconds)):
            assert (await wrong.look()).why == "process"
    assert {each.process: each.doubt for each in (await standing(town.host.engine)).readings} == {
        "right": "",
        "wrong": "process",
    }


async def test_what_a_worker_put_off_by_a_month_and_never_put_right_is_done_by_the_other(town):
    """It was ended when its clock was seen to be wrong: nobody else would play what it had played ahead."""
    engine, at = town.host.engine, clock.now()
    right, wrong = ClockWatch(engine, "right"), ClockWatch(engine, "wrong")
    with clock.moved_to(at):
        assert "parked" in await run(town, "right", right)
    with clock.moved_to(at + timedelta(days=31)):
        assert "parked" in await run(town, "wrong", wrong)
    for minutes in (1, 2):
        with clock.moved_to(at + timedelta(minutes=minutes)):
            ran = await run(town, "right", right)
    assert "parked" in ran


async def test_a_worker_that_restarts_again_and_again_a_day_ahead_of_another_never_moves_the_trusted_moment(town):
    """Three restarts of 23 hours each would destroy and escalate by a date that is three days away."""
    engine, at = town.host.engine, clock.now()
    right = ClockWatch(engine, "right")
    for restart in range(3):
        wrong, ahead = ClockWatch(engine, f"wrong {restart}"), timedelta(hours=23 * (restart + 1))
        for seconds in range(restart * 90, restart * 90 + 90, 30):
            with clock.moved_to(at + timedelta(seconds=seconds)):
                assert await right.look() is None
            with clock.moved_to(at + ahead + timedelta(seconds=seconds)):
                assert await wrong.look() is not None
                ran = await run(town, watch=wrong)
                assert not {"drafts", "timers", "promises", "heartbeat"} & {*ran}
    with clock.moved_to(at + timedelta(minutes=4)):
        assert (await standing(engine)).trusted < at + timedelta(minutes=5)


async def test_a_worker_that_was_once_told_apart_waits_for_a_person_also_when_the_other_ends(town, monkeypatch):
    engine, at = town.host.engine, clock.now()
    monkeypatch.setattr(clock_watch, "LISTENS_FOR", timedelta())
    right = ClockWatch(engine, "right")
    assert await right.look() is None
    wrong = ClockWatch(engine, "wrong")
    with clock.moved_to(at + timedelta(seconds=30)):
        assert await wrong.look() is None  # they agree still
        assert await right.look() is None
    with clock.moved_to(at + timedelta(hours=20, seconds=60)):
        assert (await wrong.look()).why == "process"
    for hours in (20, 21, 22):  # nobody else speaks any more
        with clock.moved_to(at + timedelta(hours=hours, minutes=5)):
            assert (await wrong.look()).why == "process"
    await confirm(engine, "Karim Diallo")
    assert await wrong.look() is None


async def test_a_worker_that_begins_after_a_night_listens_for_others_and_then_goes_on_by_itself(town, monkeypatch):
    engine, at = town.host.engine, clock.now()
    assert await ClockWatch(engine, "before the night").look() is None
    with clock.moved_to(at + timedelta(hours=11)) as time:
        watch = ClockWatch(engine, "after the night")
        assert "promises" not in await run(town, watch=watch)
        assert not (await standing(engine)).is_doubted  # nobody need be woken
        machine = clock.run_for()
        monkeypatch.setattr(clock, "run_for", lambda: machine + clock_watch.LISTENS_FOR + timedelta(seconds=30))
        time.forward(seconds=330)
        assert "promises" in await run(town, watch=watch)


async def test_a_worker_in_doubt_is_shown_whatever_its_clock_says_and_no_longer_once_it_has_ended(town):
    """A clock two days back was not on the page; one of six years ahead stayed there after its process had ended."""
    engine, at = town.host.engine, clock.now()
    right = ClockWatch(engine, "right")
    assert await right.look() is None
    for name, away in (("behind", timedelta(days=-2)), ("ahead", SIX_YEARS)):
        with clock.moved_to(at + away):
            assert (await ClockWatch(engine, name).look()).why == name
    assert {each.process: each.doubt for each in (await standing(engine)).readings} == {
        "right": "",
        "behind": "behind",
        "ahead": "ahead",
    }
    with clock.moved_to(at + timedelta(hours=2)):
        assert await right.look() is None
        known = await standing(engine)
        assert ({each.process for each in known.readings}, known.is_doubted) == ({"right"}, False)


async def test_a_single_process_notices_that_its_clock_jumped_by_an_hour(town, monkeypatch):
    watch = ClockWatch(town.host.engine, "only")
    assert await watch.look() is None
    monkeypatch.setenv(*clock.variables(timedelta(hours=1)).popitem())
    assert (await watch.look()).why == "jumped"
    await confirm(town.host.engine, "Karim Diallo")
    assert await watch.look() is None


async def test_a_database_on_a_machine_of_another_time_is_asked_about_once(town, monkeypatch):

    async def an_hour_ago(engine):
        return clock.of_machine() - timedelta(hours=1)

    watch = ClockWatch(town.host.engine, "w")
    assert await watch.look() is None
    monkeypatch.setattr(clock_watch, "database_time", an_hour_ago)
    assert (await watch.look()).why == "database"
    await confirm(town.host.engine, "Karim Diallo")
    assert await watch.look() is None


@pytest.mark.parametrize("ahead", [THREE_WEEKS, SIX_YEARS])
async def test_what_was_put_off_while_the_clock_was_wrong_does_not_wait_until_then(closed_and_open, ahead):
    town, _ = closed_and_open
    later = clock.now() + ahead
    async with transaction(town.host.engine):
        await Delivery.update({Delivery.due_at: later, Delivery.state: "postponed"}).where(Delivery.reference != "")
        await Chore.update({Chore.ran_at: later}).where(Chore.name == "measures")
    assert "measures" in await run(town)
    assert await Delivery.count().where(Delivery.due_at > clock.now() + timedelta(days=1)) == 0


async def test_a_wait_that_another_system_asked_for_is_kept_to_when_a_worker_begins(closed_and_open):
    town, _ = closed_and_open
    asked = clock.now() + LONGEST_ASKED
    async with transaction(town.host.engine):
        await Delivery.update({Delivery.due_at: asked, Delivery.state: "postponed"}).where(Delivery.reference != "")
    await run(town)
    assert await Delivery.count().where(Delivery.due_at == asked) > 0


async def test_an_installation_that_never_wrote_readings_knows_the_time_by_its_last_heartbeat(closed_and_open):
    town, _ = closed_and_open
    async with transaction(town.host.engine):
        await ClockReading.delete().where(ClockReading.process != "x")
    with clock.moved_to(clock.now() + SIX_YEARS):
        assert "drafts" not in await run(town)
