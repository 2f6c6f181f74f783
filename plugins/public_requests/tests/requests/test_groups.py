"""The groups of the public map are counted once for a crowd."""

from msgspec import structs

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import ServiceRequest
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


async def test_a_request_that_is_public_no_more_leaves_the_map_within_a_second(town):
    kept, gone = [
        (await town.submit(place={"lon": -73.58 + number / 100, "lat": 45.52, "address": f"{number}, rue Rachel Est"}))
        for number in range(2)
    ]
    groups = Groups()
    with clock.moved_to(clock.now()) as time:
        assert len(await groups.of(town.host, "parvis", Filters(), 500)) == 2
        async with transaction(town.host.engine):
            hidden = ServiceRequest.update({ServiceRequest.public: False})
            await hidden.where(ServiceRequest.reference == gone.reference)
        time.forward(seconds=1)
        with counted() as statements:
            for _ in range(3):
                (left,) = await groups.of(town.host, "parvis", Filters(), 500)
        assert (left.reference, statements.count) == (kept.reference, 1)
