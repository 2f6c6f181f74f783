"""Promises raised among the town's people: whom, when, once each, and never a hundred mails."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from types import ModuleType

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Clock, Delivery
from parvis.jurisdictions import Jurisdictions
from parvis.people.agents import Grant, add_agent
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.changing import Conflict
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.exclusions import keep_away
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.levels import StandingLevels
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.search import Filters, queue
from parvis.requests.promises.promising import pause, reschedule, resume
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.unit_managers import chiefs_of
from parvis_sdk.events import AnyEvent, Raised
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on
from parvis_service_levels import alarm_letters, raising
from parvis_service_levels.alarm_letters import send_alarms
from parvis_service_levels.desk.raised import raised_to, steps_of
from parvis_service_levels.escalation import ESCALATION, Escalation
from parvis_service_levels.raising import raise_due
from parvis_service_levels.staff import staff_of
from parvis_service_levels.tables import Alarm
from parvis_service_levels.watching import UNWATCHED, watch_older
from parvis_testing.modules import switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)  # ten in the morning; five days of work end on Monday at half past four
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
async def people(town):
    """Luc works on roads, Ana manages that unit, Ève the whole town."""

    async def hired(name, role, unit=""):
        grants = (Grant(role=role, jurisdiction="parvis", unit=unit),)
        email = f"{name}@parvis.example"
        return await add_agent(town.host.engine, email=email, name=name, password="quatre chevaux", grants=grants)

    return {
        "luc": await hired("luc", "agent", "roads"),
        "ana": await hired("ana", "manager", "roads"),
        "eve": await hired("eve", "manager"),
    }


async def chores(town):
    engine = town.host.engine
    raised = await raise_due(town.host, lambda code: chiefs_of(engine, code))
    return raised, await send_alarms(town.host, lambda id: staff_of(engine, id))


async def mails():
    rows = await Delivery.select(Delivery.event).where(Delivery.subscriber == "channel:email").order_by(Delivery.id)
    return [msgspec.json.decode(row["event"])["message"] for row in rows]


async def held_by_luc(town, people, **given):
    reference = (await town.submit(**given)).reference
    luc = people["luc"]
    await assign(town.host, reference, unit="roads", assignee=luc.id, actor=ANA, assignee_name="Luc")
    return reference


async def test_the_holder_is_warned_then_the_chief_then_the_one_above_once_each(town, people):
    with clock.moved_to(MONDAY) as time:
        reference = await held_by_luc(town, people)
        assert await chores(town) == (0, 0)
    with clock.moved_to(NEXT_MONDAY) as time:  # half a day before the breach; eight opening hours are passed
        assert await chores(town) == (1, 1)
        assert await chores(town) == (0, 0)
        time.forward(hours=7)
        assert await chores(town) == (1, 1)
        time.forward(days=4)
        assert await chores(town) == (1, 1)
        time.forward(days=40)
        assert await chores(town) == (0, 0)
    assert [each["to"].partition("@")[0] for each in await mails()] == ["luc", "ana", "eve"]
    entries = await entries_of(await town.record(reference))
    assert [(each.kind, each.body["step"]) for each in entries[2:]] == [
        ("warned", 1),
        ("escalated", 2),
        ("escalated", 3),
    ]
    told = await story(town.host, await town.record(reference), town.agent("see"), "fr")
    assert (told[3].title, told[3].words) == ("Date promise dépassée\u00a0: requête escaladée", "ana")
    assert (await town.record(reference)).promise == "missed"
    for least, found in ((1, [reference]), (3, [reference]), (4, [])):
        raised = Filters(conditions=(raised_to(least),))
        rows = (await queue(town.host, town.agent("see"), "parvis", raised)).rows
        assert await steps_of(rows) == dict.fromkeys(found, 3)


async def test_a_mail_leads_to_the_pages_of_the_town(town, people):
    towns = town.host.jurisdictions
    second = structs.replace(towns.jurisdiction("parvis"), hosts=("second.example",))
    apart = structs.replace(towns, by_code={**towns.by_code, "parvis": second}, default="rivemont")
    town.host = dataclasses.replace(town.host, jurisdictions=apart, base_url="https://first.example")
    with clock.moved_to(MONDAY):
        reference = await held_by_luc(town, people)
    with clock.moved_to(NEXT_MONDAY):
        assert await chores(town) == (1, 1)
    (mail,) = await mails()
    assert f"https://second.example/bureau/requete/{reference}" in mail["text"]
    assert "https://second.example/bureau?alerte=oui" in mail["text"]


async def test_workers_at_once_raise_and_write_once(town, people):
    with clock.moved_to(MONDAY):
        references = [await held_by_luc(town, people) for _ in range(6)]
    with clock.moved_to(NEXT_MONDAY):
        done = await asyncio.gather(*(chores(town) for _ in range(4)))
    assert sum(raised for raised, _ in done) == 6
    assert len(await mails()) == 1
    for reference in references:
        kinds = [entry.kind for entry in await entries_of(await town.record(reference))]
        assert kinds.count("warned") == 1
    assert await Alarm.count() == 6


async def test_nobody_gets_a_second_mail_within_the_hour(town, people):
    with clock.moved_to(MONDAY) as time:
        await held_by_luc(town, people)
        time.forward(minutes=70)
        await held_by_luc(town, people)
    with clock.moved_to(NEXT_MONDAY) as time:
        await chores(town)
        first = len(await mails())
        time.forward(minutes=30)
        late = (await town.submit(answers={"danger": True})).reference
        await assign(town.host, late, unit="roads", assignee=people["luc"].id, actor=ANA)
        time.forward(hours=13)
        await chores(town)
        time.forward(minutes=10)
        danger = (await town.submit(answers={"danger": True})).reference
        await assign(town.host, danger, unit="roads", assignee=people["luc"].id, actor=ANA)
    assert first == 1
    luc = [each for each in await mails() if each["to"].startswith("luc")]
    assert len(luc) == 2
    assert late in luc[1]["text"]


async def test_what_does_not_fit_in_one_mail_is_told_an_hour_later_and_forgotten_in_time(town, people, monkeypatch):
    monkeypatch.setattr(alarm_letters, "MOST_TOLD", 2)
    with clock.moved_to(MONDAY):
        for _ in range(3):
            await held_by_luc(town, people)
    with clock.moved_to(NEXT_MONDAY) as time:
        assert await chores(town) == (3, 1)
        time.forward(minutes=61)
        assert await chores(town) == (0, 1)
        assert [each["text"].count("/bureau/requete/") for each in await mails()] == [2, 1]
        assert await Alarm.count().where(Alarm.step == 1) == 3
        time.forward(days=91)
        await chores(town)
        assert await Alarm.count().where(Alarm.step == 1) == 0


async def test_what_nobody_holds_is_told_to_who_answers_for_it_and_what_is_over_to_nobody(town, people):
    with clock.moved_to(MONDAY):
        free = (await town.submit()).reference
        await assign(town.host, free, unit="roads", actor=ANA)
        done = await held_by_luc(town, people)
        await make_move(town.host, done, "resolve", {}, actor=ANA, mover="agent")
    with clock.moved_to(NEXT_MONDAY):
        assert await chores(town) == (1, 1)
    (mail,) = await mails()
    assert mail["to"].startswith("ana")
    assert free in mail["text"]


async def test_it_is_told_to_who_may_know_of_it_whatever_else_the_same_unit_has(town):
    engine, host = town.host.engine, town.host
    with clock.moved_to(MONDAY):
        record = await town.record((await town.submit()).reference)
        await assign(host, record.reference, unit="roads", actor=ANA)

    async def hired(name, unit="", *zones):
        grants = tuple(
            Grant(role="manager", jurisdiction="parvis", unit=unit, zones=(each,) if each else ())
            for each in zones or ("",)
        )
        email = f"{name}@parvis.example"
        return await add_agent(engine, email=email, name=name, password="quatre chevaux", grants=grants)

    await hired("elsewhere", "roads", "another", "a-third")
    concerned = await hired("concerned", "roads")
    await keep_away(host, record.reference, concerned.id, "concerned", "a neighbour", actor=ANA)
    await hired("higher")
    with clock.moved_to(NEXT_MONDAY) as time:
        assert await chores(town) == (1, 1)
        await hired("here", "roads", "another", record.zone)
        time.forward(hours=7)
        assert await chores(town) == (1, 1)
    assert [each["to"].partition("@")[0] for each in await mails()] == ["higher", "here"]
    told = [each.body["to"] for each in await entries_of(record) if "to" in each.body]
    assert told == [["higher"], ["here"]]


async def test_who_was_just_written_to_keeps_nobody_else_waiting(town, people, monkeypatch):
    monkeypatch.setattr(alarm_letters, "MOST_PEOPLE", 1)
    with clock.moved_to(MONDAY):
        for name in ("luc", "ana", "eve"):
            for _ in range(2):
                reference = (await town.submit()).reference
                await assign(town.host, reference, unit="roads", assignee=people[name].id, actor=ANA)
    monkeypatch.setattr(alarm_letters, "MOST_TOLD", 1)  # so that something waits for everybody all the time
    with clock.moved_to(NEXT_MONDAY) as time:
        for _ in range(3):
            await chores(town)
            time.forward(minutes=5)
    assert {each["to"].partition("@")[0] for each in await mails()} == {"luc", "ana", "eve"}


async def test_what_was_erased_keeps_no_promise_from_being_raised(town, people, monkeypatch):
    monkeypatch.setattr(raising, "BATCH", 1)
    monkeypatch.setattr(raising, "MOST_AT_ONCE", 3)
    with clock.moved_to(MONDAY) as time:
        gone = (await town.submit()).reference
        time.forward(minutes=1)
        await held_by_luc(town, people)
        await erase(town.host, gone, actor=ANA)
    with clock.moved_to(NEXT_MONDAY):
        assert await chores(town) == (1, 1)


async def test_a_date_that_moves_is_watched_anew_and_a_rest_raises_nothing(town, people):
    with clock.moved_to(MONDAY) as time:
        moved, paused = await held_by_luc(town, people), await held_by_luc(town, people)
        time.forward(days=7)
        assert (await chores(town))[0] == 2
        await reschedule(town.host, moved, MONDAY + timedelta(days=21), "Le dégel tarde.", actor=ANA)
        await pause(town.host, paused, "weather", "", actor=ANA)
        assert not (await queue(town.host, town.agent("see"), "parvis", Filters(conditions=(raised_to(1),)))).rows
        time.forward(days=5)
        assert (await chores(town))[0] == 0
        await resume(town.host, paused, actor=ANA)
        time.forward(days=9)
        assert (await chores(town))[0] == 2


async def test_who_listens_is_told_of_each_step_in_the_unit_that_writes_it(town, town_plugin, people):
    heard = []

    @on(Raised)
    async def listen(event, request):
        heard.append(event)

    module = ModuleType("listening_plugin")

    @hookimpl
    def subscriptions():
        return [listen]

    module.subscriptions = subscriptions
    plugins = load_plugins([town_plugin, DiscoveredPlugin.of("listening", module)])
    assert not plugins.troubles
    host = dataclasses.replace(town.host, plugins=plugins)
    listening = dataclasses.replace(town, host=host, counter=RequestService(host))
    with clock.moved_to(MONDAY) as time:
        reference = await held_by_luc(listening, people)
        time.forward(days=7)
        await chores(listening)
        rows = await Delivery.select(Delivery.event).where(Delivery.subscriber == "listening.listen")
    (event,) = [msgspec.json.decode(row["event"], type=AnyEvent) for row in rows]
    due_at = (await listening.record(reference)).promised_at
    assert (event.reference, event.level, event.step, event.due_at) == (reference, "usual", 1, due_at)


async def test_a_warning_disturbs_nobody_at_work(town, people):
    with clock.moved_to(MONDAY) as time:
        reference = await held_by_luc(town, people)
        seen = (await town.record(reference)).version
        time.forward(days=7)
        await chores(town)
        moved = await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent", expected=seen)
    assert not isinstance(moved, Conflict)


async def test_a_town_says_when_and_how_far(town, people):
    ours = ESCALATION.put(town.host.jurisdictions.jurisdiction("parvis"), Escalation(warn_hours=0, after=(2,)))
    jurisdictions = Jurisdictions(by_code={"parvis": ours}, default="parvis")
    host = dataclasses.replace(town.host.without(StandingLevels), jurisdictions=jurisdictions)
    quiet = dataclasses.replace(town, host=host, counter=RequestService(host))
    with clock.moved_to(MONDAY) as time:
        reference = await held_by_luc(quiet, people)
        time.forward(days=8)
        assert await chores(quiet) == (0, 0)
        time.forward(days=2)
        assert await chores(quiet) == (1, 1)
    (found,) = await clocks_of((await quiet.record(reference)).id)
    assert (found.step, found.next_at) == (2, None)


async def test_a_promise_from_before_warnings_is_watched_too(town, people):
    with clock.moved_to(MONDAY):
        reference = await held_by_luc(town, people)
        broken = await held_by_luc(town, people, answers={"danger": True})
        over = await held_by_luc(town, people)
        await make_move(town.host, over, "resolve", {}, actor=ANA, mover="agent")
    await _as_before_warnings(town.host.engine)
    with clock.moved_to(NEXT_MONDAY) as time:
        assert await chores(town) == (0, 0)
        assert await watch_older(town.host) == 2
        assert await watch_older(town.host) == 0
        assert (await chores(town))[0] == 2
        time.forward(days=40)
        assert (await chores(town))[0] == 1
    assert [await _steps(town, each) for each in (reference, broken, over)] == [[1, 3], [3], []]


async def _steps(town, reference):
    return [each.body["step"] for each in await entries_of(await town.record(reference)) if "step" in each.body]


async def _as_before_warnings(engine):
    """The clocks as the step left them that let them know how far they were raised."""
    async with transaction(engine):
        await Clock.update({Clock.step: 0, Clock.next_at: None}, force=True)


async def test_a_town_that_begins_to_raise_watches_what_is_open_already(town, people):
    ours = ESCALATION.put(town.host.jurisdictions.jurisdiction("parvis"), Escalation(warn_hours=0, after=()))
    jurisdictions = Jurisdictions(by_code={"parvis": ours}, default="parvis")
    host = dataclasses.replace(town.host.without(StandingLevels), jurisdictions=jurisdictions)
    silent = dataclasses.replace(town, host=host, counter=RequestService(host))
    with clock.moved_to(MONDAY) as time:
        await held_by_luc(silent, people)
        assert await watch_older(host) == 0
        assert await watch_older(town.host) == 1
        time.forward(days=7)
        assert (await chores(town))[0] == 1


async def test_a_town_that_warns_later_now_warns_nobody_too_early(town, people):
    with clock.moved_to(MONDAY):
        reference = await held_by_luc(town, people)
    ours = ESCALATION.put(town.host.jurisdictions.jurisdiction("parvis"), Escalation(warn_hours=1))
    jurisdictions = Jurisdictions(by_code={"parvis": ours}, default="parvis")
    host = dataclasses.replace(town.host.without(StandingLevels), jurisdictions=jurisdictions)
    later = dataclasses.replace(town, host=host, counter=RequestService(host))
    with clock.moved_to(NEXT_MONDAY) as time:
        assert await chores(later) == (0, 0)
        assert len(await entries_of(await town.record(reference))) == 2
        time.forward(hours=6)
        assert await chores(later) == (1, 1)


async def test_what_is_due_is_found_by_an_index(town, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    plan = await Clock.raw("EXPLAIN QUERY PLAN SELECT id FROM clock WHERE next_at IS NOT NULL AND next_at <= 'x'")
    assert "clock_next" in str(plan)
    plan = await Clock.raw(f"EXPLAIN QUERY PLAN SELECT id FROM clock WHERE {UNWATCHED}")
    assert "clock_unwatched" in str(plan)


async def test_where_the_module_is_off_nobody_is_warned_and_on_again_what_is_open_is_watched(town, people):
    with clock.moved_to(MONDAY):
        known = await held_by_luc(town, people)
        await switch(town.host, "off", "service_levels")
        new = await held_by_luc(town, people)
    (found,) = await clocks_of((await town.record(new)).id)
    assert (found.step, found.next_at) == (0, None)
    with clock.moved_to(NEXT_MONDAY):
        assert await chores(town) == (0, 0)
        assert await watch_older(town.host) == 0
        await switch(town.host, "on", "service_levels")
        assert await watch_older(town.host) == 1
        assert await chores(town) == (2, 1)
    assert [await _steps(town, each) for each in (known, new)] == [[1], [1]]
