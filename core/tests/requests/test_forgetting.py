"""Followers come and go by their link; personal data goes when its time has come, and history stays whole."""

from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis.db.tables import Contact, Entry
from parvis.requests.actors import Actor
from parvis.requests.attachments import kept_of, receive_file
from parvis.requests.conversation import receive
from parvis.requests.followers import confirm, count_followers, follow, followers_of, stop
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import type_of_record
from parvis.requests.retention import due_to_forget, forget_due
from parvis.requests.similar import similar_open
from parvis.requests.visibility import HOLDER, present

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


async def test_a_follower_confirms_by_link_and_stops_by_link(town):
    reference = (await town.submit()).reference
    await follow(town.heart, reference, "voisin@exemple.ca", "fr")
    record = await town.record(reference)
    (asked,) = await followers_of(town.heart, record)
    token = asked.confirm_url.rsplit("/", 1)[-1]
    assert await count_followers(record) == 0
    await confirm(town.heart, token)
    assert await count_followers(record) == 1
    assert (await followers_of(town.heart, record))[0].confirm_url == ""
    await stop(town.heart, token)
    assert await followers_of(town.heart, record) == ()


async def test_a_forged_follower_link_does_nothing(town):
    reference = (await town.submit()).reference
    await follow(town.heart, reference, "voisin@exemple.ca", "fr")
    (asked,) = await followers_of(town.heart, await town.record(reference))
    token = asked.confirm_url.rsplit("/", 1)[-1]
    for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), "x", token.partition(".")[0] + ".", "é.é"):
        assert await confirm(town.heart, forged) is None


async def test_asking_to_follow_twice_is_asking_once(town):
    reference = (await town.submit()).reference
    await follow(town.heart, reference, "voisin@exemple.ca", "fr")
    await follow(town.heart, reference, "Voisin@exemple.ca", "en")
    assert len(await followers_of(town.heart, await town.record(reference))) == 1


async def test_similar_open_requests_nearby_are_shown_nearest_first(town):
    near = (await town.submit(place={"lon": -73.58071, "lat": 45.52362})).reference
    nearest = (await town.submit(place={"lon": -73.58070, "lat": 45.52360})).reference
    await town.submit(place={"lon": -73.5900, "lat": 45.5236})
    closed = (await town.submit(place={"lon": -73.58070, "lat": 45.52360})).reference
    await make_move(town.heart, closed, "resolve", {}, actor=ANA, mover="agent")
    kind = await type_of_record(town.heart, await town.record(near))
    jurisdiction = town.heart.territory.jurisdiction("parvis")
    found = await similar_open(town.heart, jurisdiction, kind, -73.5807, 45.5236)
    assert [each.reference for each in found] == [nearest, near]
    assert found[0].metres == 0


@pytest.mark.parametrize(("type", "days", "kept"), [("hole", 366, {"danger": False}), ("quarrel", 91, {})])
async def test_when_its_time_has_come_what_is_personal_goes(town, type, days, kept):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        photo = await receive_file(town.heart, "h", "photos", "plan.pdf", b"%PDF-1.7 plan")
        reference = (await town.submit(type)).reference
        await receive(town.heart, reference, "Mon numéro : 514 555-0199", files=[photo.id], holder="h")
        await make_move(town.heart, reference, "resolve", {}, actor=ANA, mover="agent")
        time.forward(days=days)
        assert [line.reference for line in await due_to_forget(town.heart)] == [reference]
        before = [entry.hash for entry in await entries_of(await town.record(reference))]
        assert [line.reference for line in await forget_due(town.heart)] == [reference]
        assert await forget_due(town.heart) == ()
    record = await town.record(reference)
    assert record.answers == kept
    assert await Contact.count() == 0
    assert await Entry.count().where(Entry.personal.is_not_null()) == 0
    assert await kept_of(record) == ()
    assert [entry.hash for entry in await entries_of(record)][:-1] == before
    assert await broken_at(record) is None
    assert record.erased_at
    with pytest.raises(FileNotFoundError):
        town.heart.files.open(photo.digest)
    shown = present(town.heart, record, await type_of_record(town.heart, record), HOLDER)
    assert shown.erased
    assert shown.moves == ()


async def test_an_entry_altered_behind_our_back_is_found(town):
    reference = (await town.submit()).reference
    record = await make_move(town.heart, reference, "start", {}, actor=ANA, mover="agent")
    async with town.heart.engine.transaction():
        await Entry.update({Entry.body: '{"transition":"resolve"}'}).where(Entry.number == 2)
    assert await broken_at(record) == 2
    async with town.heart.engine.transaction():
        await Entry.delete().where(Entry.number == 2)
    assert await broken_at(record) == 2
