"""The groups of the public map are counted once for a crowd."""

from msgspec import structs

from parvis.db import counted
from parvis.requests.lists.search import Filters
from parvis_public_requests.groups import Groups


async def test_a_crowd_that_looks_at_the_same_map_asks_once(town):
    for number in range(3):
        place = {"lon": -73.58 + number / 100, "lat": 45.52, "address": f"{number}, rue Rachel Est"}
        await town.submit(place=place)
    groups = Groups()
    with counted() as statements:
        first = await groups.of(town.host, "parvis", Filters(), 50)
        again = await groups.of(town.host, "parvis", structs.replace(Filters()), 50)
    assert (first, statements.count) == (again, 1)
