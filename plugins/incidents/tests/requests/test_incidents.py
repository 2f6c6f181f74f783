"""An incident attracts the requests that its answers describe, and tells everybody whom it concerns once."""

import asyncio
import contextvars
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, Follower
from parvis.deployment import built_in_plugins, found_inside, plugins_of
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import Actor
from parvis.requests.changing import change
from parvis.requests.contacts import stop_messages
from parvis.requests.declarations import Declarations
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move, plan_move
from parvis.requests.offered import type_of
from parvis.requests.persons.followers import confirm, follow, token_of
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import scope_of
from parvis_incidents import telling
from parvis_incidents.attaching import attach, attach_due, attach_matching, preview, take_out
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.figures import AttachedCount, attached_to, figures_of
from parvis_incidents.incidents import incident, incidents_with
from parvis_incidents.matching import Circle, Facts, Rule, belongs, words_in
from parvis_incidents.tables import IncidentRequest, IncidentTold
from parvis_incidents.telling import announce_word, audience, tell_due
from parvis_merging.merging import merge
from parvis_my_requests.archive import gather
from parvis_sdk.events import Announced
from parvis_sdk.text import Text
from parvis_testing.town import HERE, HOLE, QUARREL, plugin_of

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
FAR = {"lon": -73.56, "lat": 45.555, "address": "1, rue Loin"}
WORDS = Text(fr="L’eau revient vers 18 h.", en="Water is back around 6 p.m.")
TITLE = Text(fr="Bris d’aqueduc", en="Water main break")


@pytest.fixture
def stormy(town, modules):
    """The town with what is built in: incidents, and who tells people."""
    built_in = [found_inside(name, module) for name, module in built_in_plugins().items()] + [*plugins_of(modules)]
    plugins = load_plugins([*built_in, DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL))])
    host = replace(town.host.without(Declarations, Bulletin), plugins=plugins)
    return replace(town, host=host, counter=RequestService(host))


async def declare(town, **answers):
    """An incident under way, known to everybody who takes requests in."""
    metres = answers.pop("metres", 500)
    raw = {
        "language": "fr",
        "answers": {"what": "water_main", "metres": metres} | answers,
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "anonymous"},
    }
    receipt = await town.counter.submit(town.code, "incident", raw, channel="counter", actor=ANA, declares=True)
    await town.host.of(Bulletin).look(town.host.jurisdictions)
    return await town.record(receipt.reference)


def person(name: str, **more):
    return {"mode": "named", "name": name, "email": f"{name}@exemple.ca"} | more


async def attached(record) -> Counter:
    rows = await IncidentRequest.select().where(IncidentRequest.incident == record.id)
    return Counter((row["state"], row["how"]) for row in rows)


async def announced(town) -> list:
    rows = await Delivery.select(Delivery.event, Delivery.reference).order_by(Delivery.id)
    events = [msgspec.json.decode(row["event"]) for row in rows]
    return [event for event in events if event["event"] == "announced"]


async def announce(town, record, words=WORDS, **given):
    return await announce_word(town.host, record, given.pop("id", new_id()), TITLE, words, actor=ANA, **given)


async def test_what_came_in_before_is_counted_first_and_attached_then(stormy):
    here = [await stormy.submit() for _ in range(3)]
    await stormy.submit(place=FAR)
    record = await declare(stormy)
    parvis = stormy.host.jurisdictions.jurisdiction("parvis")
    found = await incident(stormy.host, parvis, record.reference)
    assert (await preview(stormy.host, parvis, found.rule)).count == 3
    assert await attach_matching(stormy.host, parvis, found, actor=ANA) == 3
    assert await attach_matching(stormy.host, parvis, found, actor=ANA) == 0
    assert await attached(record) == {("in", "rule"): 3}
    first = await stormy.record(here[0].reference)
    (line,) = [entry for entry in await entries_of(first) if entry.kind == "attached"]
    assert line.body == {"incident": record.reference, "how": "rule"}


async def test_each_new_one_is_attached_as_it_arrives_by_whatever_channel(stormy):
    record = await declare(stormy)
    for channel in ("portal", "api", "email", "phone"):
        receipt = await stormy.submit(channel=channel)
        entries = await entries_of(await stormy.record(receipt.reference))
        assert entries[0].body["incidents"] == [record.reference]
    await stormy.submit(place=FAR)
    assert await attached(record) == {("in", "rule"): 4}


