"""What is timed while the plugin of a type is away: nothing comes true meanwhile, nothing is lost after."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.jurisdictions.calendars import last_day
from parvis.plugins.loading import load_plugins
from parvis.requests import changing, plugin_away
from parvis.requests.actors import Actor
from parvis.requests.chores import run_timers
from parvis.requests.claims import note_claims
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_grants.expiring import expire
from parvis_grants.obligations import obligations_of
from parvis_grants.waking import wake_obligations

from .test_obligations import FELLING, GRANTED  # isort: skip

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
WENT = datetime(2026, 9, 20, 15, tzinfo=UTC)
BACK = WENT + timedelta(days=20)


@pytest.fixture
async def felling(town_of):
    """A felling granted on the condition that a tree is planted by 1 October."""
    town = town_of(FELLING)
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(GRANTED):
        reference = (await town.submit("felling", answers={"insured_until": "2026-12-31"})).reference
        became = await make_move(town.host, reference, "grant", {"count": 2}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    return town, reference


def without_plugin(town):
    return dataclasses.replace(town.host.without(Declarations), plugins=load_plugins([]))


async def chores(host, at):
    with clock.moved_to(at):
        return [await chore(host) for chore in (rest_and_return, wake_obligations, expire)]


async def condition(town, reference):
    every = await obligations_of((await town.record(reference)).id)
    return next(each for each in every if each.code == "replant")


async def test_a_condition_that_nobody_could_prove_while_its_plugin_was_away_is_put_off_once(
    felling,
):
    """Before, people were reminded and chased while the page on which they would answer was refused."""
    town, reference = felling
    entries = len(await entries_of(await town.record(reference)))
    gone = without_plugin(town)
    await chores(gone, WENT)
    for days in range(1, 20):
        assert await chores(gone, WENT + timedelta(days=days)) == [0, 0, 0]
    assert len(await entries_of(await town.record(reference))) == entries
    assert (await condition(town, reference)).state == "open"
    await chores(town.host, BACK)
    await chores(town.host, BACK + timedelta(minutes=5))
    one, record = await condition(town, reference), await town.record(reference)
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    assert (one.state, last_day(calendar, one.due_at).isoformat()) == ("open", "2026-10-21")
    told = [line.words for line in await story(town.host, record, HOLDER, "fr") if "reportées" in line.words]
    assert len(told) == 1
    assert "Planter 2 arbre(s)." in told[0]
    assert "21 octobre 2026" in told[0]
    assert await broken_at(record) is None
    assert await Delivery.exists().where(Delivery.request == record.id)
    await chores(town.host, datetime(2027, 1, 15, 15, tzinfo=UTC))
    assert (await condition(town, reference)).state == "overdue"


class Killed(BaseException):
    """The process ends here: nothing after it is done, and no transaction under way is written."""


def killing(monkeypatch, module, name, at):
    """The process is killed at the call of this number of a function, before it does anything."""
    real, calls = getattr(module, name), 0

    async def until_then(*given, **more):
        nonlocal calls
        calls += 1
        if calls == at:
            raise Killed
        return await real(*given, **more)

    monkeypatch.setattr(module, name, until_then)


async def asked_where(town):
    """A request that closes by itself thirty days after its requester was asked where the hole is."""
    reference = (await town.submit()).reference
    for step, given in (("start", {}), ("ask", {"reason": "Où?"})):
        await make_move(town.host, reference, step, given, actor=ANA, mover="agent")
    return reference


@pytest.mark.parametrize("at", [2, 3, "the end"])
async def test_a_timer_is_put_off_once_although_the_worker_is_killed_in_the_middle_of_the_return(town, monkeypatch, at):
    """Before, every new start put it off again: who had thirty days to answer kept a request open for months."""
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(WENT - timedelta(days=10)):
        references = [await asked_where(town) for _ in range(3)]
        due = [(await town.record(each)).timer_due_at for each in references]
    await chores(without_plugin(town), WENT)
    with monkeypatch.context() as killed, clock.moved_to(BACK):
        # The first call of `_mark` notes what has gone, the second ends the return.
        killing(killed, plugin_away, *(("_mark", 2) if at == "the end" else ("change", at)))
        with pytest.raises(Killed):
            await rest_and_return(town.host)
        assert await run_timers(town.host) == 0  # what is timed waits until all is made up for
    for minutes in (5, 10):
        with clock.moved_to(BACK + timedelta(minutes=minutes)):
            await rest_and_return(town.host)
            assert await run_timers(town.host) == 0
    for reference, before in zip(references, due, strict=True):
        record = await town.record(reference)
        # A plugin whose turn comes after the restart was away for some minutes more, which begin another day.
        assert record.timer_due_at - before in {timedelta(days=20), timedelta(days=21)}
        signs = [each.body["put_off"] for each in await entries_of(record) if "put_off" in each.body]
        assert signs == [WENT.isoformat()]
        assert await broken_at(record) is None
    with clock.moved_to(max(due) + timedelta(days=21, minutes=1)):
        assert await run_timers(town.host) == 3


async def test_a_timer_is_put_off_with_its_mark_or_not_at_all(town, monkeypatch):
    """Else who was killed between the two would put it off twice, or never."""
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(WENT - timedelta(days=10)):
        reference = await asked_where(town)
        before = await town.record(reference)
    await chores(without_plugin(town), WENT)
    with monkeypatch.context() as killed, clock.moved_to(BACK):
        killing(killed, changing, "announce", 1)  # the row and the line are written, their unit is not ended
        with pytest.raises(Killed):
            await rest_and_return(town.host)
    assert await town.record(reference) == before
    await chores(town.host, BACK)
    assert (await town.record(reference)).timer_due_at == before.timer_due_at + timedelta(days=20)


async def test_a_restart_of_minutes_puts_off_no_timer_that_did_not_run_out_meanwhile(town):
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(WENT - timedelta(days=10)):
        before = await town.record(await asked_where(town))
    await chores(without_plugin(town), WENT)
    await chores(town.host, WENT + timedelta(minutes=5))
    assert await town.record(before.reference) == before
    runs_out = before.timer_due_at
    await chores(without_plugin(town), runs_out - timedelta(minutes=2))
    with clock.moved_to(runs_out + timedelta(minutes=3)):
        await rest_and_return(town.host)
        assert await run_timers(town.host) == 0
    assert (await town.record(before.reference)).timer_due_at == runs_out + timedelta(days=1)
