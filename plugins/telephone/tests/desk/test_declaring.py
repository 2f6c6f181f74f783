"""What the town says to everybody is opened for nobody who takes calls for one unit, whatever their form sends."""

import pytest
from msgspec import structs

from parvis.db.tables import ServiceRequest
from parvis_sdk.request_types import IdentityRule
from parvis_testing.desk import address
from parvis_testing.sheet import NEW, RACHEL, press

SENT = RACHEL | {"answers.danger": "no", "_send": "1", "requester.mode": "anonymous"}


@pytest.fixture
def storm(desk, monkeypatch):
    plugins = desk.host.plugins
    town = plugins.by_name["town"]
    anonymous = IdentityRule(modes=("anonymous",), contact=False)
    declared = structs.replace(plugins.request_types["hole"], code="storm", opened_by="town", identity=anonymous)
    monkeypatch.setitem(plugins.request_types, "storm", declared)
    types = (*town.request_types, "storm")
    monkeypatch.setitem(plugins.by_name, "town", structs.replace(town, request_types=types))


async def test_who_takes_calls_of_one_unit_declares_nothing_for_the_whole_town(desk, storm):
    for role, unit in (("agent", "roads"), ("clerk", "")):
        clerk = await desk.signed_in(role, unit, name=role)
        assert 'value="storm"' not in (await clerk.get(NEW)).text
        await press(clerk, type="storm", **SENT)
        assert await ServiceRequest.count() == 0
    whole = await desk.signed_in(name="whole")
    assert 'value="storm"' in (await whole.get(NEW)).text
    await press(whole, type="storm", **SENT)
    assert await ServiceRequest.count() == 1


async def test_nothing_that_somebody_asked_for_is_corrected_into_it(desk, storm):
    record = await desk.request("hole", "roads")
    agent = await desk.signed_in("agent", "roads")
    correction = f"{address(record)}/correction"
    assert 'value="storm"' not in (await agent.get(correction)).text
    await agent.post(correction, type="storm", answers__danger="no")
    assert (await desk.record(record.reference)).type == "hole"
