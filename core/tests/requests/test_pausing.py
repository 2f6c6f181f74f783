"""Delays stopped by hand: with a reason, by the calendar of the town, and never one of the law."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.changing import Conflict
from parvis.requests.chores import mark_missed
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import words_of
from parvis.requests.promises.promising import pause, resume
from parvis.requests.promises.replaying import replay, same
from parvis.requests.records import Record
from parvis.requests.timeline import request_types_at, story
from parvis.requests.visibility import HOLDER
from parvis_sdk.workflow import Denied

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)  # ten in the morning
TOWN = ZoneInfo("America/Toronto")


async def test_a_pause_says_why_and_resuming_tells_the_new_date(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        before = await town.record(reference)
        paused = await pause(town.host, reference, "weather", "Il pleut.", actor=ANA)
        assert (paused.promise, paused.promised_at) == ("paused", before.promised_at)
        time.forward(days=2)
        resumed = await resume(town.host, reference, actor=ANA)
        lines = await story(town.host, resumed, HOLDER, "fr")
    assert resumed.promise == "running"
    assert resumed.promised_at == datetime(2026, 9, 23, 20, 30, tzinfo=UTC)  # two days of work later
    assert [line.title for line in lines][1:] == [
        "Délai suspendu\u00a0: la météo ne permet pas les travaux",
        "Le délai a repris",
    ]
    assert lines[1].words == "Il pleut."
    assert lines[2].promised_at == resumed.promised_at
    assert await words_of(resumed, 3) == (
        "Le délai était suspendu\u00a0: la météo ne permet pas les travaux. Il a repris."
    )


@pytest.mark.parametrize(
    ("begun", "paused", "resumed", "due"),
    [
        # Over the night in which the hour changes: five and a half hours of Monday, after a Friday that ends at noon.
        ((2026, 10, 30, 10), (2026, 10, 30, 14), (2026, 11, 2, 14), (2026, 11, 9, 14)),
        # Over Christmas and New Year’s Day, on which nobody works here: three days of work in two weeks.
        ((2026, 12, 21, 10), (2026, 12, 22, 16), (2027, 1, 5, 16), (2027, 1, 12, 11)),
        # Begun and ended while the town is closed: nothing was lost.
        ((2026, 9, 14, 10), (2026, 9, 18, 20), (2026, 9, 20, 20), (2026, 9, 21, 16, 30)),
    ],
)
async def test_a_pause_is_counted_on_the_calendar_of_the_town(town, begun, paused, resumed, due):
    with clock.moved_to(datetime(*begun, tzinfo=TOWN)):
        reference = (await town.submit()).reference
    with clock.moved_to(datetime(*paused, tzinfo=TOWN)):
        await pause(town.host, reference, "elsewhere", "", actor=ANA)
    with clock.moved_to(datetime(*resumed, tzinfo=TOWN)):
        record = await resume(town.host, reference, actor=ANA)
    assert record.promised_at == datetime(*due, tzinfo=TOWN)


async def test_what_is_over_or_of_the_law_is_not_paused_and_nobody_writes_over_another(town, town_of, hole):
    with clock.moved_to(MONDAY) as time:
        late = (await town.submit(answers={"danger": True})).reference
        seen = await town.record(late)
        time.forward(hours=25)
        assert isinstance(await pause(town.host, late, "weather", "", actor=ANA), Denied)
        assert isinstance(await resume(town.host, late, actor=ANA), Denied)
        other = (await town.submit()).reference
        await pause(town.host, other, "weather", "", actor=ANA)
        assert isinstance(await pause(town.host, other, "weather", "", actor=ANA), Denied)
        stale = await resume(town.host, other, actor=ANA, expected=seen.version)
        assert isinstance(stale, Conflict)
        law = structs.replace(hole, service_levels=(structs.replace(hole.service_levels[1], statutory=True),))
        lawful = town_of(law)
        reference = (await lawful.submit()).reference
        assert isinstance(await pause(lawful.host, reference, "weather", "", actor=ANA), Denied)


async def test_a_pause_by_hand_outlasts_a_question_and_a_question_outlasts_the_pause(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        before = await town.record(reference)
        await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
        await pause(town.host, reference, "elsewhere", "", actor=ANA)
        time.forward(days=1)
        await make_move(town.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
        time.forward(days=1)
        answered = await make_move(town.host, reference, "answer", {}, actor=ANA, mover="requester")
        assert answered.promise == "paused"
        await make_move(town.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
        waiting = await resume(town.host, reference, actor=ANA)
        assert waiting.promise == "paused"
        time.forward(days=1)
        running = await make_move(town.host, reference, "answer", {}, actor=ANA, mover="requester")
    assert running.promise == "running"
    assert running.promised_at == before.promised_at + timedelta(days=3)


@pytest.mark.parametrize("seed", range(8))
async def test_after_every_pause_the_row_the_clock_and_the_history_say_one_date(town, seed):
    chance, at = Random(seed), datetime(2026, 10, 27, 13, tzinfo=UTC)
    with clock.moved_to(at):
        reference = (await town.submit(answers={"danger": chance.random() < 0.3})).reference
    for _ in range(14):
        at += timedelta(hours=chance.choice((1, 5, 20, 70, 200)))
        with clock.moved_to(at):
            match chance.randrange(4):
                case 0:
                    await pause(town.host, reference, chance.choice(("requester", "weather")), "", actor=ANA)
                case 1:
                    await resume(town.host, reference, actor=ANA)
                case _:
                    for move in chance.sample(("start", "ask", "answer", "resolve", "reopen"), 5):
                        mover = "requester" if move == "answer" else "manager"
                        given = {"reason": "Où ?"}
                        became = await make_move(town.host, reference, move, given, actor=ANA, mover=mover)
                        if isinstance(became, Record):
                            break
            await mark_missed(town.host)
            record = await town.record(reference)
            entries, stored = await entries_of(record), await clocks_of(record.id)
            shown = shown_of(stored)
            assert (record.promised_at, record.promise) == (shown.due_at, shown.state)
            assert (shown.state == "paused") == bool(shown.rests and shown.rests[-1].until is None)
            ours = town.host.jurisdictions.jurisdiction("parvis")
            told = replay(entries, await request_types_at(town.host, record, entries), ours, clock.now())
            assert same(told.clocks, stored), [entry.kind for entry in entries]
