"""What is suggested while an address is typed, and what a form makes of an address that is misspelt."""

import pytest

from parvis_testing.modules import switch


async def test_addresses_are_suggested_and_the_nearest_is_told(browser):
    found = (await browser.http.get("http://127.0.0.1/fr/adresses?q=4563 saint-urbain")).json()
    assert found[0]["text"] == "4563, rue Saint-Urbain"
    near = (await browser.http.get(f"http://127.0.0.1/fr/adresses?lon={found[0]['lon']}&lat={found[0]['lat']}")).json()
    assert near[0]["text"] == "4563, rue Saint-Urbain"
    assert (await browser.http.get("http://127.0.0.1/fr/adresses?q=&lon=999&lat=nan")).status_code in (200, 400)


async def test_of_equal_suggestions_those_near_the_point_come_first(browser):
    for where in ({"lon": -73.5602, "lat": 45.5397}, {"lon": -73.5903, "lat": 45.5186}):
        found = (await browser.http.get("http://127.0.0.1/fr/adresses", params={"q": "rachel", **where})).json()
        gaps = [abs(one["lon"] - where["lon"]) for one in found]
        assert len(gaps) > 1
        assert gaps[0] <= min(gaps) + 0.001


async def test_an_address_that_is_not_there_offers_its_neighbours_in_either_language(browser):
    for language, note in (("fr", "le 4561 n’est pas parmi nos adresses"), ("en", "4561 is not among our addresses")):
        found = (await browser.http.get(f"http://127.0.0.1/{language}/adresses?q=4561 rue Saint-Urbain")).json()
        assert (found[0]["text"], found[0]["note"]) == ("4563, rue Saint-Urbain", note)


async def test_a_form_takes_an_address_that_is_abbreviated_and_asks_about_one_that_is_misspelt(browser):
    service = "/fr/demande/rues/nid-de-poule"
    await browser.open(service)
    assert 'data-suggest="/fr/adresses"' in browser.page.text
    await browser.send({"place.address": "4563 saint-urbin"})
    assert browser.path == service
    assert 'value="4563, rue Saint-Urbain"' in browser.page.text
    await browser.open(service)
    await browser.send({"place.address": "4563 st-urbain, app. 3"})
    assert browser.path == f"{service}/1"


@pytest.fixture
async def off(host, browser):
    await switch(host, "off", "address_search")
    yield browser
    await switch(host, "on", "address_search")


async def test_where_it_is_off_nothing_suggests_and_a_form_takes_words_and_a_point(off):
    """A person who types an address gets no question that cannot be answered, with or without scripts."""
    service = "/fr/demande/rues/nid-de-poule"
    assert (await off.http.get("http://127.0.0.1/fr/adresses?q=rachel")).status_code == 404
    await off.open(service)
    assert "data-suggest" not in off.page.text
    assert "Chercher cette adresse" not in off.text
    await off.send({"place.address": "4563 rue saint-urbain"})
    assert off.path == f"{service}/1"
    await off.open(service)
    await off.send({"place.address": "", "place.lon": "-73.585", "place.lat": "45.522"})
    assert off.path == f"{service}/1"
    await off.open(service)
    await off.send({"place.address": "", "place.lon": "", "place.lat": "", "place.words": "Derrière l’aréna"})
    assert off.path == f"{service}/1"


async def test_where_it_is_off_one_begins_from_a_place_in_words_or_on_the_map(off):
    await off.open("/fr/commencer/lieu")
    await off.send({"place.address": "4563 rue saint-urbain"})
    assert off.path == "/fr/commencer"
    assert "4563 rue saint-urbain" in off.text
    await off.open("/fr/commencer/lieu?lieu=4563 rue saint-urbain")
    assert "Aucune adresse" not in off.text
    await off.open("/fr/commencer?lieu=45.522,-73.585")
    assert "Nid-de-poule" in off.text


async def test_where_it_is_off_no_street_is_drawn_through_addresses(off, host):
    ground = "http://127.0.0.1/fr/territoire.geojson?couche=fond"
    drawn = (await off.http.get(ground)).json()["features"]
    assert "street" not in {each["properties"]["role"] for each in drawn}
    assert (await off.http.get("http://127.0.0.1/fr/territoire.geojson")).json()["features"]
    await switch(host, "on", "address_search")
    drawn = (await off.http.get(ground)).json()["features"]
    assert [each["properties"]["role"] for each in drawn].count("street") > 50