async def test_what_another_process_did_not_know_yet_is_attached_by_the_chore(stormy):
    record = await declare(stormy)
    stormy.host.of(Bulletin)._incidents.clear()
    await stormy.submit()
    assert await attached(record) == {}
    assert await attach_due(stormy.host) == 1
    assert await attach_due(stormy.host) == 0
    assert await attached(record) == {("in", "rule"): 1}


async def test_who_is_taken_out_stays_out_and_who_is_put_in_by_hand_stays_in(stormy):
    receipt, far = await stormy.submit(), await stormy.submit(place=FAR)
    record = await declare(stormy)
    await attach_due(stormy.host)
    assert await take_out(stormy.host, record, receipt.reference, actor=ANA)
    assert await attach_due(stormy.host) == 0
    assert await attach(stormy.host, record, far.reference, "hand", actor=ANA)
    assert not await attach(stormy.host, record, far.reference, "hand", actor=ANA)
    assert await attached(record) == {("out", "hand"): 1, ("in", "hand"): 1}
    assert await attach(stormy.host, record, receipt.reference, "hand", actor=ANA)  # by hand, after all
    (back,) = await incidents_with(
        stormy.host,
        stormy.host.jurisdictions.jurisdiction("parvis"),
        (await stormy.record(receipt.reference)).id,
    )
    assert back.is_in
    assert back.reference == record.reference


async def test_nothing_is_attached_to_an_incident_that_is_over_although_memory_says_otherwise(stormy):
    record = await declare(stormy)
    await make_move(stormy.host, record.reference, "end", {}, actor=ANA, mover="agent")
    receipt = await stormy.submit()
    assert await attached(record) == {}
    assert not await attach(stormy.host, record, receipt.reference, "hand", actor=ANA)


async def test_an_incident_is_no_part_of_another_one(stormy):
    record = await declare(stormy)
    other = await declare(stormy)
    assert not await attach(stormy.host, record, other.reference, "hand", actor=ANA)
    assert await attach_due(stormy.host) == 0


async def test_what_the_town_asks_of_itself_belongs_to_no_incident(stormy, hole):
    operation = structs.replace(hole, code="operation", opened_by="town")
    stormy.host.plugins.request_types["operation"] = operation
    town = stormy.host.plugins.by_name["town"]
    stormy.host.plugins.by_name["town"] = structs.replace(town, request_types=(*town.request_types, "operation"))
    raw = {"language": "fr", "answers": {"danger": False}, "place": HERE, "requester": {"mode": "anonymous"}}
    await stormy.counter.submit("parvis", "operation", raw, channel="phone", actor=ANA, declares=True)
    record = await declare(stormy)
    await stormy.counter.submit("parvis", "operation", raw, channel="phone", actor=ANA, declares=True)
    assert await attach_due(stormy.host) == 0
    assert await attached(record) == {}


