"""Requests whose promises were raised, in the queue: a mark, a filter, a list one press away."""

from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis.db import counted
from parvis_service_levels.desk.raised import STEPS
from parvis_service_levels.raising import raise_due
from parvis_testing.desk import said
from parvis_testing.modules import switch

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
QUEUE = "/bureau"


async def nobody(code):
    return {}


async def test_what_was_warned_of_is_marked_listed_and_filtered(desk):
    with clock.moved_to(MONDAY) as time:
        soon = await desk.request()
        time.forward(days=6)
        later = await desk.request()
        time.forward(days=1)
        assert await raise_due(desk.host, nobody) == 1
        clerk = await desk.signed_in("manager")
        shown = await clerk.get(QUEUE)
        assert shown.text.count(f"{said('at risk')}</span>") == 1
        assert 'href="/bureau?alerte=oui"' in shown.text
        shown = await clerk.get(f"{QUEUE}?alerte=oui")
        assert soon.reference in shown.text
        assert later.reference not in shown.text
        await clerk.get(f"{QUEUE}?alerte=gestion")
        assert soon.reference not in clerk.text
        time.forward(hours=8)
        assert await raise_due(desk.host, nobody) == 1
        clerk = await desk.signed_in("manager")  # the day’s session is over
        await clerk.get(f"{QUEUE}?alerte=gestion")
        assert soon.reference in clerk.text
        assert said("escalated") in clerk.text


async def test_marks_cost_the_same_however_many_rows_there_are(desk):
    clerk = await desk.signed_in("manager")
    await desk.request()
    await clerk.get(QUEUE)
    with counted() as few:
        await clerk.get(QUEUE)
    for _ in range(4):
        await desk.request()
    with counted() as many:
        await clerk.get(QUEUE)
    assert few.count == many.count


async def test_marks_of_rows_are_read_by_the_index_of_what_was_raised(desk, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    plan = await desk.host.engine.send(f"EXPLAIN QUERY PLAN {STEPS.format('?, ?')}", ["a", "b"])
    assert any("clock_raised (request=?)" in row["detail"] for row in plan), [row["detail"] for row in plan]


async def test_where_the_module_is_off_the_queue_knows_no_warning(desk):
    with clock.moved_to(MONDAY) as time:
        await desk.request()
        time.forward(days=7)
        await raise_due(desk.host, nobody)
        clerk = await desk.signed_in("manager")
        await switch(desk.host, "off", "service_levels")
        shown = (await clerk.get(f"{QUEUE}?alerte=oui")).text
        assert f"{said('at risk')}</span>" not in shown
        assert said("At risk") not in shown
