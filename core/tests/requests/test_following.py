"""Those who follow what others reported, and what is reported near a place: never more than the public page tells."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.db.tables import Delivery
from parvis.jurisdictions.shapes import metres_between
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.lists.nearby import similar_open
from parvis.requests.persons.followers import confirm, count_followers, follow, followers_of, stop

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
NOON = datetime(2026, 9, 14, 16, tzinfo=UTC)
HERE = (-73.5807, 45.5236)


async def token_for(town, reference):
    (asked,) = await followers_of(town.host, await town.record(reference))
    return asked.stop_url.rsplit("/", 1)[-1]


async def test_nobody_follows_what_is_not_public(town):
    reference = (await town.submit("quarrel")).reference
    await follow(town.host, reference, "voisine@exemple.ca", "fr")
    record = await town.record(reference)
    assert record.version == 1
    assert await count_followers(record) == 0


async def test_those_who_followed_hear_nothing_more_once_the_request_is_not_public(town):
    reference = (await town.submit()).reference
    await follow(town.host, reference, "voisine@exemple.ca", "fr")
    token = await token_for(town, reference)
    record = await amend(town.host, reference, type="quarrel", actor=ANA)
    assert await followers_of(town.host, record) == ()
    assert await confirm(town.host, token) is None
    assert await stop(town.host, token)


async def test_nobody_can_make_us_write_to_a_stranger_again_and_again(town):
    with clock.moved_to(NOON) as time:
        reference = (await town.submit()).reference
        before = await Delivery.count()
        for _ in range(3):
            await follow(town.host, reference, "voisine@exemple.ca", "fr")
        assert len(await entries_of(await town.record(reference))) == 1
        await stop(town.host, await token_for(town, reference))
        await follow(town.host, reference, "VOISINE@exemple.ca", "en")
        assert await followers_of(town.host, await town.record(reference)) == ()
        time.forward(hours=1, seconds=1)
        await follow(town.host, reference, "voisine@exemple.ca", "en")
    (asked,) = await followers_of(town.host, await town.record(reference))
    assert (asked.language, bool(asked.confirm_url)) == ("en", True)
    assert await Delivery.count() == before  # nobody here listens to it


async def test_only_a_confirmed_follower_enters_the_story_and_that_once(town):
    reference = (await town.submit()).reference
    for number in range(5):
        await follow(town.host, reference, f"inventée{number}@exemple.ca", "fr")
    assert (await town.record(reference)).version == 1
    token = next(one.stop_url for one in await followers_of(town.host, await town.record(reference))).rsplit("/", 1)[-1]
    for _ in range(2):
        await confirm(town.host, token)
    entries = await entries_of(await town.record(reference))
    assert [entry.kind for entry in entries] == ["submitted", "followed"]
    assert await count_followers(await town.record(reference)) == 1


async def test_invented_addresses_keep_nobody_out_for_long(town, monkeypatch):
    monkeypatch.setattr("parvis.requests.persons.followers.MOST", 3)
    with clock.moved_to(NOON) as time:
        reference = (await town.submit()).reference
        for number in range(4):
            await follow(town.host, reference, f"inventée{number}@exemple.ca", "fr")
        assert len(await followers_of(town.host, await town.record(reference))) == 3
        time.forward(days=1, seconds=1)
        await follow(town.host, reference, "voisine@exemple.ca", "fr")
    (left,) = await followers_of(town.host, await town.record(reference))
    assert left.email == "voisine@exemple.ca"


@pytest.mark.parametrize("precision", [0, 200])
async def test_a_distance_tells_no_more_of_a_place_than_its_page(town_of, hole, precision):
    town = town_of(structs.replace(hole, place=structs.replace(hole.place, precision=precision)))
    reference = (await town.submit()).reference
    request_type = await type_of_record(town.host, await town.record(reference))
    jurisdiction = town.host.jurisdictions.jurisdiction("parvis")
    wide = structs.replace(request_type, visibility=structs.replace(request_type.visibility, similar_within=300))
    (similar,) = await similar_open(town.host, jurisdiction, wide, *HERE)
    told = metres_between(*HERE, similar.lon, similar.lat)
    assert similar.metres == round(told)
    assert (similar.metres == 0) == (precision == 0)
