"""The queue on a map: the same requests as in the list, where they are, and no others."""

import pytest

from parvis_testing.town import QUARREL


async def points(clerk, query=""):
    """What the map of a list shows, closest first seen: references and numbers."""
    answer = await clerk.get(f"/bureau/carte/points?zoom=22&{query}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.json()


@pytest.fixture
async def two(desk):
    east = {"lon": -73.5700, "lat": 45.5300, "address": "9, rue Est"}
    return await desk.request(unit="roads"), await desk.request(unit="lighting", place=east)


async def test_the_map_shows_what_the_list_shows(desk, two):
    clerk = await desk.signed_in()
    whole = await points(clerk)
    assert {each["reference"] for each in whole["groups"]} == {one.reference for one in two}
    assert whole["placed"] == 2
    [lit] = (await points(clerk, "unite=lighting"))["groups"]
    assert (lit["lon"], lit["lat"], lit["href"]) == (-73.57, 45.53, f"/bureau/requete/{two[1].reference}")
    assert (await points(clerk, "ouvertes=non"))["groups"] == []
    view = "view=-73.575,45.52,-73.565,45.54"
    assert [each["reference"] for each in (await points(clerk, view))["groups"]] == [two[1].reference]
    [both] = (await clerk.get("/bureau/carte/points?zoom=8")).json()["groups"]
    assert both["number"] == 2


async def test_people_of_the_town_see_the_very_place_that_the_public_is_told_of_roughly(desk):
    clerk = await desk.signed_in()
    quarrel = await desk.request("quarrel")
    assert QUARREL.place.precision == 200
    [pin] = (await points(clerk))["groups"]
    assert (pin["reference"], pin["lon"], pin["lat"]) == (quarrel.reference, -73.5807, 45.5236)


async def test_a_unit_sees_its_own_requests_on_the_map_and_no_others(desk, two):
    clerk = await desk.signed_in(unit="roads")
    assert [each["reference"] for each in (await points(clerk))["groups"]] == [two[0].reference]


async def test_the_page_keeps_the_filters_and_lets_the_base_map_of_the_town_in(desk, two):
    clerk = await desk.signed_in()
    queue = await clerk.get("/bureau?unite=lighting&tri=newest")
    assert "/bureau/carte?unite=lighting" in queue.text
    page = await clerk.get("/bureau/carte?unite=lighting")
    assert 'data-groups="/bureau/carte/points?unite=lighting"' in page.text
    assert 'href="/bureau?unite=lighting"' in page.text
