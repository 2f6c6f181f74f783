"""The supervision board: what waits and is late by unit, who is here and on what, for those who answer for it."""

import re
from datetime import datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from parvis import clock
from parvis.access_scope import Area, Scope
from parvis.db import counted, transaction
from parvis.db.people_tables import Session
from parvis.db.tables import ServiceRequest
from parvis.requests.lifecycle import make_move
from parvis.requests.visibility import Viewer
from parvis.requests.work.presence import Presence
from parvis_dashboards.supervising import newest
from parvis_testing.desk import ANA, said
from parvis_testing.owed import owed

HERE = "/bureau/supervision"
LINKS = r'<td class="is-number[^"]*"><a href="([^"]+)">(\d+)</a>'
TILES = r'<a class="tile__value" href="([^"]+)">(\d+)</a>'
ROWS = r'<th scope="row">\s*<a href="/bureau/requete/([^"]+)"'


def scope_of(*units: str) -> Scope:
    return Scope(jurisdiction="parvis", areas=(Area(units=frozenset(units) if units else None),))


@pytest.fixture
async def work(desk):
    """Three that wait, of which one is overdue, and one that is under way, over three units."""
    with clock.moved_to(clock.now() - timedelta(days=30)):
        late = await desk.request("hole", "roads")
    records = [late, *[await desk.request("hole", unit) for unit in ("roads", "lighting", "noise")]]
    await make_move(desk.host, records[1].reference, "start", {}, actor=ANA, mover="agent")
    return records


async def test_what_waits_and_is_overdue_leads_to_lists_of_as_many(desk, work):
    manager = await desk.signed_in("manager")
    page = await manager.get(HERE)
    tiles = re.findall(TILES, page.text)
    assert [value for _, value in tiles][:2] == ["3", "1"]
    links = re.findall(LINKS, page.text)
    assert sorted(value for _, value in links) == ["1", "1", "1", "1", "1", "1", "2"]
    for href, value in (*tiles[:2], *links):
        assert len(re.findall(ROWS, (await manager.get(unescape(href))).text)) == int(value), href


async def test_what_is_due_by_the_end_of_the_day_leads_to_its_list(desk):
    noon = datetime.combine(clock.now().date(), time(12), ZoneInfo(desk.host.jurisdictions.get("parvis").time_zone))
    with clock.moved_to(noon):
        due, overdue, later = [await desk.request("hole", "roads") for _ in range(3)]
        for record, hours in ((due, 11), (overdue, -1), (later, 13)):
            async with transaction(desk.host.engine):
                promised = {ServiceRequest.promised_at: noon + timedelta(hours=hours)}
                await ServiceRequest.update(promised).where(ServiceRequest.id == record.id)
        manager = await desk.signed_in("manager")
        tiles = re.findall(TILES, (await manager.get(HERE)).text)
        assert [value for _, value in tiles][:3] == ["3", "1", "1"]
        page = await manager.get(unescape(tiles[2][0]))
        assert re.findall(ROWS, page.text) == [due.reference]


async def test_who_is_here_is_told_with_what_they_write_on_and_no_word_of_it(desk, work):
    agent = await desk.signed_in("agent", "roads")
    await agent.get(f"/bureau/requete/{work[0].reference}")
    await agent.post(f"/bureau/requete/{work[0].reference}/presence")
    manager = await desk.signed_in("manager")
    page = await manager.get(HERE)
    links = re.findall(r'<td><a href="/bureau/requete/([^"]+)">', page.text)
    assert links == [work[0].reference]
    assert said("Wall display") in unescape(page.text)
    other = await desk.signed_in("manager", "lighting")
    page = await other.get(HERE)
    assert work[0].reference not in page.text
    async with transaction(desk.host.engine):
        await Session.update({Session.seen_at: clock.now() - timedelta(minutes=16)}, force=True)
    assert work[0].reference not in (await manager.get(f"{HERE}?mur=oui")).text


async def test_a_manager_of_a_unit_sees_that_unit_only_and_an_agent_none(desk, work):
    manager = await desk.signed_in("manager", "lighting")
    page = await manager.get(HERE)
    assert [value for _, value in re.findall(TILES, page.text)][:2] == ["1", "0"]
    assert "Voirie" not in page.text
    agent = await desk.signed_in("agent", "roads")
    assert (await agent.http.get(HERE)).status_code == 403
    assert (await agent.http.get(f"{HERE}/en-direct")).status_code == 403


async def test_calls_are_told_by_urgency_and_lead_to_those_alone(desk):
    with clock.moved_to(clock.now() - timedelta(hours=3)):
        urgent = [await owed(desk, urgency="emergency") for _ in range(2)]
    usual = await owed(desk)
    manager = await desk.signed_in("manager")
    tiles = {unescape(href): value for href, value in re.findall(TILES, (await manager.get(HERE)).text)}
    assert tiles["/bureau/appels?quand=urgents"] == tiles["/bureau/appels?quand=en-retard"] == "2"
    assert tiles["/bureau/appels"] == "1"
    owes = said("Assigned to: %(owners)s").partition("%")[0]
    assert re.search(rf"{owes}[^<]+ \(2\)", manager.text)
    listed = (await manager.get("/bureau/appels?quand=urgents")).text
    assert all(each.reference in listed for each in urgent)
    assert usual.reference not in listed


async def test_more_requests_cost_no_more_questions_and_news_cost_one(desk, work):
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    with counted() as few:
        await manager.get(HERE)
    for _ in range(8):
        await desk.request("hole", "snow")
    with counted() as many:
        await manager.get(HERE)
    assert few.count == many.count <= 8
    with counted() as looked:
        await newest(desk.host, scope_of("lighting"))
    assert looked.count == 1


async def test_news_are_told_of_what_is_within_reach_alone(desk, work):
    noon = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    with clock.moved_to(noon):
        before, whole = await newest(desk.host, scope_of("lighting")), await newest(desk.host, scope_of())
        await make_move(desk.host, work[3].reference, "start", {}, actor=ANA, mover="agent")
        luc = Viewer(kind="agent", id="luc", name="Luc")
        desk.host.of(Presence).at(luc, work[3].reference, timedelta(minutes=1))
        assert await newest(desk.host, scope_of("lighting")) == before
        assert await newest(desk.host, scope_of()) != whole
        await make_move(desk.host, work[2].reference, "start", {}, actor=ANA, mover="agent")
        assert await newest(desk.host, scope_of("lighting")) != before
