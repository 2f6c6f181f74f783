"""Recurring work, shared by workers."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from msgspec import structs

from parvis import chores, clock
from parvis.db.tables import Chore as ChoreRow
from parvis.installation import ran
from parvis.modules import ModuleRegistry
from parvis.outbox import listing
from parvis.outbox.clock_watch import ClockWatch
from parvis.switches import Switchboard
from parvis.worker import chores as worker_chores
from parvis.worker import run_worker
from parvis.worker.chores import Chore, Others, chores_of, do_due, run_chores
from parvis_sdk.events import Submitted


def counting(times, fail=False):
    async def work():
        times.append(clock.now())
        if fail:
            raise ValueError("the broom broke")
        return len(times)

    return Chore(name="sweeping", every=timedelta(hours=1), work=work)


async def test_a_chore_is_done_when_due_and_not_before(database):
    times = []
    with clock.moved_to(clock.now()) as moved:
        chores = (counting(times),)
        assert await do_due(database, chores, "w1") == ("sweeping",)
        moved.forward(minutes=59)
        assert await do_due(database, chores, "w1") == ()
        moved.forward(minutes=1)
        assert await do_due(database, chores, "w2") == ("sweeping",)
    assert len(times) == 2
    [found] = await ran()
    assert (found.name, found.said) == ("sweeping", "2")


async def test_of_several_workers_one_does_it(database):
    times = []
    chores = (counting(times),)
    await asyncio.gather(*(do_due(database, chores, f"w{number}") for number in range(5)))
    assert len(times) == 1


async def test_a_chore_held_by_a_killed_worker_is_free_again_after_its_lease(database):
    hold = asyncio.Event()

    async def forever():
        hold.set()
        await asyncio.Event().wait()
        return 0

    with clock.moved_to(clock.now()) as moved:
        stuck = Chore(name="sweeping", every=timedelta(hours=1), work=forever)
        killed = asyncio.create_task(do_due(database, (stuck,), "killed"))
        await hold.wait()
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        times, watch, others = [], ClockWatch(database, "other"), Others()
        assert await do_due(database, (counting(times),), "other", watch, others) == ()
        moved.forward(seconds=61)
        assert await do_due(database, (counting(times),), "other", watch, others) == ("sweeping",)


async def test_a_worker_whose_clock_is_minutes_ahead_does_nothing_that_another_is_at(database):
    """Its clock is trusted, and by it the lease of the other has passed long ago."""
    hold, go_on, times = asyncio.Event(), asyncio.Event(), []

    async def long():
        hold.set()
        await go_on.wait()
        return 1

    at, watch, others = clock.now(), ClockWatch(database, "ahead"), Others()
    with clock.moved_to(at):
        lasting = Chore(name="sweeping", every=timedelta(hours=1), work=long)
        worker = asyncio.create_task(do_due(database, (lasting,), "slow"))
        await hold.wait()
    for minutes in (5, 5.5):
        with clock.moved_to(at + timedelta(minutes=minutes)):
            assert await do_due(database, (counting(times),), "ahead", watch, others) == ()
    go_on.set()
    assert await worker == ("sweeping",)
    assert times == []


async def test_a_chore_that_goes_on_is_held_for_longer_than_its_lease(database, monkeypatch):
    monkeypatch.setattr(worker_chores, "RENEWED_EVERY", 0.05)
    hold, go_on, times = asyncio.Event(), asyncio.Event(), []

    async def long():
        hold.set()
        await go_on.wait()
        return 1

    with clock.moved_to(clock.now()) as moved:
        lasting = Chore(name="sweeping", every=timedelta(hours=1), work=long)
        watch = ClockWatch(database, "other")
        worker = asyncio.create_task(do_due(database, (lasting,), "slow"))
        await hold.wait()
        for _ in range(3):
            moved.forward(seconds=50)
            until = clock.now() + worker_chores.LEASE
            async with asyncio.timeout(30):
                while not await ChoreRow.exists().where((ChoreRow.name == "sweeping") & (ChoreRow.held_until == until)):
                    await asyncio.sleep(0.02)
            assert await do_due(database, (counting(times),), "other", watch) == ()
        go_on.set()
        assert await worker == ("sweeping",)
    assert times == []
    assert [(each.name, each.said) for each in await ran()] == [("sweeping", "1")]


async def test_a_chore_that_fails_ends_nothing_and_says_so(database):
    times = []
    other = Chore(name="watering", every=timedelta(hours=1), work=counting(times).work)
    assert await do_due(database, (counting([], fail=True), other), "w") == ("sweeping", "watering")
    found = {each.name: str(each.trouble or each.said) for each in await ran()}
    assert found == {"sweeping": "it raised ValueError: the broom broke", "watering": "1"}


def of_modules(monkeypatch, chores_of_one, name="dogs"):
    """The application as if a module with these chores were installed, in a town that has it."""
    monkeypatch.setattr(chores, "part", lambda file: SimpleNamespace(chores_of=chores_of_one))
    packages = {"chores": {name: "dogs.chores"}}
    monkeypatch.setattr(ModuleRegistry, "packages", lambda registry, place: packages.get(place, {}))
    monkeypatch.setattr(Switchboard, "anywhere", lambda board, owner, towns: True)


def breaks(host):
    raise LookupError("no leash")


@pytest.mark.parametrize("chores_of_one", [breaks, lambda host: ("a", 2), lambda host: None])
async def test_a_module_that_cannot_say_its_chores_keeps_nobody_from_theirs(make_town, monkeypatch, chores_of_one):
    town = make_town()
    own = [each.name for each in chores_of(town.host)]
    of_modules(monkeypatch, chores_of_one)
    assert [each.name for each in chores_of(town.host)] == own


async def test_a_chore_of_a_module_does_not_stand_for_one_of_the_house(make_town, monkeypatch):
    town = make_town()
    of_modules(monkeypatch, lambda host: (counting([]), structs.replace(counting([]), name="timers")))
    found = {each.name: each.owner for each in chores_of(town.host)}
    assert (found["timers"], found["sweeping"]) == ("", "dogs")


async def test_a_chore_of_a_module_that_does_not_end_holds_up_no_other(make_town, monkeypatch):
    begun = asyncio.Event()

    async def lasts():
        begun.set()
        await asyncio.sleep(3600)
        return 0

    town = make_town()
    of_modules(monkeypatch, lambda host: (Chore(name="walking", every=timedelta(seconds=1), work=lasts),))
    monkeypatch.setattr(worker_chores, "LAST_SECONDS", 0.1)
    stopping = asyncio.Event()
    worker = asyncio.create_task(run_chores(town.host, "w", stopping))
    await asyncio.wait_for(begun.wait(), 30)
    async with asyncio.timeout(30):
        while "sessions" not in {each.name for each in await ran() if each.ran_at}:
            await asyncio.sleep(0.05)
    stopping.set()
    await asyncio.wait_for(worker, 10)


async def test_every_chore_of_the_house_runs_on_an_empty_database(make_town):
    town = make_town()
    chores = chores_of(town.host)
    assert await do_due(town.engine, chores, "w") == tuple(chore.name for chore in chores)
    assert not [each for each in await ran() if each.said.startswith("failed")]


async def test_deliveries_of_a_removed_plugin_are_parked_in_sight_and_resume_when_it_is_back(make_town, erp):
    heard = []

    async def order(event, request):
        heard.append(event.id)

    with_it = make_town(erp(order, Submitted))
    await with_it.submit()
    without = make_town()
    assert await without.relay.drain() == 0
    parked = tuple(chore for chore in chores_of(without.host) if chore.name == "parked")
    await do_due(without.engine, parked, "w")
    [line] = await listing(["postponed"])
    assert str(line.trouble) == (
        "erp.order · outbox · no installed plugin has a subscription or a channel of this name · "
        "the delivery waits · install the plugin again, or skip the delivery with a reason"
    )
    back = make_town(erp(order, Submitted))
    assert await back.relay.drain() == 1
    assert len(heard) == 1


async def test_the_worker_delivers_does_the_chores_and_stops_when_told(make_town, erp):
    heard = asyncio.Event()

    async def order(event, request):
        heard.set()

    town = make_town(erp(order, Submitted))
    await town.submit()
    stopping = asyncio.Event()
    worker = asyncio.create_task(run_worker(town.host, stopping))
    await asyncio.wait_for(heard.wait(), 30)
    stopping.set()
    await asyncio.wait_for(worker, 20)  # less than the rest between two rounds
    assert len(await ran()) == len(chores_of(town.host))
