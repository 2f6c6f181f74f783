"""Operators read that requests are kept longer than their rule says, where no module destroys anything."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.people.agents import Grant
from parvis.requests.records import find

TOLD = "1 requête a atteint la fin de sa conservation et n’est pas détruite"


async def test_what_is_overdue_is_counted_and_kept_where_nothing_destroys_it(site):
    await site.sign_in()
    [one] = await site.deliveries()
    assert TOLD not in await site.page()
    async with transaction(site.host.engine):
        past = clock.now() - timedelta(days=1)
        kept = {ServiceRequest.retention_due_at: past, ServiceRequest.submitted_at: past - timedelta(days=3660)}
        await ServiceRequest.update(kept).where(ServiceRequest.reference == one.reference)
    page = await site.page()
    assert TOLD in page
    assert 'href="/exploitation/modules"' in page
    assert "/exploitation/conservation" not in page
    assert (await site.get("/conservation")).status_code == 404
    assert (await find(site.host, one.reference)).erased_at is None


async def test_an_operator_of_another_town_is_not_told_of_this_one(site):
    [one] = await site.deliveries()
    async with transaction(site.host.engine):
        past = clock.now() - timedelta(days=1)
        await ServiceRequest.update({ServiceRequest.retention_due_at: past}).where(
            ServiceRequest.reference == one.reference
        )
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert TOLD not in await site.page()
