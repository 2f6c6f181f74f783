"""Nothing is destroyed before a person has approved the whole signed list in which it stands, rule by rule."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from msgspec import structs

from parvis import clock
from parvis.example_towns import town_folder
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.requests.actors import Actor
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import due_for_destruction, erase
from parvis.requests.lifecycle import make_move
from parvis_disposal.chores import forget
from parvis_disposal.commands import forget as forget_command
from parvis_disposal.destruction import approve, approved_lists, forget_due, listing_of, lists_to_approve
from parvis_disposal.register import is_whole, register

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
BEGUN = datetime(2026, 1, 5, 15, tzinfo=UTC)
TOWNS = ("parvis",)


async def closed(town, type="hole"):
    reference = (await town.submit(type)).reference
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    return reference


async def gone(town, *references):
    return [(await town.record(each)).erased_at is not None for each in references]


async def test_the_hourly_run_destroys_nothing_before_somebody_has_approved_it(town):
    with clock.moved_to(BEGUN) as time:
        hole, quarrel = await closed(town), await closed(town, "quarrel")
        time.forward(days=366)
        assert await forget(town.host) == 0
        assert await gone(town, hole, quarrel) == [False, False]
        of_hole, of_quarrel = await lists_to_approve(town.host)
        assert [line.reference for line in of_hole.lines] == [hole]
        assert await approve(town.host, of_quarrel.mark, actor=ANA)
        assert await forget(town.host) == 1
        assert await gone(town, hole, quarrel) == [False, True]  # each rule has a list of its own
        assert [each.mark for each in await lists_to_approve(town.host)] == [of_hole.mark]
        (kept,) = await approved_lists(TOWNS)
        assert (kept.approved_name, kept.destroyed, kept.done_at) == ("Ana Tremblay", 1, clock.now())


async def test_the_list_is_complete_and_signed_and_what_falls_due_later_waits_for_the_next(town, monkeypatch):
    monkeypatch.setattr("parvis_disposal.destruction.A_RUN", 2)
    with clock.moved_to(BEGUN) as time:
        first = [await closed(town) for _ in range(5)]
        time.forward(days=20)
        later = await closed(town)
        time.forward(days=350)
        (due,) = await lists_to_approve(town.host)
        assert {line.reference for line in due.lines} == set(first)
        assert is_whole(town.host.secret, due.listing)
        assert not is_whole(town.host.secret, due.listing.replace(first[0], later))
        assert await listing_of(town.host, due.mark, TOWNS) == due.listing
        await approve(town.host, due.mark, actor=ANA)
        time.forward(days=20)
        for _ in range(4):
            await forget(town.host)
        assert await gone(town, *first, later) == [True] * 5 + [False]
        (next_one,) = await lists_to_approve(town.host)
        assert [line.reference for line in next_one.lines] == [later]
        assert await listing_of(town.host, due.mark, TOWNS) == due.listing  # as it was approved


async def test_the_command_says_of_a_destruction_the_day_that_the_town_had(town, monkeypatch, capsys):
    """At half past eight in the evening, Greenwich has the next day already; the page has the town's."""
    asked = []
    monkeypatch.setattr("parvis_disposal.commands.with_deployment", lambda settings, do: asked.append(do))
    monkeypatch.setattr("parvis_disposal.commands.read", lambda file: None)
    with clock.moved_to(datetime(2026, 1, 6, 1, 30, tzinfo=UTC)) as time:  # 5 January in Montréal
        await closed(town)
        time.forward(days=366)
        CliRunner().invoke(forget_command, [], catch_exceptions=False)
        (do,) = asked
        await do(SimpleNamespace(host=town.host))
    said = capsys.readouterr().out
    assert "2027-01-05 to 2027-01-05" in said
    assert "2027-01-06" not in said


async def test_a_list_that_has_changed_since_it_was_seen_is_not_approved(town):
    with clock.moved_to(BEGUN) as time:
        first = await closed(town)
        time.forward(days=366)
        (seen,) = await lists_to_approve(town.host)
        time.forward(days=-1)
        second = await closed(town)
        time.forward(days=367)
        assert await approve(town.host, seen.mark, actor=ANA) is None
        assert await forget(town.host) == 0
        assert await gone(town, first, second) == [False, False]


async def test_what_was_taken_up_again_after_the_approval_is_left_alone(town):
    with clock.moved_to(BEGUN) as time:
        one, other = await closed(town), await closed(town)
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)
        await make_move(town.host, one, "reopen", {}, actor=ANA, mover="manager")
        assert await forget(town.host) == 1
        assert await gone(town, one, other) == [False, True]
        (kept,) = await approved_lists(TOWNS)
        assert (kept.destroyed, kept.lines, kept.done_at) == (1, 2, clock.now())


