"""A town's locator helps while it can; when it is away, hangs or talks rubbish, people get the town's own addresses."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest

from parvis import clock
from parvis.requests import locating
from parvis.requests.locating import FAILURES, LOCATORS, REST, address_at, facts_at, find_places
from parvis.requests.places import finds_addresses, suggested_at, verified_address
from parvis_sdk.errors import Later
from parvis_sdk.locators import FoundPlace
from parvis_sdk.requests import Place
from parvis_testing.known_addresses import KNOWN_ADDRESSES
from parvis_testing.modules import switch
from parvis_testing.town import HOLE

PLACE = FoundPlace(text="Borne 12", lon=-73.58, lat=45.52)


class Gis:
    """A locator that does what the test wants."""

    name = "gis"

    def __init__(self, answer):
        self.answer, self.asked = answer, 0

    async def find(self, jurisdiction, words, limit, http):
        self.asked += 1
        return await self.answer()

    async def address_at(self, jurisdiction, lon, lat, http):
        self.asked += 1
        return (await self.answer())[0]

    async def facts_at(self, jurisdiction, lon, lat, http):
        await self.answer()
        return {"parcel": "1 234 567"}


def answering(value):
    async def answer():
        return value

    return answer


def raising(error):
    async def answer():
        raise error

    return answer


async def hanging():
    await asyncio.sleep(60)


@pytest.fixture(scope="session")
def modules():
    return KNOWN_ADDRESSES


@pytest.fixture
def chosen(town):
    """The host with a locator, and the town that chose it."""

    def choose(answer):
        gis = Gis(answer)
        plugins = msgspec.structs.replace(town.host.plugins, locators={"gis": gis})
        jurisdiction = msgspec.structs.replace(town.host.jurisdictions.jurisdiction("parvis"), locator="gis")
        return SimpleNamespace(host=replace(town.host, plugins=plugins), town=jurisdiction, gis=gis)

    return choose


async def test_the_locator_of_the_town_is_asked_first(chosen):
    here = chosen(answering([PLACE]))
    assert [each.text for each in await find_places(here.host, here.town, "borne")] == ["Borne 12"]
    assert (await address_at(here.host, here.town, -73.58, 45.52)).text == "Borne 12"
    assert await facts_at(here.host, here.town, -73.58, 45.52) == {"parcel": "1 234 567"}


async def test_an_address_that_answers_somebody_else_is_shown_to_nobody(chosen):
    far = FoundPlace(text="500, boulevard Laurier", lon=-71.28, lat=46.77)
    here = chosen(answering([far]))
    assert "Laurier" not in str(await address_at(here.host, here.town, -73.58, 45.52))
    assert "Laurier" not in str(await find_places(here.host, here.town, "12 rue Rachel"))
    both = chosen(answering([far, FoundPlace(text="12, rue Rachel Est", lon=-73.58, lat=45.52)]))
    assert [each.text for each in await find_places(both.host, both.town, "12 rachle")] == ["12, rue Rachel Est"]
    named = await find_places(here.host, here.town, "hôpital")  # a name may be written otherwise
    assert [each.text for each in named] == ["500, boulevard Laurier"]


@pytest.mark.parametrize("answer", [raising(Later()), raising(ZeroDivisionError()), answering("rubbish"), hanging])
async def test_people_get_the_towns_addresses_when_it_fails(chosen, monkeypatch, answer):
    monkeypatch.setattr(locating, "LIMIT", 0.02)
    here = chosen(answer)
    assert await find_places(here.host, here.town, "rachel")


async def test_after_some_failures_nobody_waits_for_it_until_it_is_tried_again(chosen):
    here = chosen(raising(Later()))
    with clock.moved_to(datetime(2026, 11, 25, 15, tzinfo=UTC)) as time:
        for _ in range(FAILURES + 3):
            await find_places(here.host, here.town, "rachel")
        assert here.gis.asked == FAILURES
        time.forward(REST)
        here.gis.answer = answering([PLACE])
        assert [each.text for each in await find_places(here.host, here.town, "borne")] == ["Borne 12"]
        assert [each.text for each in await find_places(here.host, here.town, "borne")] == ["Borne 12"]


async def test_a_town_without_a_locator_finds_its_own_addresses(town):
    jurisdiction = town.host.jurisdictions.jurisdiction("parvis")
    assert await find_places(town.host, jurisdiction, "rachel")
    assert await facts_at(town.host, jurisdiction, -73.58, 45.52) == {}


@pytest.mark.parametrize(("given", "told"), [([LOCATORS], "Borne 12"), ([], "")])
async def test_what_everybody_may_read_of_a_place_is_asked_where_the_process_has_who_asks(chosen, given, told):
    here = chosen(answering([PLACE]))
    host = here.host.having(*given)
    assert await verified_address(host, here.town, HOLE, Place(words="borne 12")) == told
    assert await verified_address(host, here.town, HOLE, Place(words="borne 12"), ask=False) == ""


async def test_a_locator_alone_finds_addresses_and_without_one_nobody_does(chosen, town):
    here = chosen(answering([PLACE]))
    await switch(here.host, "off", "known_addresses")
    assert finds_addresses(here.host, here.town)
    assert suggested_at(here.host, here.town) == ()
    assert [each.text for each in await find_places(here.host, here.town, "borne")] == ["Borne 12"]
    alone = town.host.jurisdictions.jurisdiction("parvis")
    assert not finds_addresses(town.host, alone)
    assert (await find_places(town.host, alone, "rachel"), await address_at(town.host, alone, -73.58, 45.52)) == (
        (),
        None,
    )
    assert await verified_address(town.host, alone, HOLE, Place(words="12 rue Rachel")) is None
