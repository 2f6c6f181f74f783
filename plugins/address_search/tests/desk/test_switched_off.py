"""Where the search is off nobody is told an address that nobody verified, and the desk speaks of no search."""

from parvis.requests.places import addresses_of, finds_addresses, suggested_at, verified_address
from parvis.requests.publishing import verify_older
from parvis_sdk.requests import Place
from parvis_testing.modules import switch


async def test_what_everybody_may_read_of_a_place_is_then_known_by_nobody_and_told_to_nobody(desk):
    town, kind = desk.host.jurisdictions.jurisdiction("parvis"), desk.host.plugins.request_type("hole")
    place = Place(lon=-73.5883, lat=45.51954, address="4563 rue saint urbain, chez Zoé")
    assert await verified_address(desk.host, town, kind, place) == "4563, rue Saint-Urbain"
    assert suggested_at(desk.host, town) == ("adresses",)
    await switch(desk.host, "off", "address_search")
    assert await verified_address(desk.host, town, kind, place) is None
    assert (finds_addresses(desk.host, town), suggested_at(desk.host, town)) == (False, ())
    await switch(desk.host, "on", "address_search")
    assert addresses_of(desk.host, town).search("4563 st-urbain", 1)


async def test_what_was_filed_meanwhile_is_looked_up_once_it_is_on_again(desk):
    await switch(desk.host, "off", "address_search")
    there = {"lon": -73.5883, "lat": 45.51954, "address": "4563 rue saint urbain, chez Zoé"}
    record = await desk.request("hole", place=there)
    assert (record.address, record.public_address) == (there["address"], None)
    await verify_older(desk.host)
    assert (await desk.record(record.reference)).public_address is None
    await switch(desk.host, "on", "address_search")
    await verify_older(desk.host)
    assert (await desk.record(record.reference)).public_address == "4563, rue Saint-Urbain"
