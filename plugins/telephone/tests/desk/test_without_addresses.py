"""Where nobody knows addresses a call is taken with words or a point, and the page speaks of no search."""

import re

import pytest

from parvis_testing.desk import said
from parvis_testing.modules import switch
from parvis_testing.sheet import NEW, fields, press

LUC = {"requester.name": "Luc", "requester.phone": "450 555-0100", "_send": "1"}


@pytest.fixture
async def off(desk):
    await switch(desk.host, "off", "known_addresses")
    yield desk
    await switch(desk.host, "on", "known_addresses")


@pytest.mark.parametrize(
    "place",
    [
        {"place.address": "4563 rue saint-urbain"},
        {"place.words": "Devant l’école"},
        {"place.lon": "-73.585", "place.lat": "45.522"},
    ],
)
async def test_a_call_is_taken_with_an_address_as_it_is_said_with_words_or_with_a_point(off, place):
    clerk = await off.signed_in()
    await clerk.get(NEW)
    assert "data-suggest" not in clerk.page.text
    await press(clerk, _type="hole", **place)
    assert not re.search(r'name="_address"', clerk.page.text)
    assert {name: fields(clerk.page)[name] for name in place} == place
    await press(clerk, **{"answers.danger": "no", **LUC})
    assert said("The request has been opened") in clerk.text


async def test_nobody_is_told_that_an_address_is_in_no_book_or_offered_one_for_a_letter(off):
    clerk = await off.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **{"place.address": "nulle part en ce monde", "_find": "1"})
    assert said("This address is not on file. Correct it or describe the place in words.") not in clerk.text
    await press(clerk, **{"requester.postal_address": "4563 rue saint-urbain", "_find": "1"})
    assert not re.search(r'name="_postal" value="4563', clerk.page.text)
