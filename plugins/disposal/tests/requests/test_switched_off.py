"""Disposal is switched off: nothing is destroyed, not even what was approved; what was decided stands when it is on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from click.testing import CliRunner

from parvis import clock
from parvis.db import transaction
from parvis.requests.former_modules import FormerModules, keep_plans
from parvis.requests.keeping.retention import count_overdue, due_for_destruction, erase, has_disposal
from parvis.requests.lifecycle import make_move
from parvis.requests.module_use import warnings_of
from parvis.switches import Switchboard
from parvis.switches.deciding import decide
from parvis_disposal.chores import forget
from parvis_disposal.commands import forget as forget_command
from parvis_disposal.destruction import approve, approved_lists, lists_to_approve
from parvis_disposal.erasure_requests import proposals_of, propose
from parvis_disposal.register import register
from parvis_disposal.tables import DestructionList
from parvis_testing.modules import switch
from parvis_testing.town import ANA

BEGUN = datetime(2026, 1, 5, 15, tzinfo=UTC)


async def closed(town):
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    return reference


async def is_gone(town, reference):
    return (await town.record(reference)).erased_at is not None


async def test_what_was_approved_waits_and_goes_once_it_is_on_again(town):
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        assert await approve(town.host, due.mark, actor=ANA)
        await switch(town.host, "off")
        assert await forget(town.host) == 0
        assert not await is_gone(town, hole)
        time.forward(days=30)
        await switch(town.host, "on")
        assert await forget(town.host) == 1
        (kept,) = await approved_lists(["parvis"])
        assert (kept.approved_name, kept.destroyed, kept.done_at) == (ANA.name, 1, clock.now())
        assert [each.reference for each in await register(BEGUN, clock.now() + timedelta(days=1))] == [hole]


async def test_what_was_taken_up_again_meanwhile_is_left_alone_once_it_is_on_again(town):
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)
        await switch(town.host, "off")
        await make_move(town.host, hole, "reopen", {}, actor=ANA, mover="manager")
        await switch(town.host, "on")
        assert await forget(town.host) == 0
        assert not await is_gone(town, hole)


async def test_nothing_can_be_approved_where_it_is_off_and_another_town_goes_on(town):
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=366)
        (seen,) = await lists_to_approve(town.host)
        await switch(town.host, "off", town="parvis")
        assert await lists_to_approve(town.host) == ()
        assert await approve(town.host, seen.mark, actor=ANA) is None
        assert await forget(town.host) == 0
        assert not await is_gone(town, hole)
        there = town.host.jurisdictions.by_code.values()
        assert [each.code for each in there if has_disposal(town.host, each)] == ["rivemont"]


async def test_a_town_that_runs_alone_destroys_nothing_where_it_is_off(alone):
    with clock.moved_to(BEGUN) as time:
        hole = await closed(alone)
        time.forward(days=366)
        await switch(alone.host, "off")
        assert await forget(alone.host) == 0
        assert not await is_gone(alone, hole)


async def test_the_core_counts_what_nobody_destroys(town):
    towns = town.host.jurisdictions.by_code.values()
    with clock.moved_to(BEGUN) as time:
        await closed(town)
        await switch(town.host, "off")
        assert await count_overdue(town.host, towns) == 0
        time.forward(days=366)
        assert await count_overdue(town.host, towns) == 1
        assert len(await due_for_destruction(town.host)) == 1
        await switch(town.host, "on")
        assert await count_overdue(town.host, towns) == 0


async def test_the_command_neither_lists_nor_destroys_where_it_is_off(alone, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr("parvis_disposal.commands.with_deployment", lambda settings, do: asked.append(do))
    monkeypatch.setattr("parvis_disposal.commands.read", lambda file: None)
    with clock.moved_to(BEGUN) as time:
        hole = await closed(alone)
        time.forward(days=366)
        await switch(alone.host, "off")
        for given in ([], ["--do"]):
            CliRunner().invoke(forget_command, given, catch_exceptions=False)
        for do in asked:
            await do(SimpleNamespace(host=alone.host))
    said = capsys.readouterr().out
    assert hole not in said
    assert said.count("parvis: disposal is off here, 1 requests are kept longer than their rule allows") == 2
    assert not await is_gone(alone, hole)


async def test_an_erasure_that_is_proposed_goes_with_its_request_on_off_and_when_the_code_is_gone(town):
    for state in ("on", "off", "gone"):
        record = await town.record((await town.submit()).reference)
        await propose(town.host, record, ["1234-5678-9"], around=True, email="zoe@exemple.ca", actor=ANA)
        host = town.host
        if state == "off":
            await switch(host, "off")
        if state == "gone":
            await keep_plans(host.engine, host.modules.registry)
            host = replace(host.without(FormerModules), modules=Switchboard())
            await host.of(FormerModules).look(host.modules.registry)
            assert [plan.module for plan in host.of(FormerModules).plans] == ["disposal"]
        await erase(host, record.reference, actor=ANA)
        assert await proposals_of(record) == (), state


async def test_a_list_that_was_altered_in_the_database_approves_nothing(town):
    """A reference slipped under somebody’s signature destroys nothing, nor does what is left of the list."""
    with clock.moved_to(BEGUN) as time:
        hole = await closed(town)
        time.forward(days=20)
        later = await closed(town)
        time.forward(days=346)
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)
        time.forward(days=30)
        async with transaction(town.host.engine):
            changed = due.listing.replace(hole, later)
            await DestructionList.update({DestructionList.listing: changed}).where(DestructionList.mark == due.mark)
        assert await forget(town.host) == 0
        assert [await is_gone(town, each) for each in (hole, later)] == [False, False]
        (again,) = await lists_to_approve(town.host)
        assert [line.reference for line in again.lines] == [hole, later]


async def test_a_run_that_has_begun_stops_when_somebody_says_off_and_the_list_is_not_done(town, monkeypatch):
    """When the wrong list was approved, up to two hundred requests an hour are destroyed until it is stopped."""
    with clock.moved_to(BEGUN) as time:
        holes = [await closed(town) for _ in range(3)]
        time.forward(days=366)
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)

        async def and_then_off(host, reference, **given):
            erased = await erase(host, reference, **given)
            other = Switchboard(host.modules.registry)  # of another process
            await other.look()
            await decide(
                host.engine, other, jurisdiction="parvis", module="disposal", state="off", by="Ana", why="wrong"
            )
            return erased

        monkeypatch.setattr("parvis_disposal.destruction.erase", and_then_off)
        assert await forget(town.host) == 1
        monkeypatch.undo()
        assert sorted([await is_gone(town, each) for each in holes]) == [False, False, True]
        (kept,) = await approved_lists(["parvis"])
        assert (kept.destroyed, kept.done_at) == (1, None)
        await switch(town.host, "on", town="parvis")
        assert await forget(town.host) == 2
        (kept,) = await approved_lists(["parvis"])
        assert (kept.destroyed, kept.done_at) == (3, clock.now())


async def test_whoever_switches_it_reads_first_what_stops_or_begins_to_be_destroyed(town):
    there = town.host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(BEGUN) as time:
        await closed(town)
        assert await warnings_of(town.host, there, "disposal", "on") == ()
        time.forward(days=366)
        assert await warnings_of(town.host, there, "disposal", "on") == ()
        (due,) = await lists_to_approve(town.host)
        await approve(town.host, due.mark, actor=ANA)
        await switch(town.host, "off")
        (begins,) = await warnings_of(town.host, there, "disposal", "on")
        assert "Requêtes\u00a0: 1" in begins.fr
        (stops,) = await warnings_of(town.host, there, "disposal", "off")
        assert "échéance\u00a0: 1; approuvées ou à détruire sans approbation\u00a0: 1" in stops.fr


async def test_where_it_runs_alone_switching_it_on_says_how_many_go_unapproved(alone):
    with clock.moved_to(BEGUN) as time:
        await closed(alone)
        time.forward(days=366)
        await switch(alone.host, "off")
        there = alone.host.jurisdictions.jurisdiction("parvis")
        (begins,) = await warnings_of(alone.host, there, "disposal", "on")
        assert "Requests: 1" in begins.en
