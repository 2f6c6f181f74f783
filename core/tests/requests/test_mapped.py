"""The public list around a point, within a box, and as groups on a map: by the places that everybody is told."""

from parvis.requests.lists.mapped import grouped
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.visibility import PUBLIC

AT = [(-73.5800, 45.5200), (-73.5801, 45.5201), (-73.5850, 45.5250), (-73.6000, 45.5400)]


async def filed(town):
    return [
        (await town.submit(place={"lon": lon, "lat": lat, "address": f"{number}, rue Rachel Est"})).reference
        for number, (lon, lat) in enumerate(AT)
    ]


async def those(town, **filters):
    found = await public_requests(town.host, "parvis", Filters(**filters))
    assert found.total == len(found.rows)
    return {row.reference for row in found.rows}


async def test_requests_are_found_around_a_point_and_within_a_box(town):
    first, second, third, _ = await filed(town)
    assert await those(town, near=(-73.58, 45.52, 50)) == {first, second}
    assert await those(town, near=(-73.58, 45.52, 800)) == {first, second, third}
    assert await those(town, near=(-73.58, 45.52, 5)) == {first}
    assert await those(town, box=(-73.59, 45.521, -73.58, 45.53)) == {third}
    assert await those(town, box=(-73.59, 45.521, -73.58, 45.53), near=(-73.58, 45.52, 50)) == set()


async def test_groups_count_what_the_list_counts_and_name_what_stands_alone(town):
    references = await filed(town)
    wide = await grouped(town.host, PUBLIC, "parvis", Filters(), 50)
    close = await grouped(town.host, PUBLIC, "parvis", Filters(), 5000)
    assert sum(group.requests for group in wide) == sum(group.requests for group in close) == len(AT)
    assert len(wide) < len(close)
    alone = {group.reference for group in close if group.requests == 1}
    assert alone <= set(references)
    assert references[3] in alone
    for group in close:
        assert group.box[0] <= group.lon <= group.box[2]
    narrowed = await grouped(town.host, PUBLIC, "parvis", Filters(near=(-73.6, 45.54, 100)), 5000)
    assert [(group.requests, group.reference) for group in narrowed] == [(1, references[3])]


async def test_what_is_not_public_is_on_no_map(town):
    await town.submit("quarrel")
    assert await grouped(town.host, PUBLIC, "parvis", Filters(), 50) == ()
