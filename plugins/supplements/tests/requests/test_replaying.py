"""Clocks that begin when they should, rest with a reason, and are told again the same from the history alone."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.chores import mark_missed
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import reschedule
from parvis.requests.promises.replaying import replay, same
from parvis.requests.records import Record
from parvis.requests.timeline import request_types_at
from parvis_sdk.forms import Form
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask

from ..filing import COMPLETENESS, LEGAL

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
DECEMBER = datetime(2026, 12, 17, 15, tzinfo=UTC)  # a Thursday, with Christmas and New Year's Day ahead
MOVES = ("resume", "refuse", "close", "take_up")
WORDS = Point(field="words", words="Dites-en plus.")


@pytest.fixture
def town(town_of):
    first = LEGAL.form.sections[0]
    fields = (LEGAL.form.fields()[0], LEGAL.form.fields()[3])
    request_type = structs.replace(
        LEGAL,
        form=Form(sections=(structs.replace(first, fields=fields),)),
        parts=(structs.replace(COMPLETENESS, reasons=()),),
    )
    return town_of(request_type)


async def told_again(town, record) -> bool:
    entries = await entries_of(record)
    jurisdiction = town.host.jurisdictions.jurisdiction(record.jurisdiction)
    told = replay(entries, await request_types_at(town.host, record, entries), jurisdiction, clock.now())
    return same(told.clocks, await clocks_of(record.id))


async def test_the_legal_delay_begins_when_the_file_is_complete_and_rests_with_its_reason(town):
    with clock.moved_to(DECEMBER):
        reference = (await town.submit("file", answers={"work": "shed"})).reference
        record = await town.record(reference)
        assert (record.promise, record.promised_at) == ("none", None)
        assert {each.code for each in await clocks_of(record.id)} == {"reading", "whole"}
        record = await make_move(town.host, reference, "resume", {}, actor=ANA, mover="agent")
    assert record.promise == "running"
    assert record.promised_at == datetime(2027, 1, 25, 21, 30, tzinfo=UTC)  # the town is closed between the years
    with clock.moved_to(DECEMBER + timedelta(days=1)):
        await ask(
            town.host, reference, "completeness", [WORDS], transition="complete", raw={}, actor=ANA, mover="agent"
        )
    with clock.moved_to(DECEMBER + timedelta(days=31)):
        await mark_missed(town.host)
        record = await answer(town.host, reference, "completeness", SupplementAnswers(raw={"words": "Un cabanon."}))
        entries = await entries_of(record)
        request_types = await request_types_at(town.host, record, entries)
        told = replay(entries, request_types, town.host.jurisdictions.jurisdiction("parvis"), clock.now())
    clocks = {each.code: each for each in told.clocks}
    assert set(clocks) == {"reading", "whole", "legal", "reread"}
    assert clocks["reading"].state == "met"
    assert clocks["whole"].due_at == DECEMBER + timedelta(days=90)  # it does not rest
    assert clocks["legal"].due_at > datetime(2027, 2, 10, tzinfo=UTC)
    assert clocks["reread"].started_at == DECEMBER + timedelta(days=31)
    (rest,) = told.rests
    assert (rest.code, rest.since.body["transition"], rest.until.body["transition"]) == ("legal", "complete", "resume")
    assert next(entry for entry in entries if entry.kind == "clocks").body["clocks"].keys() == {"reread"}
    assert same(told.clocks, await clocks_of(record.id))


@pytest.mark.parametrize("seed", range(10))
async def test_whatever_happened_the_history_tells_the_clocks_that_are_stored(town, seed):
    chance = random.Random(seed)
    at = DECEMBER + timedelta(hours=chance.randrange(200))
    with clock.moved_to(at):
        reference = (await town.submit("file", answers={"work": chance.choice(("shed", "pool"))})).reference
    for _ in range(9):
        at += timedelta(hours=chance.choice((1, 7, 30, 80, 300, 900)))
        with clock.moved_to(at):
            if chance.random() < 0.5:
                await mark_missed(town.host)
            await something(town, reference, chance)
            record = await town.record(reference)
            shown = [each for each in await clocks_of(record.id) if each.shown]
            await mark_missed(town.host)
            assert await told_again(town, record), [entry.kind for entry in await entries_of(record)]
            assert record.promised_at == (shown[0].due_at if shown else None)
            assert await type_of_record(town.host, record)


async def something(town, reference, chance):
    """One of the things that happen to a request; many are refused where it stands."""
    match chance.randrange(4):
        case 0:
            await ask(
                town.host, reference, "completeness", [WORDS], transition="complete", raw={}, actor=ANA, mover="agent"
            )
        case 1:
            given = SupplementAnswers(raw={"words": f"Mot {chance.random()}"})
            await answer(town.host, reference, "completeness", given)
        case 2:
            due_at = clock.now() + timedelta(days=chance.randrange(2, 40))
            await reschedule(town.host, reference, due_at, "Le dégel tarde.", actor=ANA)
        case _:
            for move in chance.sample(MOVES, len(MOVES)):
                if isinstance(await make_move(town.host, reference, move, {}, actor=ANA, mover="agent"), Record):
                    return
