"""A rehearsal writes nothing."""

from parvis.outbox import counts, listing
from parvis_connectors.exchanges import exchanges_of
from parvis_testing.rehearsing import all_of, careful


async def test_nothing_is_written(make_town, connector):
    town = make_town(connector(careful))
    before = await counts()
    await all_of(town)
    assert await counts() == before
    assert (await listing(("done", "waiting", "dead"))) == ()
    assert await exchanges_of(connector="orders") == ()
