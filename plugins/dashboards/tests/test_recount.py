"""Figures are those of a slow recount of every row and every line of history, whatever has happened."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import counted, transaction
from parvis.db.tables import Clock, ServiceRequest
from parvis.jurisdictions.calendars import business_days_between, local_day
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.amendments import amend, assign
from parvis.requests.changing import AlreadyErased, TooManyChanges
from parvis.requests.chores import mark_missed, run_timers
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import reschedule
from parvis.requests.promises.replaying import measure_older
from parvis.requests.records import record_of
from parvis.requests.timeline import request_types_at
from parvis.requests.work.conversation import note, receive, reply
from parvis.selection import Period
from parvis_closing_question.standing import answer_settled
from parvis_dashboards.figures import AGES, Narrow, figures
from parvis_testing.town import erase_due

ANA = Actor(kind="agent", id="ana", name="Ana")
ERP = Actor(kind="plugin", id="erp", name="erp")
ALL = Scope(jurisdiction="parvis")
BEGINNING = datetime(2026, 9, 14, 14, tzinfo=UTC)
KEPT = ("took", "allowed", "days_promised", "days_needed", "first_answer_at", "answered_in", "reopened", "reopened_at")


def moving(code, mover="agent", actor=ANA):
    return lambda town, reference: make_move(town.host, reference, code, {"reason": "x"}, actor=actor, mover=mover)


async def promising(town, reference):
    await reschedule(town.host, reference, clock.now() + timedelta(days=3), "Pluie", actor=ANA)


THINGS = {
    "start": moving("start"),
    "told by another system": moving("start", "agent", ERP),
    "ask": moving("ask"),
    "answer": moving("answer", "requester", REQUESTER),
    "resolve": moving("resolve"),
    "resolve again": moving("resolve"),
    "reopen": moving("reopen", "manager"),
    "reopen, asked for": moving("reopen", "requester", REQUESTER),
    "withdraw": moving("withdraw", "requester", REQUESTER),
    "give up": moving("give_up", "system", SYSTEM),
    "a hole after all": lambda town, reference: amend(town.host, reference, type="hole", actor=ANA),
    "a quarrel after all": lambda town, reference: amend(
        town.host, reference, type="quarrel", answers={"kind": "dog"}, actor=ANA
    ),
    "to parks": lambda town, reference: assign(town.host, reference, unit="parks", actor=ANA),
    "to roads": lambda town, reference: assign(town.host, reference, unit="roads", actor=ANA),
    "note": lambda town, reference: note(town.host, reference, "x", actor=ANA),
    "reply": lambda town, reference: reply(town.host, reference, "x", actor=ANA),
    "their words": lambda town, reference: receive(town.host, reference, "x"),
    "settled": lambda town, reference: answer_settled(town.host, reference),
    "promise": promising,
    "timers": lambda town, reference: run_timers(town.host),
    "missed": lambda town, reference: mark_missed(town.host),
    "retention": lambda town, reference: erase_due(town.host),
    "erase": lambda town, reference: erase(town.host, reference, actor=ANA),
}
STEPS = 40
BACK_TO_WORK = {("decided", "received"), ("decided", "in_progress")}
WAITS = (1, 45, 60 * 7, 60 * 30, 60 * 24 * 9)  # minutes


async def lived(town, chance):
    """A history of several requests, as chance makes it; when it ends."""
    references = [(await town.submit("hole", answers={"danger": True})).reference]
    with clock.moved_to(clock.now()) as time:
        for _ in range(STEPS):
            what, which = chance.choice([*THINGS, "another"]), chance.randrange(4)
            time.forward(minutes=chance.choice(WAITS))
            if what == "another":
                kind, channel = ("hole", "portal") if which % 2 else ("quarrel", "phone")
                references.append((await town.submit(kind, channel=channel)).reference)
                continue
            reference = references[which % len(references)]
            try:
                await THINGS[what](town, reference)
            except (AlreadyErased, TooManyChanges):
                continue
        return clock.now()


async def recounted(town, period, now):
    """What is to be found, from every row and line there is."""
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    found = {}
    for row in await ServiceRequest.select().where(ServiceRequest.jurisdiction == "parvis"):
        record = record_of(row)
        entries = await entries_of(record)
        request_types = await request_types_at(town.host, record, entries)
        shown = next(iter(await Clock.select().where((Clock.request == record.id) & (Clock.shown == True))), None)  # noqa: E712
        answers = [each.at for each in entries if _answers(each)]
        back = _came_back(entries, request_types)
        told = {"promise": shown["state"] if shown else "none", "settled": record.settled, "again": len(back) > 1}
        told |= {"undone": bool(record.undone)}
        said = [each.at for each in entries if each.kind == "settled"]
        assert (record.settled_at, record.undone <= len(back)) == ((said or [None])[-1], True)
        if record.settled_at is not None and period.since <= record.settled_at < period.until:
            _add(found, record, "said", None, told)
        if period.since <= record.submitted_at < period.until:
            took = _days(calendar, record.submitted_at, answers[0]) if answers else None
            _add(found, record, "came", took, told)
        if record.closed_at is not None and period.since <= record.closed_at < period.until:
            ended = (shown and shown["ended_at"]) or record.closed_at
            _add(found, record, "finished", _days(calendar, record.submitted_at, ended), told)
        if back and period.since <= back[-1] < period.until:
            _add(found, record, "back", None, told)
        if record.phase != "closed":
            age = (local_day(calendar, now) - local_day(calendar, record.submitted_at)).days
            _add(found, record, "standing", None, told | {"late": record.is_late, "age": age})
    return found


def _answers(entry):
    told = entry.kind in ("reply", "promised") or (entry.kind == "moved" and entry.audience == "public")
    return told and entry.actor.kind in ("agent", "plugin")


def _came_back(entries, request_types):
    phases = []
    for entry in entries:
        flow = request_types[entry.number].workflow
        begins = entry.kind == "submitted" or "declaration_before" in entry.body
        state = flow.initial if begins else flow.state(entry.body["target"]) if "target" in entry.body else None
        phases.append((entry.at, state.phase if state else phases[-1][1]))
    both = zip(phases[1:], phases, strict=False)
    return [at for (at, phase), (_, before) in both if before == "closed" != phase or (before, phase) in BACK_TO_WORK]


def _days(calendar, start, end):
    return business_days_between(calendar, start, end)


def _add(found, record, name, took, told):
    for key in (
        ("", ""),
        ("type", record.type),
        ("unit", record.unit),
        ("zone", record.zone),
        ("channel", record.channel),
    ):
        found.setdefault(key, {}).setdefault(name, []).append((took, told))


def _within(values, share):
    """The smallest step that at least this share of the values lie at or below."""
    steps = sorted(_step(int(value * 1000)) for value in values if value is not None)
    return steps[math.ceil(share * len(steps)) - 1] / 1000 if steps else None


def _step(thousandths):
    size = 50 if thousandths <= 20_000 else 1000
    return math.ceil(thousandths / size) * size


def expected(lists):
    came, done, back, said, stand = (lists.get(name, []) for name in ("came", "finished", "back", "said", "standing"))
    return {
        "received": len(came),
        "answered": sum(took is not None for took, _ in came),
        "first_median": _within([took for took, _ in came], 0.5),
        "first_ninetieth": _within([took for took, _ in came], 0.9),
        "finished": len(done),
        "median": _within([took for took, _ in done], 0.5),
        "ninetieth": _within([took for took, _ in done], 0.9),
        "kept": sum(told["promise"] == "met" and not told["undone"] for _, told in done),
        "missed": sum(told["promise"] == "missed" and not told["undone"] for _, told in done),
        "undone": sum(told["undone"] for _, told in back),
        "settled": sum(told["settled"] == "yes" for _, told in said),
        "unsettled": sum(told["settled"] == "no" for _, told in said),
        "standing": len(stand),
        "late": sum(told["late"] for _, told in stand),
        "reopened": len(back),
        "reopened_again": sum(told["again"] for _, told in back),
    }


def numbers(line):
    return {name: getattr(line, name) for name in expected({})}


async def compare(town, now):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    for days in (2, 20, 1000):
        period = Period(since=now - timedelta(days=days), until=now + timedelta(seconds=1))
        found = await figures(ALL, period, calendar)
        wanted = await recounted(town, period, now)
        assert numbers(found.total) == expected(wanted.get(("", ""), {}))
        for dimension in ("type", "unit", "zone", "channel"):
            lines = {line.code: numbers(line) for line in getattr(found, f"by_{dimension}")}
            assert lines == {code: expected(lists) for (kind, code), lists in wanted.items() if kind == dimension}
        assert sum(week.received for week in found.weeks) == found.total.received
        for name in ("finished", "kept", "broken"):
            assert sum(getattr(week, name) for week in found.weeks) == getattr(found.total, name)
        assert sum(jam.standing for jam in found.jams) == found.total.standing
        assert sum(jam.late for jam in found.jams) == found.total.late
        ages = [told["age"] for _, told in wanted.get(("", ""), {}).get("standing", [])]
        bounds = (0, *AGES, 10**6)
        assert [age.requests for age in found.ages] == [
            sum(low <= age < high for age in ages) for low, high in pairwise(bounds)
        ]


@pytest.mark.parametrize("seed", range(10))
async def test_figures_are_those_of_a_recount_and_are_told_again_from_the_history(town, seed):
    with clock.moved_to(BEGINNING):
        now = await lived(town, Random(seed))
    with clock.moved_to(now):
        await compare(town, now)
        written = await ServiceRequest.select(ServiceRequest.id, *(getattr(ServiceRequest, name) for name in KEPT))
        async with transaction(town.host.engine):
            await ServiceRequest.update(dict.fromkeys(KEPT)).where(ServiceRequest.jurisdiction == "parvis")
        assert await measure_older(town.host) == len(written)
        again = await ServiceRequest.select(ServiceRequest.id, *(getattr(ServiceRequest, name) for name in KEPT))
        assert sorted(map(str, again)) == sorted(map(str, written))
        assert await measure_older(town.host) == 0
        in_days = KEPT[2:4]  # those were added later
        async with transaction(town.host.engine):
            await ServiceRequest.update(dict.fromkeys(in_days)).where(ServiceRequest.jurisdiction == "parvis")
        assert await measure_older(town.host) == sum(row["days_promised"] is not None for row in written) > 0
        again = await ServiceRequest.select(ServiceRequest.id, *(getattr(ServiceRequest, name) for name in KEPT))
        assert sorted(map(str, again)) == sorted(map(str, written))
        assert await measure_older(town.host) == 0


@pytest.fixture
async def few(town):
    with clock.moved_to(BEGINNING):
        for _ in range(4):
            await town.submit("hole")


async def test_more_requests_cost_no_more_statements_and_bring_no_more_rows(town, few):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    period = Period(since=BEGINNING - timedelta(days=300), until=BEGINNING + timedelta(days=60))
    with counted() as before:
        await figures(ALL, period, calendar, against=period)
    with clock.moved_to(BEGINNING):
        for _ in range(20):
            await town.submit("hole")
    with counted() as after:
        found = await figures(ALL, period, calendar, against=period)
    assert before.count == after.count == 4
    assert numbers(found.total) | {"standing": 0, "late": 0} == numbers(found.before)
    assert (await figures(ALL, period, calendar, Narrow(channels=("phone",)))).total.received == 0
