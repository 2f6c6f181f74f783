"""Stalled work: nothing that waits too long is missing from it, and every number opens its list."""

import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import Delivery, ServiceRequest
from parvis.jurisdictions.calendars import business_days_before, local_day
from parvis.people.granting import set_active
from parvis.requests.amendments import assign
from parvis.requests.lifecycle import make_move
from parvis.web.desk.lists.stalled import stalled_since
from parvis_testing.desk import ANA, said
from parvis_testing.owed import owed

from .test_queue import references

STALLED = "/bureau/ce-qui-traine"


def lists(page) -> dict[str, tuple[str, str]]:
    """The lists with something in them: how many, and the address, by what they are called."""
    tile = r'<div class="tile">\s*<dt>([^<]+)</dt>\s*<dd>\s*<a class="tile__value" href="([^"]+)">(\d+)</a>'
    return {name: (number, href.replace("&amp;", "&")) for name, href, number in re.findall(tile, page.text)}


async def behind(clerk, name: str) -> set[str]:
    """The requests of the list that a number opens."""
    number, href = lists(await clerk.get(STALLED))[said(name)]
    found = set(references(await clerk.get(href)))
    assert len(found) == int(number)
    return found


async def test_a_desk_with_nothing_waiting_says_so_and_names_what_it_looked_at(desk):
    await desk.request()
    clerk = await desk.signed_in()
    page = await clerk.get(STALLED)
    assert page.status_code == 200
    assert lists(page) == {}
    assert said("Nothing is stalled.") in clerk.text
    for name in ("Unassigned", "Overdue", "No activity", "Delivery failed", "In a former unit"):
        assert said(name) in clerk.text


async def test_what_nobody_took_or_touched_is_found_behind_its_number(desk):
    with clock.moved_to(clock.now() - timedelta(days=40)) as moved:
        untaken = await desk.request(unit="roads")
        asked = await desk.request(unit="roads")
        await make_move(desk.host, asked.reference, "start", {}, actor=ANA, mover="agent")
        await make_move(desk.host, asked.reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
        begun = await desk.request(unit="lighting")
        await make_move(desk.host, begun.reference, "start", {}, actor=ANA, mover="agent")
        moved.forward(days=40)
        fresh = await desk.request(unit="roads")
    clerk = await desk.signed_in()
    assert await behind(clerk, "Unassigned") == {untaken.reference}
    assert await behind(clerk, "No activity") == {untaken.reference, begun.reference}
    assert await behind(clerk, "No answer from the requester") == {asked.reference}
    assert fresh.reference not in await behind(clerk, "Overdue") == {untaken.reference, begun.reference}


async def test_it_counts_only_what_one_may_see(desk):
    with clock.moved_to(clock.now() - timedelta(days=40)):
        await desk.request(unit="roads")
        theirs = await desk.request(unit="lighting")
    clerk = await desk.signed_in("agent", "lighting")
    assert await behind(clerk, "Unassigned") == {theirs.reference}


async def test_days_are_counted_on_the_calendar_of_the_town(desk):
    today = local_day(desk.host.jurisdictions.get("parvis").calendar, clock.now())
    calendar = desk.host.jurisdictions.get("parvis").calendar
    lately = business_days_before(calendar, today, 1)
    with clock.moved_to(clock.now() - (today - lately)):
        await desk.request()
    clerk = await desk.signed_in()
    assert lists(await clerk.get(STALLED)) == {}


async def test_what_somebody_who_left_still_holds_is_found(desk):
    gone, here = await desk.agent(name="Luc Roy"), await desk.agent(name="Mia Roy")
    held, other, also = await desk.request(), await desk.request(), await desk.request()
    second = await desk.agent(name="Noé Roy")
    for record, person in ((held, gone), (other, here), (also, second)):
        await assign(desk.host, record.reference, assignee=person.id, actor=ANA)
    clerk = await desk.signed_in()
    assert said("Assigned to a former colleague") not in lists(await clerk.get(STALLED))
    await set_active(desk.host.engine, gone.id, False)
    assert await behind(clerk, "Assigned to a former colleague") == {held.reference}
    await set_active(desk.host.engine, second.id, False)
    assert await behind(clerk, "Assigned to a former colleague") == {held.reference, also.reference}


async def test_what_lies_in_a_unit_that_is_no_more_is_found_by_who_sees_the_whole_town(desk):
    lost = await desk.request()
    async with transaction(desk.host.engine):
        await ServiceRequest.update({ServiceRequest.unit: "abolished"}).where(ServiceRequest.id == lost.id)
    clerk = await desk.signed_in()
    assert await behind(clerk, "In a former unit") == {lost.reference}
    assert said("In a former unit") in clerk.text


async def test_what_stopped_on_the_way_is_found_even_of_a_closed_request(desk):
    record = await desk.request()
    async with transaction(desk.host.engine):
        await ServiceRequest.update({ServiceRequest.phase: "closed"}).where(ServiceRequest.id == record.id)
        await Delivery.update({Delivery.state: "dead"}).where(Delivery.request == record.id)
    clerk = await desk.signed_in()
    assert await behind(clerk, "Delivery failed") == {record.reference}
    assert said("Delivery failed") in clerk.text  # as a filter in force


async def test_what_nobody_was_told_is_found_at_once_where_nobody_calls(desk):
    await owed(desk)
    clerk = await desk.signed_in("clerk")
    assert lists(await clerk.get(STALLED))[said("Undelivered messages")] == ("1", "/bureau/non-remis")
    assert said("Undelivered messages") not in lists(await (await desk.signed_in("reader")).get(STALLED))


@pytest.mark.parametrize("role", ["agent", "manager"])
async def test_the_page_costs_no_more_when_more_lies_about(desk, role):
    clerk = await desk.signed_in(role)
    with clock.moved_to(clock.now() - timedelta(days=40)):
        await desk.request()
    await clerk.get(STALLED)
    with counted() as few:
        await clerk.get(STALLED)
    with clock.moved_to(clock.now() - timedelta(days=40)):
        for _ in range(5):
            await desk.request()
    with counted() as many:
        await clerk.get(STALLED)
    assert few.count == many.count <= 14


def test_nothing_has_waited_since_a_day_that_is_still_to_come():
    now = clock.now()
    past, ahead = now - timedelta(days=1), now + timedelta(days=1)
    assert [stalled_since(2, each).since for each in ([past, ahead], [ahead], [None], [])] == [past, None, None, None]
