"""The town's levels by zone, priority and season: which one a clock has and why, and what moves it later."""

import dataclasses
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from msgspec import structs, to_builtins

from parvis import clock
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.levels import LevelRule, Season
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.chores import mark_missed
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.history import entries_of
from parvis.requests.levels import Because, StandingLevels
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import words_of
from parvis.requests.priority_names import ORDINARY, PRESSING, URGENT
from parvis.requests.promises.promising import reschedule
from parvis.requests.promises.replaying import replay, same
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import request_types_at
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.prioritising import prioritise

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)  # ten in the morning
PLATEAU = Place(lon=-73.5807, lat=45.5236, address="1234, rue Rachel Est")
ROSEMONT = Place(lon=-73.5850, lat=45.5480, address="6000, rue Saint-Denis")
WINTER = Season(code="winter", name=Text(fr="hiver", en="winter"), first=(11, 15), last=(4, 1))
RULES = (
    LevelRule(type="*", priorities=(URGENT,), hours=4),
    LevelRule(type="hole", level="usual", zones=("plateau",), seasons=("winter",), business_days=8),
    LevelRule(type="hole", level="usual", zones=("plateau",), business_days=6),
    LevelRule(type="hole", level="usual", priorities=(PRESSING,), business_days=2),
)


def with_levels(town, *rules):
    """The same town that promises so."""
    ours = structs.replace(town.host.jurisdictions.jurisdiction(town.code), service_levels=rules, seasons=(WINTER,))
    jurisdictions = Jurisdictions(by_code={**town.host.jurisdictions.by_code, town.code: ours}, default=town.code)
    host = dataclasses.replace(town.host.without(StandingLevels), jurisdictions=jurisdictions)
    return dataclasses.replace(town, host=host, counter=RequestService(host))


@pytest.fixture
def leveled(town):
    return with_levels(town, *RULES)


async def the_clock(town, reference):
    return shown_of(await clocks_of((await town.record(reference)).id))


@pytest.mark.parametrize(
    ("at", "place", "days", "because"),
    [
        (MONDAY, PLATEAU, 6, Because(line=3, type="hole", zone="plateau")),
        (MONDAY, ROSEMONT, 5, Because()),
        (
            datetime(2026, 12, 1, 15, tzinfo=UTC),
            PLATEAU,
            8,
            Because(line=2, type="hole", zone="plateau", season="winter"),
        ),
        # Ten in the evening of the fourteenth in town, already the fifteenth in Greenwich.
        (datetime(2026, 11, 15, 3, tzinfo=UTC), PLATEAU, 6, Because(line=3, type="hole", zone="plateau")),
    ],
)
async def test_the_first_line_that_fits_is_promised_and_says_why(leveled, at, place, days, because):
    with clock.moved_to(at):
        reference = (await leveled.submit(place=to_builtins(place))).reference
    shown = await the_clock(leveled, reference)
    assert (shown.allowance.business_days, shown.because) == (days, because)


async def test_another_priority_moves_the_promise_with_its_reason_and_the_resident_is_told(leveled):
    with clock.moved_to(MONDAY) as time:
        reference = (await leveled.submit()).reference
        before = await the_clock(leveled, reference)
        time.forward(hours=1)
        record = await prioritise(leveled.host, reference, URGENT, actor=ANA)
    assert record.promised_at == MONDAY + timedelta(hours=4)
    entries = await entries_of(record)
    assert [entry.kind for entry in entries] == ["submitted", "priority", "promised"]
    assert entries[-1].body["promised_before"] == before.due_at.isoformat()
    assert await words_of(record, 3) == "La priorité de votre requête a changé, et le délai avec elle."
    with clock.moved_to(MONDAY + timedelta(hours=2)):
        record = await prioritise(leveled.host, reference, ORDINARY, actor=ANA)
    assert record.promised_at == before.due_at


async def test_a_priority_that_changes_no_level_tells_nobody_anything(town):
    reference = (await town.submit()).reference
    record = await prioritise(town.host, reference, URGENT, actor=ANA)
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "priority"]


