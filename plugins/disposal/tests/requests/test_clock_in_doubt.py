"""A clock that jumps destroys nothing, approved or not; and what is off runs in no worker."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.upkeep_tables import ClockReading
from parvis.outbox.clock_watch import ClockWatch, confirm, standing
from parvis.requests.lifecycle import make_move
from parvis.worker.chores import chores_of, do_due, due_somewhere
from parvis_disposal.commands import forget as forget_command
from parvis_disposal.destruction import approve, lists_to_approve
from parvis_testing.modules import switch
from parvis_testing.town import ANA

SIX_YEARS = timedelta(days=6 * 365)
THREE_WEEKS = timedelta(days=21)


async def run(town, name="w", watch=None):
    return await do_due(town.host.engine, chores_of(town.host), name, watch)


async def is_gone(town, reference):
    return (await town.record(reference)).erased_at is not None


@pytest.fixture
async def done(alone):
    """A closed request of a town where destruction runs alone, whose worker has run."""
    await run(alone)
    reference = (await alone.submit()).reference
    await make_move(alone.host, reference, "resolve", {}, actor=ANA, mover="agent")
    return reference


async def test_a_clock_six_years_ahead_for_a_minute_destroys_nothing(alone, done):
    with clock.moved_to(clock.now() + SIX_YEARS) as wrong:
        for _ in range(3):
            assert "retention" not in await run(alone)
            wrong.forward(seconds=61)
        assert (await standing(alone.host.engine)).is_doubted
    assert not await is_gone(alone, done)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert "retention" in await run(alone)
    assert not await is_gone(alone, done)


async def test_what_was_approved_waits_too_while_the_clock_is_in_doubt(town):
    await run(town)
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    with clock.moved_to(clock.now() + SIX_YEARS) as time:
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)
        time.forward(hours=2)
        assert "retention" not in await run(town)
        assert not await is_gone(town, reference)
        await confirm(town.host.engine, "Karim Diallo")
        assert "retention" in await run(town)
        assert await is_gone(town, reference)


async def test_after_three_weeks_of_standing_still_one_confirmation_lets_it_go_on(alone, done):
    with clock.moved_to(clock.now() + THREE_WEEKS) as time:
        assert "retention" not in await run(alone)
        await confirm(alone.host.engine, "Karim Diallo")
        time.forward(hours=1)
        assert "retention" in await run(alone)


async def test_a_worker_that_restarts_again_and_again_a_day_ahead_of_another_destroys_nothing(alone, done):
    engine, at = alone.host.engine, clock.now()
    right = ClockWatch(engine, "right")
    for restart in range(3):
        wrong, ahead = ClockWatch(engine, f"wrong {restart}"), timedelta(hours=23 * (restart + 1))
        for seconds in range(restart * 90, restart * 90 + 90, 30):
            with clock.moved_to(at + timedelta(seconds=seconds)):
                assert await right.look() is None
            with clock.moved_to(at + ahead + timedelta(seconds=seconds)):
                assert await wrong.look() is not None
                assert "retention" not in await run(alone, watch=wrong)


async def test_an_installation_that_never_wrote_readings_destroys_nothing_years_ahead(alone, done):
    async with transaction(alone.host.engine):
        await ClockReading.delete().where(ClockReading.process != "x")
    with clock.moved_to(clock.now() + SIX_YEARS):
        assert "retention" not in await run(alone)


async def test_the_command_destroys_nothing_while_the_clock_is_in_doubt(alone, done, monkeypatch):
    asked = []
    monkeypatch.setattr("parvis_disposal.commands.with_deployment", lambda settings, do: asked.append(do))
    monkeypatch.setattr("parvis_disposal.commands.read", lambda file: None)
    CliRunner().invoke(forget_command, ["--do"], catch_exceptions=False)
    with clock.moved_to(clock.now() + SIX_YEARS), pytest.raises(Unusable):
        await asked[0](SimpleNamespace(host=alone.host))
    assert not await is_gone(alone, done)


async def test_the_chore_is_done_where_some_town_has_the_module_and_nowhere_else(alone):
    every = chores_of(alone.host)
    assert "retention" in {each.name for each in due_somewhere(alone.host, every)}
    await switch(alone.host, "off", town="parvis")
    assert "retention" in {each.name for each in due_somewhere(alone.host, every)}
    await switch(alone.host, "off", town="rivemont")
    assert "retention" not in {each.name for each in due_somewhere(alone.host, every)}