async def test_what_was_closed_under_a_clock_far_behind_is_kept_for_its_whole_time(alone):
    with clock.moved_to(BEGUN) as time:
        reference = (await alone.submit()).reference
        time.forward(days=-20 * 365)  # a machine that has forgotten what time it is
        await make_move(alone.host, reference, "resolve", {}, actor=ANA, mover="agent")
        time.to(BEGUN)
        time.forward(days=1)
        assert await due_for_destruction(alone.host) == ()
        assert await forget(alone.host) == 0
        time.forward(days=365)
        assert await forget(alone.host) == 1


async def test_a_town_whose_folder_was_copied_from_the_demo_destroys_nothing_that_nobody_approved(town, tmp_path):
    """Who begins with a copy, as the guide says, lost what had been kept for its time without having been asked."""
    shutil.copytree(town_folder(), tmp_path / "copied")
    copied = load_jurisdictions(tmp_path / "copied")
    town.host = replace(town.host, jurisdictions=copied)
    town.counter.host = town.host
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=366)
        assert await forget(town.host) == 0
        [waiting] = await lists_to_approve(town.host)
        assert [line.reference for line in waiting.lines] == [hole]
        assert (await town.record(hole)).erased_at is None


async def test_a_town_whose_file_says_so_runs_alone(alone):
    with clock.moved_to(BEGUN) as time:
        hole = await closed(alone)
        time.forward(days=366)
        assert await lists_to_approve(alone.host) == ()
        assert [line.reference for line in await due_for_destruction(alone.host)] == [hole]
        assert await forget(alone.host) == 1


async def test_a_request_taken_up_again_is_not_destroyed(alone, monkeypatch):
    with clock.moved_to(BEGUN) as time:
        reference = await closed(alone)
        time.forward(days=366)
        listed = await due_for_destruction(alone.host)
        await make_move(alone.host, reference, "reopen", {}, actor=ANA, mover="manager")
        seen = "parvis_disposal.destruction.due_for_destruction"
        monkeypatch.setattr(seen, lambda host, by=None, towns=None: ready(listed))
        assert await forget_due(alone.host) == ()
    assert (await alone.record(reference)).erased_at is None


async def test_two_workers_destroy_once(alone):
    with clock.moved_to(BEGUN) as time:
        reference = await closed(alone)
        time.forward(days=366)
        came = await asyncio.gather(forget_due(alone.host), forget_due(alone.host))
        assert sorted(len(each) for each in came) == [0, 1]
        destroyed = await register(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    assert [(each.reference, each.entries) for each in destroyed] == [(reference, 1)]
    kinds = [entry.kind for entry in await entries_of(await alone.record(reference))]
    assert kinds == ["submitted", "moved", "erased"]


async def ready(answer):
    return answer


async def test_of_two_who_approve_one_list_at_once_one_has_approved_it(town):
    with clock.moved_to(BEGUN) as time:
        await closed(town)
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        both = (approve(town.host, due.mark, actor=each) for each in (ANA, structs.replace(ANA, id="2", name="Hélène")))
        answers = await asyncio.gather(*both)
        assert [each is None for each in answers].count(False) == 1
        assert len(await approved_lists(TOWNS)) == 1


async def test_a_list_that_was_worked_off_too_early_can_be_approved_again(town):
    """A clock that is put back by some minutes is in no doubt, and finds that nothing of the list is due yet."""
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=365, minutes=5)
        (due,) = await lists_to_approve(town.host)
        assert await approve(town.host, due.mark, actor=ANA)
        time.forward(minutes=-8)
        assert await forget_due(town.host) == ()
        time.forward(minutes=10)
        for again in await lists_to_approve(town.host):
            assert await approve(town.host, again.mark, actor=ANA)
        assert [each.reference for each in await forget_due(town.host)] == [hole]


async def test_a_run_that_was_killed_is_gone_on_with_and_the_list_tells_all_that_it_destroyed(town, monkeypatch):
    with clock.moved_to(BEGUN) as time:
        holes = [await closed(town) for _ in range(3)]
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)

        async def and_then_killed(host, reference, **given):
            await erase(host, reference, **given)
            raise asyncio.CancelledError

        with monkeypatch.context() as patched:
            patched.setattr("parvis_disposal.destruction.erase", and_then_killed)
            with pytest.raises(asyncio.CancelledError):
                await forget_due(town.host)
        assert len(await forget_due(town.host)) == 2
        assert await gone(town, *holes) == [True] * 3
        (kept,) = await approved_lists(TOWNS)
        assert (kept.lines, kept.destroyed, kept.done_at) == (3, 3, clock.now())
