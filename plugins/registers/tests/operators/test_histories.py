"""Whether histories are whole, as operators ask."""

from parvis.db import transaction
from parvis.db.tables import Entry
from parvis.requests.records import find


async def test_a_history_is_whole_until_somebody_changes_it_behind_our_back(site):
    await site.sign_in(language="en")
    [one] = await site.deliveries()
    assert "is intact" in await site.page("/historiques", reference=one.reference.lower())
    assert "There is no request" in await site.page("/historiques", reference="7777-7777-7")
    record = await find(site.host, one.reference)
    async with transaction(site.host.engine):
        await Entry.update({Entry.body: "{}"}).where(Entry.request == record.id)
    assert "broken at entry 1" in await site.page("/historiques", reference=one.reference)