async def test_one_message_for_each_address_however_many_requests_it_stands_behind(stormy):
    mine = await stormy.submit(requester=person("zoe"))
    await stormy.submit(requester=person("ZOE"))
    await stormy.submit(requester=person("paul"))
    await stormy.submit(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"})
    await _follows(stormy, mine.reference, "paul@exemple.ca")
    await _follows(stormy, mine.reference, "lea@exemple.ca")
    record = await declare(stormy)
    await _follows(stormy, record.reference, "lea@exemple.ca")
    await _follows(stormy, record.reference, "max@exemple.ca")
    await attach_due(stormy.host)
    parvis = stormy.host.jurisdictions.jurisdiction("parvis")
    assert (await audience(stormy.host, parvis, record.id)).ways == {"email": 4, "phone": 1}
    id = new_id()
    await announce(stormy, record, id=id)
    await announce(stormy, record, id=id)  # pressed twice
    events = await announced(stormy)
    told = sum(event.get("requester", False) + len(event.get("followers", ())) for event in events)
    assert told == await IncidentTold.count() == 5


class Killed(Exception):
    """What a process that is killed looks like from inside."""


def is_word(events) -> bool:
    return any(isinstance(event, Announced) for event in events)


def killed_after(monkeypatch, deliveries_written: int) -> None:
    write, left = deliveries.write, iter(range(deliveries_written))

    async def writing(plugin_registry, events, **named):
        if is_word(events) and next(left, None) is None:
            raise Killed
        return await write(plugin_registry, events, **named)

    monkeypatch.setattr(telling.deliveries, "write", writing)


async def test_what_a_killed_process_left_of_an_announcement_is_told_by_the_next_one(stormy, monkeypatch):
    for name in ("zoe", "paul", "lea", "max", "ana"):
        receipt = await stormy.submit(requester=person(name))
        await _follows(stormy, receipt.reference, f"{name}.neighbour@exemple.ca")
    record = await declare(stormy)
    await attach_due(stormy.host)
    monkeypatch.setattr(telling, "PIECE", 2)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        killed_after(patched, 3)
        await announce(stormy, record)
    assert await IncidentTold.count() == len(await announced(stormy)) == 2  # a whole piece, nothing of the next
    assert await tell_due(stormy.host) == 1
    assert await IncidentTold.count() == len(await announced(stormy)) == 10
    assert await tell_due(stormy.host) == 0


async def test_a_request_that_was_open_when_a_word_was_said_is_told_it_although_it_is_closed_by_then(
    stormy, monkeypatch
):
    told, before = await stormy.submit(requester=person("zoe")), await stormy.submit(requester=person("paul"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    with clock.moved_to(clock.now()) as time:
        await make_move(stormy.host, before.reference, "resolve", {}, actor=ANA, mover="agent")
        time.forward(minutes=1)
        with monkeypatch.context() as patched, pytest.raises(Killed):
            killed_after(patched, 0)
            await announce(stormy, record, closing=True)
        time.forward(minutes=1)
        await make_move(stormy.host, told.reference, "resolve", {}, actor=ANA, mover="agent")
        await tell_due(stormy.host)
    assert [event["reference"] for event in await announced(stormy)] == [told.reference]


async def test_nobody_who_reports_waits_until_everybody_is_told(stormy, monkeypatch, on_postgres):
    if not on_postgres:  # SQLite has one writer
        return
    await stormy.submit(requester=person("zoe"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    write, came = deliveries.write, list[str]()

    async def writing(plugin_registry, events, **named):
        if is_word(events) and not came:  # somebody reports in another unit, while a piece is being told
            came.append("")
            context = contextvars.Context()
            reporting = stormy.submit(requester=person("paul"))
            came[0] = (await asyncio.get_running_loop().create_task(reporting, context=context)).reference
        return await write(plugin_registry, events, **named)

    monkeypatch.setattr(telling.deliveries, "write", writing)
    async with asyncio.timeout(20):
        await announce(stormy, record)
    assert len(await announced(stormy)) == 2
    assert (await attached(record))["in", "rule"] == 2


async def test_who_reported_what_was_merged_hears_each_word_once_and_is_counted_as_standing_no_more(stormy):
    clerk = stormy.agent("see", "work", "report")
    kept, before, after = [(await stormy.submit(requester=person(name))).reference for name in ("zoe", "luc", "eve")]
    await merge(stormy.host, clerk, before, kept, actor=ANA)
    record = await declare(stormy)
    await attach_due(stormy.host)  # `before` is one with `kept` already
    await merge(stormy.host, clerk, after, kept, actor=ANA)
    assert (await audience(stormy.host, stormy.host.jurisdictions.jurisdiction("parvis"), record.id)).people == 3
    await announce(stormy, record)
    assert Counter(event["reference"] for event in await announced(stormy)) == Counter([kept, before, after])
    scope = scope_of(clerk, "parvis", stormy.host.jurisdictions, "see")
    assert (await attached_to(scope, [record.id]))[record.id] == AttachedCount(requests=2, standing=1)
    assert (await figures_of(scope, record.id, "America/Toronto")).attached == AttachedCount(requests=2, standing=1)
    await announce(stormy, record, closing=True)
    assert len(await announced(stormy)) == 6
    moving = partial(plan_move, stormy.host, "resolve", {}, ANA, "agent", "", quiet=True)
    await change(stormy.host, kept, moving, actor=ANA)
    events = [msgspec.json.decode(row["event"]) for row in await Delivery.select(Delivery.event)]
    assert [event for event in events if event["event"] == "joined" and event["did"] == "moved"] == []


async def test_what_is_attached_later_brings_those_who_reported_the_same_thing(stormy):
    kept, joined = [(await stormy.submit(place=FAR, requester=person(name))).reference for name in ("zoe", "luc")]
    await merge(stormy.host, stormy.agent("see", "work"), joined, kept, actor=ANA)
    record = await declare(stormy)
    await announce(stormy, record)
    assert await announced(stormy) == []
    assert await attach(stormy.host, record, kept, "hand", actor=ANA)
    assert Counter(event["reference"] for event in await announced(stormy)) == Counter([kept, joined])


async def test_who_comes_later_hears_the_latest_word_once(stormy):
    record = await declare(stormy)
    await announce(stormy, record, Text(fr="Ancien mot", en="Old word"))
    await announce(stormy, record)
    for _ in range(2):
        await stormy.submit(requester=person("zoe"))
    (event,) = await announced(stormy)
    assert event["words"]["fr"] == WORDS.fr


async def test_who_wants_no_messages_and_who_has_closed_theirs_hear_nothing(stormy):
    silent, done = await stormy.submit(requester=person("zoe")), await stormy.submit(requester=person("paul"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    async with transaction(stormy.host.engine):
        await stop_messages((await stormy.record(silent.reference)).id)
    await make_move(stormy.host, done.reference, "resolve", {}, actor=ANA, mover="agent")
    await announce(stormy, record)
    assert await announced(stormy) == []


async def test_the_closing_word_ends_the_incident_in_the_same_moment_and_is_not_told_to_late_ones(stormy):
    receipt = await stormy.submit(requester=person("zoe"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    await announce(stormy, record, closing=True)
    closed = await stormy.record(record.reference)
    assert closed.phase == "closed"
    assert [event["reference"] for event in await announced(stormy)] == [receipt.reference]
    moved = [
        msgspec.json.decode(row["event"])
        for row in await Delivery.select(Delivery.event).where(Delivery.reference == record.reference)
    ]
    assert {event["tell"] for event in moved if event["event"] == "moved"} == {False}
    refused = await announce(stormy, record)
    assert refused.code == "not_possible"
    await make_move(stormy.host, record.reference, "resume", {}, actor=ANA, mover="agent")
    await stormy.host.of(Bulletin).look(stormy.host.jurisdictions)
    await stormy.submit(requester=person("paul"))
    assert len(await announced(stormy)) == 1


async def test_an_erased_request_stays_counted_as_told_without_its_address(stormy):
    receipt = await stormy.submit(requester=person("zoe"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    await announce(stormy, record)
    (before,) = await IncidentTold.select()
    await erase(stormy.host, receipt.reference, actor=ANA)
    (after,) = await IncidentTold.select()
    assert after["request"] is None
    assert before["address"] != after["address"] == after["id"].hex


async def test_the_archive_of_a_person_holds_what_was_announced_to_them(stormy):
    await stormy.submit(requester=person("zoe"))
    await stormy.submit(requester=person("paul"))
    record = await declare(stormy)
    await attach_due(stormy.host)
    await announce(stormy, record)
    await stormy.submit(requester=person("lea"), place=FAR)
    parvis = stormy.host.jurisdictions.jurisdiction("parvis")
    for email, said in (("zoe@exemple.ca", [WORDS.fr]), ("lea@exemple.ca", [])):
        (mine,) = (await gather(stormy.host, parvis, email, "fr")).requests
        assert [word.words.fr for word in mine.announced] == said


async def _follows(town, reference: str, email: str) -> None:
    await follow(town.host, reference, email, "fr")
    row = (
        await Follower.select()
        .where((Follower.email == email) & (Follower.request == (await town.record(reference)).id))
        .first()
    )
    await confirm(town.host, token_of(town.host, UUID(str(row["id"]))))


NOON = clock.now()


@pytest.mark.parametrize(
    ("rule", "facts", "fits"),
    [
        ({}, {}, True),
        ({"types": ("hole",)}, {}, True),
        ({"types": ("lamp",)}, {}, False),
        ({"zones": ("b",)}, {"zones": ("a", "b")}, True),
        ({"zones": ("b",)}, {"zones": ("a",)}, False),
        ({"zones": ("b",)}, {}, False),
        ({"zones": ("b",), "area": Circle(-73.58, 45.52, 200)}, {"lon": -73.581, "lat": 45.52}, True),
        ({"area": Circle(-73.58, 45.52, 50)}, {"lon": -73.581, "lat": 45.52}, False),
        ({"words": words_in("Égout, no water")}, {"text": "il n'y a plus d'egout"}, True),
        ({"words": words_in("Égout, no water")}, {"text": "un trou"}, False),
        ({"since": NOON + timedelta(minutes=1)}, {}, False),
        ({}, {"type": "incident"}, False),
    ],
)
def test_a_request_belongs_where_everything_that_was_named_holds(rule, facts, fits):
    known = Facts(**({"type": "hole", "submitted_at": NOON} | facts))
    assert belongs(Rule(**({"since": NOON - timedelta(hours=1)} | rule)), known) is fits


async def test_the_town_asks_of_an_incident_in_which_zones_and_of_which_types(stormy):
    request_type = type_of(stormy.host, stormy.host.jurisdictions.jurisdiction("parvis"), "incident")
    fields = {field.code: field for field in request_type.form.fields()}
    assert {option.code for option in fields["types"].options} == {"hole", "quarrel"}
    assert fields["zones"].options
