"""The API finds addresses where they can be searched, and says nothing of them elsewhere."""

import pytest

from parvis.requests.records import find
from parvis_testing.modules import switch


async def test_addresses_are_found_by_words_and_by_a_point(api):
    found = (await api.get("/addresses", q="4563 st-urbain")).json()["items"]
    assert (found[0]["text"], found[0]["kind"], found[0]["fit"]) == ("4563, rue Saint-Urbain", "address", "exact")
    near = (await api.get("/addresses", lon=found[0]["lon"], lat=found[0]["lat"])).json()["items"]
    assert [(each["text"], each["metres"]) for each in near] == [("4563, rue Saint-Urbain", 0)]
    assert len((await api.get("/addresses", q="rachel", limit=2)).json()["items"]) == 2
    assert (await api.get("/addresses", lon=999, lat=45)).status_code == 422
    assert (await api.get("/addresses", q="nulle part en ce monde")).json() == {"items": [], "next_cursor": ""}


async def test_what_it_answers_is_as_described(api):
    document = (await api.get("/openapi.json")).json()
    described = document["paths"]["/addresses"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert described == {"$ref": "#/components/schemas/Addresses"}
    shape = document["components"]["schemas"]["FoundAddressShape"]
    [found, *_] = (await api.get("/addresses", q="rachel")).json()["items"]
    assert found.keys() == shape["properties"].keys() == {*shape["required"]}


@pytest.fixture
async def off(api):
    await switch(api.host, "off", "address_search")
    yield api
    await switch(api.host, "on", "address_search")


async def test_where_it_is_off_the_api_answers_and_says_nothing_of_it(off):
    assert (await off.get("/addresses", q="rachel")).status_code == 404
    document = (await off.get("/openapi.json")).json()
    assert "/addresses" not in document["paths"]
    assert "FoundAddressShape" not in document["components"]["schemas"]
    filed = await off.filed(place={"lon": -73.58071, "lat": 45.52362, "address": "1234, rue Rachel Est"})
    assert (await find(off.host, filed["reference"])).place.address == "1234, rue Rachel Est"
