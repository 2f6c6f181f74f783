"""What is timed while the plugin of a type is away: nothing comes true meanwhile, nothing is lost after."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.house import open_house
from parvis.requests.actors import Actor
from parvis.requests.claims import note_claims
from parvis.requests.granted.expiring import expire
from parvis.requests.granted.waking import wake_obligations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.money.payments import take_at_counter
from parvis.requests.parts.days import last_day
from parvis.requests.parts.obligations import obligations_of
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER

from .permit_with_fee import ANSWERS, PERMIT, charge_of, owing  # isort: skip
from .test_obligations import FELLING, GRANTED  # isort: skip

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
WENT = datetime(2026, 9, 20, 15, tzinfo=UTC)
BACK = WENT + timedelta(days=20)


@pytest.fixture
async def felling(town_of):
    """A felling granted on the condition that a tree is planted by 1 October."""
    town = town_of(FELLING)
    await note_claims(town.heart.engine, town.heart.house)
    with clock.moved_to(GRANTED):
        reference = (await town.submit("felling", answers={"insured_until": "2026-12-31"})).reference
        became = await make_move(town.heart, reference, "grant", {"count": 2}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    return town, reference


def without_plugin(town):
    return dataclasses.replace(town.heart, house=open_house([]), declarations={}, pinned={})


async def chores(heart, at):
    with clock.moved_to(at):
        return [await chore(heart) for chore in (rest_and_return, wake_obligations, expire)]


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
    await chores(town.heart, BACK)
    await chores(town.heart, BACK + timedelta(minutes=5))
    one, record = await condition(town, reference), await town.record(reference)
    calendar = town.heart.territory.jurisdiction("parvis").calendar
    assert (one.state, last_day(calendar, one.due_at).isoformat()) == ("open", "2026-10-21")
    told = [line.words for line in await story(town.heart, record, HOLDER, "fr") if "reportées" in line.words]
    assert len(told) == 1
    assert "Planter 2 arbre(s)." in told[0]
    assert "21 octobre 2026" in told[0]
    assert await broken_at(record) is None
    assert await Delivery.exists().where(Delivery.request == record.id)
    await chores(town.heart, datetime(2027, 1, 15, 15, tzinfo=UTC))
    assert (await condition(town, reference)).state == "overdue"


async def test_a_move_that_a_payment_makes_is_made_when_the_plugin_is_back(town_of):
    """Before, what was paid meanwhile left the request where it stood, for ever."""
    town = town_of(PERMIT)
    await note_claims(town.heart.engine, town.heart.house)
    reference = await owing(town, ANSWERS, at=WENT - timedelta(days=1))
    charge, record = await charge_of(town, reference), await town.record(reference)
    gone = without_plugin(town)
    await chores(gone, WENT)
    with clock.moved_to(WENT + timedelta(days=1)):
        paid = await take_at_counter(gone, reference, charge.id, way="cash", actor=ANA)
    assert (await town.record(reference)).state == record.state, paid
    await chores(town.heart, BACK)
    assert (await town.record(reference)).state != record.state
    assert await broken_at(await town.record(reference)) is None
