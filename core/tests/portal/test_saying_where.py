"""Saying where without scripts: things of the town to choose among, and places of others."""

import pytest
from msgspec import structs

from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.owners import Owner
from parvis.requests.records import find
from parvis_sdk.text import Text

SERVICE = "/fr/demande/rues/nid-de-poule"
ADDRESS = {"place.address": "4563 rue saint-urbain"}
POINT = {"lon": "-73.5883", "lat": "45.51954"}
ELOISE = {"mode": "named", "name": "Éloïse Tremblay", "email": "eloise@exemple.ca"}
POWER = Owner(code="power", name=Text(fr="Électricité du Parvis", en="Parvis Power"), phone="511", types=("hole",))


@pytest.fixture
def asking(host):
    """Changes how the service asks for its place, until the end of the test."""
    request_type = host.plugins.request_type("hole")
    before = request_type.place
    yield lambda **rule: structs.force_setattr(request_type, "place", structs.replace(before, **rule))
    structs.force_setattr(request_type, "place", before)


async def to_the_end(browser):
    """Through everything after the place."""
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({})
    await browser.send(ELOISE)
    await browser.send()
    return browser.path.split("/")[3]


async def judged(browser, type="hole", **query):
    return await browser.http.get("http://127.0.0.1/fr/lieu", params={"type": type, **POINT, **query})


# Things of the town.


async def test_things_near_an_address_are_offered_and_the_one_chosen_gives_the_point(browser, host, asking):
    asking(assets="equipment", most_assets=2)
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "_find": "1"})
    assert browser.path == SERVICE
    assert "Choisissez-en jusqu’à 2" in browser.text
    assert "Tennis 081-0010" in browser.text
    await browser.send({"place.assets": "081-0010"})
    assert browser.path == f"{SERVICE}/1"
    record = await find(host, await to_the_end(browser))
    assert record.place.assets == ("081-0010",)
    tennis = ASSETS.of(host.jurisdictions.jurisdiction("parvis"))["equipment"]
    where = next(one for one in tennis.assets if one.code == "081-0010")
    assert (record.lon, record.lat) == (where.lon, where.lat)


async def test_the_list_asks_for_an_answer_once_and_takes_none_of_them(browser, host, asking):
    asking(assets="equipment", most_assets=2)
    await browser.open(SERVICE)
    await browser.send(ADDRESS)
    assert "Lequel?" in browser.text
    await browser.send()
    assert browser.status == 422
    assert "dites que ce n’est pas dans la liste" in browser.text
    await browser.send({"place.assets": "-"})
    assert browser.path == f"{SERVICE}/1"
    await browser.open(SERVICE)
    assert ("place.assets", "-") in browser.form()["fields"]
    record = await find(host, await to_the_end(await browser.send()))
    assert (record.place.assets, record.address) == ((), "4563, rue Saint-Urbain")


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["081-0010", "016-0011", "018-0018"], "Choisissez-en au plus 2."),
        (["rien-du-tout"], "n’est plus dans la liste"),
        (["\x00", "<b>"], "n’est plus dans la liste"),
    ],
)
async def test_too_many_things_and_things_that_are_none_are_refused(browser, asking, codes, said):
    asking(assets="equipment", most_assets=2)
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "place.assets": codes})
    assert browser.status == 422
    assert said in browser.text


async def test_a_town_without_such_a_layer_asks_for_the_place_alone(browser, asking):
    asking(assets="lampposts", most_assets=2)
    await browser.open(SERVICE)
    await browser.send(ADDRESS)
    assert browser.path == f"{SERVICE}/1"


async def test_a_thing_rewritten_away_with_its_address_is_not_kept(browser, asking):
    asking(assets="equipment", most_assets=1)
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "place.assets": "081-0010"})
    await browser.open(SERVICE)
    await browser.send({"place.address": "4816 rue rivard"})
    assert "081-0010" not in browser.text


async def test_an_address_that_comes_after_its_point_was_kept_leaves_the_point(browser, asking):
    asking()
    await browser.open(SERVICE)
    pinned = {"place.lon": "-73.5884", "place.lat": "45.5196"}
    await browser.send({**pinned, "place.address": "Un ancien endroit", "_keep": "1"})
    await browser.open(SERVICE)
    await browser.send({**pinned, "place.address": "", "place.held": "1"})
    assert browser.path == f"{SERVICE}/1"
    await browser.open(SERVICE)
    assert dict(browser.form()["fields"])["place.lon"] == "-73.5884"


async def test_an_address_that_comes_after_its_thing_was_kept_leaves_the_thing(browser, asking):
    asking(assets="equipment", most_assets=1)
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "place.assets": "081-0010"})
    await browser.open(SERVICE)
    await browser.send({"place.address": "Parc Laurier", "place.held": "1"})
    await browser.open(SERVICE)
    assert ("place.assets", "081-0010") in browser.form()["fields"]


async def test_words_alone_are_not_enough_where_the_type_says_so(browser, asking):
    asking(words=False)
    await browser.open(SERVICE)
    await browser.send({"place.words": "Derrière l’aréna"})
    assert browser.status == 422
    assert "Dites où exactement" in browser.text
    await browser.send(ADDRESS)
    assert browser.path == f"{SERVICE}/1"


# Places of others.


async def test_one_answer_tells_all_of_a_point(browser, asking):
    asking(assets="equipment", most_assets=2)
    told = (await judged(browser)).json()
    assert (told["stands"], told["address"], told["verdict"]) == ("ours", "4563, rue Saint-Urbain", "")
    assert "081-0010" in told["assets"]
    chosen = (await judged(browser, chosen="081-0010", lon="-73.60", lat="45.53")).json()["assets"]
    assert 'value="081-0010" data-code="081-0010" checked' in chosen
    outside = (await judged(browser, lon="-73.9", lat="45.4")).json()
    assert (outside["stands"], outside["assets"]) == ("outside", "")
    assert "en dehors de\u00a0: Ville de Parvis" in outside["verdict"]


@pytest.mark.parametrize(
    "query", [{"type": "rien"}, {"lon": "181"}, {"lat": "nan"}, {"lon": "1e400"}, {"lat": "nord"}, {"type": ""}]
)
async def test_nothing_is_said_of_a_point_that_is_none(browser, query):
    assert (await judged(browser, **query)).status_code in (400, 404)


async def test_a_place_of_somebody_else_may_be_passed_on_where_the_town_does_so(browser, host, monkeypatch):
    monkeypatch.setattr("parvis.requests.places.owner_of", lambda *where: structs.replace(POWER, passed_on=True))
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "place.words": "Près du poteau"})
    assert (browser.status, browser.path) == (200, SERVICE)
    assert "Cet endroit relève de : Électricité du Parvis" in browser.text
    assert "nous transmettrons votre requête à cet organisme" in browser.text
    assert 'value="Près du poteau"' in browser.page.text
    await browser.send()
    assert browser.path == f"{SERVICE}/1"
    assert await find(host, await to_the_end(browser))


async def test_a_place_of_somebody_else_stops_where_the_town_does_not(browser, monkeypatch):
    monkeypatch.setattr("parvis.requests.places.owner_of", lambda *where: POWER)
    await browser.open(SERVICE)
    await browser.send({**ADDRESS, "place.told": "power"})
    assert browser.status == 422
    assert "Électricité du Parvis" in browser.text
