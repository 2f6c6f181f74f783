"""The locator: the very address before a street with a better score, little asking, and never for long."""

import asyncio

import httpx
import pytest

from parvis_gis_arcgis import locating
from parvis_gis_arcgis.candidates import Candidate, Location, places_of
from parvis_gis_arcgis.locating import AGE, KEPT, ArcGISLocator
from parvis_gis_arcgis.settings import Geocoder, Settings
from parvis_sdk.errors import Later
from parvis_sdk.testing import Exchange

URL = "https://sig.example/GeocodeServer"
HERE = {"x": -73.55, "y": 45.5}


def candidate(address, score, kind="", locator="", number="", x=-73.55, y=45.5):
    attributes = {"Addr_type": kind, "Loc_name": locator, "AddNum": number}
    return Candidate(address=address, location=Location(x=x, y=y), score=score, attributes=attributes)


def texts(candidates, words, **given):
    return [each.text for each in places_of(candidates, words, 8, **given)]


@pytest.mark.parametrize(
    "exact",
    [candidate("275 rue X", 88, "PointAddress", number="275"), candidate("275 rue X", 88, locator="RQA_Adresse")],
)
@pytest.mark.parametrize("street", [candidate("rue X", 100, "StreetName"), candidate("Rue X", 100, locator="RQA_Rue")])
def test_the_very_address_comes_before_a_street_with_a_better_score(exact, street):
    assert texts([street, exact], "275 rue x")[0] == "275 rue X"


def test_kinds_come_in_the_order_of_how_exact_they_are():
    found = [
        candidate("rue X", 100, "StreetName"),
        candidate("rue X et rue Y", 99, "StreetInt"),
        candidate("275 rue X (le long)", 98, "StreetAddress", number="275"),
        candidate("275 rue X", 97, "PointAddress", number="275"),
    ]
    assert texts(found, "275 rue X") == [each.address for each in reversed(found)]


def test_another_number_comes_after_the_street_itself():
    found = [candidate("277 rue X", 99, "PointAddress", number="277"), candidate("rue X", 80, "StreetName")]
    assert texts(found, "275 rue X") == ["rue X", "277 rue X"]


def test_without_a_number_the_best_score_comes_first():
    found = [candidate("1 rue X", 80, "PointAddress", number="1"), candidate("rue X", 95, "StreetName")]
    assert texts(found, "rue X") == ["rue X", "1 rue X"]


def test_a_street_that_begins_with_a_number_is_no_other_address():
    found = [candidate("12e Avenue", 100, "StreetName"), candidate("9 12e Avenue", 90, "PointAddress", number="9")]
    assert texts(found, "12e avenue") == ["12e Avenue", "9 12e Avenue"]


@pytest.mark.parametrize(
    "bad",
    [
        candidate("Montréal", 100, "Locality"),
        candidate("H2Y 1C6", 100, "Postal"),
        candidate("1 rue Z", 60, "PointAddress"),
        candidate("1 rue Z", 100, "PointAddress", x="NaN", y="NaN"),
        candidate("1 rue Z", 100, "PointAddress", x=300_000.0, y=5_040_000.0),
        candidate("1 rue Z, Gaspé", 100, "PointAddress", x=-64.5, y=48.8),
        candidate(" ", 100, "PointAddress"),
    ],
)
def test_what_is_no_place_for_a_request_is_not_offered(bad):
    assert texts([bad], "1 rue Z", least_score=70, within=(-74.0, 45.4, -73.4, 45.7)) == []


def test_an_address_comes_once_and_its_postal_code_apart():
    twice = [candidate("275 rue X, Montréal, H2Y 1C6", 99), candidate("275 rue x, Montréal  H2Y1C6", 98)]
    [place] = places_of(twice, "275", 8)
    assert (place.text, place.postal_code) == ("275 rue X, Montréal", "H2Y 1C6")


class Time:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def locator(time=None, **given):
    return ArcGISLocator(Settings(geocoders=(Geocoder(url=URL, **given),)), time or Time())


def finds(exchange, *addresses, times=1, **more):
    said = [{"address": each, "location": HERE, "score": 100, "attributes": {}} for each in addresses]
    exchange.answer("POST", "/GeocodeServer/findAddressCandidates", json={"candidates": said, **more}, times=times)


async def test_an_answer_is_kept_for_a_while_and_the_oldest_make_room():
    exchange, time = Exchange(), Time()
    finds(exchange, "1 rue X", times=KEPT + 9)
    found = locator(time)
    async with exchange.client() as http:
        for words in ("1 rue X", "1  RUE x"):
            assert len(await found.find("ville", words, 5, http)) == 1
        assert len(exchange.requests) == 1
        time.now += AGE
        await found.find("ville", "1 rue X", 5, http)
        assert len(exchange.requests) == 2
        for number in range(KEPT):
            await found.find("ville", f"{number} rue Z", 5, http)
        await found.find("ville", "1 rue X", 5, http)
        assert len(exchange.requests) == KEPT + 3
        assert len(found._kept) == KEPT


async def test_few_letters_ask_nothing_and_a_town_without_a_geocoder_finds_nothing():
    found = locator(towns=("laval",))
    async with Exchange().client() as http:
        assert await found.find("laval", "12", 5, http) == []
        assert await found.find("montreal", "12 rue X", 5, http) == []
        assert await found.address_at("montreal", -73.5, 45.5, http) is None


def test_a_town_has_its_own_geocoder_before_the_one_for_all():
    ours, for_all = Geocoder(url=f"{URL}/1", towns=("laval",)), Geocoder(url=f"{URL}/2")
    found = ArcGISLocator(Settings(geocoders=(for_all, ours)))
    assert (found.geocoder_of("laval"), found.geocoder_of("gatineau")) == (ours, for_all)


async def test_a_service_that_answers_in_metres_counts_as_away():
    exchange = Exchange()
    finds(exchange, "1 rue X", spatialReference={"wkid": 32198})
    async with exchange.client() as http:
        with pytest.raises(Later, match="32198"):
            await locator().find("ville", "1 rue X", 5, http)


async def test_an_extent_narrows_down_where_it_looks():
    exchange = Exchange()
    finds(exchange)
    exchange.answer("POST", "/GeocodeServer", json={"capabilities": "Geocode"})
    async with exchange.client() as http:
        assert await locator(within=(-74.0, 45.4, -73.4, 45.7)).find("ville", "1 rue X", 5, http) == []
    assert b"searchExtent=%7B%22xmin%22%3A-74.0" in exchange.requests[0].content


async def test_nobody_waits_long_for_a_geocoder(monkeypatch):
    async def never(request):
        await asyncio.Event().wait()

    monkeypatch.setattr(locating, "LIMIT", 0.01)
    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        with pytest.raises(Later, match="no answer within"):
            await locator().address_at("ville", -73.5, 45.5, http)