async def test_what_would_be_over_already_is_counted_from_the_change(leveled):
    with clock.moved_to(MONDAY) as time:
        reference = (await leveled.submit()).reference
        before = await the_clock(leveled, reference)
        time.forward(days=2)
        urgent = await prioritise(leveled.host, reference, URGENT, actor=ANA)
        assert (urgent.promised_at, urgent.promise) == (clock.now() + timedelta(hours=4), "running")
        time.forward(hours=1)
        ordinary = await prioritise(leveled.host, reference, ORDINARY, actor=ANA)
    assert ordinary.promised_at == before.due_at


async def test_another_zone_is_another_level_and_another_type_another_promise(leveled):
    with clock.moved_to(MONDAY) as time:
        reference = (await leveled.submit()).reference
        there = await leveled.record(reference)
        time.forward(hours=1)
        moved = await amend(leveled.host, reference, place=ROSEMONT, actor=ANA)
        assert moved.promised_at < there.promised_at
        assert [entry.kind for entry in await entries_of(moved)] == ["submitted", "amended", "promised"]


async def test_the_promise_of_another_type_is_counted_from_the_beginning(town_of, hole):
    slow = structs.replace(
        hole,
        code="pit",
        slug=Text(fr="fosse", en="pit"),
        service_levels=(structs.replace(hole.service_levels[1], code="slow", business_days=9),),
    )
    town = town_of(hole, slow)
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        same_day = (await town.submit("pit", answers={"danger": False})).reference
        time.forward(days=2)
        record = await amend(town.host, reference, type="pit", actor=ANA)
    assert record.promised_at == (await town.record(same_day)).promised_at
    assert (await the_clock(town, reference)).code == "slow"


async def test_a_broken_promise_and_a_date_set_by_hand_stay(leveled):
    with clock.moved_to(MONDAY) as time:
        broken = (await leveled.submit(answers={"danger": True})).reference
        by_hand = (await leveled.submit()).reference
        due_at = MONDAY + timedelta(days=30)
        await reschedule(leveled.host, by_hand, due_at, "Le dégel tarde.", actor=ANA)
        time.forward(hours=30)
        before = await leveled.record(broken)
        await mark_missed(leveled.host)
        assert (await prioritise(leveled.host, broken, URGENT, actor=ANA)).promise == "missed"
        assert (await prioritise(leveled.host, by_hand, URGENT, actor=ANA)).promised_at == due_at
    assert (await leveled.record(broken)).promised_at == before.promised_at


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_the_history_alone_tells_the_same_clocks_whatever_is_promised_since(leveled, seed):
    chance, at = Random(seed), datetime(2026, 10, 28, 13, tzinfo=UTC)  # over the change of hour
    with clock.moved_to(at):
        reference = (await leveled.submit(answers={"danger": chance.random() < 0.3})).reference
    for _ in range(12):
        at += timedelta(hours=chance.choice((1, 7, 30, 80)))
        with clock.moved_to(at):
            match chance.randrange(3):
                case 0:
                    await prioritise(leveled.host, reference, chance.randrange(3), actor=ANA)
                case 1:
                    await amend(leveled.host, reference, place=chance.choice((PLATEAU, ROSEMONT)), actor=ANA)
                case _:
                    for move in chance.sample(("start", "ask", "answer", "resolve", "reopen"), 5):
                        mover = "requester" if move == "answer" else "manager"
                        await make_move(leveled.host, reference, move, {"reason": "Où ?"}, actor=ANA, mover=mover)
            record = await leveled.record(reference)
            entries, stored = await entries_of(record), await clocks_of(record.id)
            shown = shown_of(stored)
            assert record.promised_at == shown.due_at
            request_types = await request_types_at(leveled.host, record, entries)
            other = with_levels(leveled, LevelRule(type="*", hours=1)).host.jurisdictions.jurisdiction("parvis")
            assert same(replay(entries, request_types, other, clock.now()).clocks, [as_now(each) for each in stored])


def as_now(stored):
    late = stored.state == "running" and clock.now() > stored.due_at
    return structs.replace(stored, state="missed") if late else stored
