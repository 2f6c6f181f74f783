"""The calendar of an agent: theirs alone, by an address shown once that can be revoked, without who and where."""

import re
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from parvis import clock
from parvis.jurisdictions.calendars import local_day, next_business_day
from parvis.people.granting import set_active
from parvis.requests.amendments import assign
from parvis.requests.lifecycle import make_move
from parvis_feeds.tables import CalendarAddress
from parvis_inspections.inspecting import plan_visit
from parvis_inspections.slots import read_slot
from parvis_inspections.visits import visits_of
from parvis_testing.desk import ANA, ZOE, said
from parvis_testing.modules import switch

PAGE = "/bureau/agenda"


async def address_of(clerk):
    """A new address, as the page shows it."""
    await clerk.get(PAGE)
    answer = await clerk.post(PAGE)
    assert answer.status_code == 200
    return re.search(r"data-calendar-address>([^<]+)<", answer.text)[1]


async def events(desk, address):
    """What a program without a cookie reads there."""
    answer = await desk.browser().http.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    return Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.fixture
async def ana(desk):
    return await desk.signed_in("agent", "roads")


async def given_to(desk, clerk, type="hole", **given):
    record = await desk.request(type, "roads", answers={"danger": True, "words": "Chez Zoé"}, **given)
    await assign(desk.host, record.reference, assignee=UUID(clerk.person.id), actor=ANA)
    return await desk.record(record.reference)


async def plan_first_visit(desk, clerk, record):
    """The inspection that a started request needs, on the next business day at half past nine."""
    await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
    town = desk.host.jurisdictions.jurisdiction("parvis")
    day = next_business_day(town.calendar, local_day(town.calendar, clock.now())).isoformat()
    [visit] = await visits_of(record.id)
    slot = read_slot(town, {"day": day, "slot": "09:30-11:00"}, clock.now())
    who = {"inspector": UUID(clerk.person.id), "inspector_name": clerk.person.name}
    await plan_visit(desk.host, visit, record.reference, slot, **who, actor=ANA)
    return town, day, slot, who


async def test_due_dates_are_ones_own_and_name_nobody(desk, ana):
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    record, other = await given_to(desk, ana), await given_to(desk, luc)
    address = await address_of(ana)
    [event] = await events(desk, address)
    town = desk.host.jurisdictions.jurisdiction("parvis")
    assert event["summary"] == f"Date promise\u00a0: Trou ({record.reference})"
    assert event["dtstart"].dt == local_day(town.calendar, record.promised_at)
    assert str(event["uid"]).startswith(record.reference)
    assert event["url"].endswith(f"/bureau/requete/{record.reference}")
    text = (await desk.browser().http.get(address)).text
    assert not [each for each in ("Zoé", "Rachel", other.reference, "LOCATION") if each in text]
    await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
    assert await events(desk, address) == []


async def test_an_inspection_stands_at_its_hours_and_ends_with_its_module(desk, ana):
    record = await given_to(desk, ana, "site")
    town, day, slot, who = await plan_first_visit(desk, ana, record)
    address = await address_of(ana)
    found = {str(each["summary"]): each for each in await events(desk, address)}
    event = found[f"Inspection\u00a0: Semelles ({record.reference})"]
    start = event["dtstart"].dt.astimezone(ZoneInfo(town.time_zone))
    assert (start.isoformat()[:16], event["dtend"].dt - event["dtstart"].dt) == (
        f"{day}T09:30",
        slot.ends_at - slot.starts_at,
    )
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert (await desk.browser().http.get(address)).text == (await desk.browser().http.get(address)).text
        [visit] = await visits_of(record.id)
        slot = read_slot(town, {"day": day, "slot": "13:30-15:00"}, clock.now())
        await plan_visit(desk.host, visit, record.reference, slot, **who, actor=ANA)
    moved = {str(each["uid"]): each for each in await events(desk, address)}[str(event["uid"])]
    assert moved["sequence"] > event["sequence"]
    assert moved["dtstart"].dt > event["dtstart"].dt
    await switch(desk.host, "off", "inspections")
    assert not [each for each in await events(desk, address) if "Semelles" in str(each["summary"])]


async def test_nothing_changes_by_being_read(desk, ana):
    record = await given_to(desk, ana)
    address = await address_of(ana)
    before = await events(desk, address)
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert await events(desk, address) == before
        await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
        [after] = await events(desk, address)
    assert after["uid"] == before[0]["uid"]
    assert after["sequence"] > before[0]["sequence"]
    assert after["dtstamp"].dt > before[0]["dtstamp"].dt


async def test_of_a_confidential_request_no_service_is_named(desk, ana):
    record = await given_to(desk, ana, "site", requester=ZOE | {"mode": "confidential"})
    await plan_first_visit(desk, ana, record)
    titles = {str(each["summary"]) for each in await events(desk, await address_of(ana))}
    assert titles == {f"Date promise\u00a0: {record.reference}", f"Inspection\u00a0: {record.reference}"}


async def test_an_address_is_shown_once_replaced_and_revoked(desk, ana):
    first = await address_of(ana)
    [row] = await CalendarAddress.select()
    assert first.rpartition("/")[2].removesuffix(".ics") not in str(row)
    await ana.get(PAGE)
    assert first not in ana.page.text
    second = await address_of(ana)
    http = desk.browser().http
    assert ((await http.get(first)).status_code, (await http.get(second)).status_code) == (404, 200)
    await ana.get(PAGE)
    await ana.post(f"{PAGE}/revocation")
    assert said("The address is revoked. No program reads your calendar any more.") in ana.text
    assert (await http.get(second)).status_code == 404
    await ana.post(f"{PAGE}/revocation")
    assert said("There was no address to revoke.") in ana.text


async def test_whoever_leaves_or_switches_off_is_read_no_more(desk, ana):
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    theirs, his = await address_of(ana), await address_of(luc)
    http = desk.browser().http
    await set_active(desk.host.engine, luc.person.id, active=False)
    assert [(await http.get(each)).status_code for each in (theirs, his)] == [200, 404]
    for wrong in ("/agenda/x.ics", "/agenda/.ics", f"/agenda/{'a' * 500}.ics", theirs.removesuffix(".ics")):
        assert (await http.get(wrong)).status_code == 404
    assert (await http.get(f"{theirs}?x=1")).status_code == 400
    reader = await desk.signed_in("auditor")
    assert (await reader.get(PAGE)).status_code == 403
    await switch(desk.host, "off", "feeds")
    assert (await http.get(theirs)).status_code == 404
    assert (await ana.get(PAGE)).status_code == 404
    assert PAGE not in (await ana.get("/bureau/compte")).text
