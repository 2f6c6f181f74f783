"""Read models on a real database: figures counted by hand, what is near, and what a scope keeps out."""

from datetime import datetime, timedelta

import pytest

from parvis import clock
from parvis.access_scope import Area, Scope
from parvis.db import counted, transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import business_time_between
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.chores import mark_missed
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.nearby import open_around
from parvis.selection import Period
from parvis.sheets import sheet
from parvis_dashboards.figures import Narrow, figures
from parvis_dashboards.places import cells

ANA = Actor(kind="agent", id="ana", name="Ana")
ALL = Scope(jurisdiction="parvis")


def over(unit: str) -> Scope:
    return Scope(jurisdiction="parvis", areas=(Area(units=frozenset({unit})),))


MONDAY = datetime.fromisoformat("2026-10-05T14:00:00+00:00")


async def made(town, unit, **given):
    receipt = await town.submit(given.pop("type", "hole"), **given)
    await assign(town.host, receipt.reference, unit=unit, actor=ANA)
    return receipt.reference


async def move(town, reference, transition, **raw):
    record = await make_move(town.host, reference, transition, raw, actor=ANA, mover="agent")
    assert record.state
    return record


@pytest.fixture
async def months(town):
    """Two kept, one broken, one broken and still owed, one waiting; over three units and three weeks."""
    with clock.moved_to(MONDAY) as moved:
        kept = [await made(town, "roads"), await made(town, "lighting")]
        broken, owed, waiting = [await made(town, "roads") for _ in range(3)]
        moved.forward(days=2)
        for reference in kept:
            await move(town, reference, "resolve")
        await move(town, waiting, "start")
        await move(town, waiting, "ask", reason="Où ?")
        moved.forward(days=12)
        await mark_missed(town.host)
        await move(town, broken, "resolve")
        await made(town, "noise", type="quarrel", channel="phone")
        yield {"kept": kept, "broken": broken, "owed": owed, "waiting": waiting, "now": clock.now()}


def period(first: str, last: str) -> Period:
    return Period(
        since=datetime.fromisoformat(f"{first}T00:00-04:00"), until=datetime.fromisoformat(f"{last}T00:00-04:00")
    )


async def test_what_came_stands_and_was_finished_is_counted(town, months):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    with counted() as queries:
        found = await figures(ALL, period("2026-10-05", "2026-10-26"), calendar)
    assert queries.count == 3
    total = found.total
    assert (total.received, total.finished, total.standing, total.late) == (6, 3, 3, 1)
    assert (total.kept, total.broken, total.share_kept) == (2, 1, 2 / 3)
    by_type = {line.code: line for line in found.by_type}
    assert {code: (line.received, line.standing) for code, line in by_type.items()} == {
        "hole": (5, 2),
        "quarrel": (1, 1),
    }
    assert {line.code: line.received for line in found.by_unit} == {"roads": 4, "lighting": 1, "noise": 1}
    assert [(str(week.monday), week.received, week.finished) for week in found.weeks] == [
        ("2026-10-05", 5, 2),
        ("2026-10-12", 0, 0),
        ("2026-10-19", 1, 1),
    ]
    assert [week.share_kept for week in found.weeks] == [1.0, None, 0.0]
    assert next((jam.type, jam.unit, jam.standing, jam.late) for jam in found.jams) == ("hole", "roads", 2, 1)
    assert found.phases == {"received": 2, "waiting_for_you": 1}
    assert found.channels == {"portal": 5, "phone": 1}


async def test_the_weeks_of_the_year_before_stand_beside_those_of_the_period(town, months):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    later = period("2027-10-04", "2027-10-25")
    with clock.moved_to(later.until):
        found = await figures(ALL, later, calendar, against=period("2026-10-04", "2026-10-25"))
    assert [(str(week.monday), week.received, week.finished) for week in found.weeks_before] == [
        ("2026-10-05", 5, 2),
        ("2026-10-12", 0, 0),
        ("2026-10-19", 1, 1),
    ]
    assert [week.received for week in found.weeks] == [0, 0, 0]


async def test_no_request_is_read_for_a_figure(town, months):
    """Indexes hold all that is asked; by how they say so on SQLite, where the columns of both engines are the same."""
    if town.host.engine.engine_type != "sqlite":
        return
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    with counted() as queries:
        days = period("2026-10-05", "2026-10-26")
        await figures(ALL, days, calendar, against=days)
    for sql in queries.statements:
        plan = await town.host.engine.send(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
        read = {row["detail"] for row in plan if " r " in f"{row['detail']} "}
        assert read
        assert all("COVERING INDEX" in each for each in read), f"{read} of {sql}"


async def test_what_requesters_say_at_the_end_is_counted(town, months):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    for reference, said in zip((*months["kept"], months["broken"]), ("yes", "yes", "no"), strict=True):
        async with transaction(town.host.engine):
            answer = {ServiceRequest.settled: said, ServiceRequest.settled_at: MONDAY + timedelta(days=9)}
            await ServiceRequest.update(answer).where(ServiceRequest.reference == reference)
    found = await figures(ALL, period("2026-10-05", "2026-10-26"), calendar)
    assert (found.total.settled, found.total.unsettled, found.total.share_settled) == (2, 1, 2 / 3)
    assert {line.code: line.share_settled for line in found.by_unit} == {"roads": 1 / 2, "lighting": 1, "noise": None}


async def test_delays_are_those_of_the_calendar(town, months):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    found = await figures(ALL, period("2026-10-05", "2026-10-12"), calendar)
    hours = business_time_between(calendar, MONDAY, MONDAY + timedelta(days=2)) / timedelta(hours=1)
    assert found.total.finished == 2
    assert found.total.median * 7 < hours < found.total.median * 9
    assert found.total.promised > found.total.ninetieth


async def test_squares_are_counted_where_enough_lie_together(town, months):
    there = {"lon": -73.5700, "lat": 45.5300, "address": "1, rue Rachel Est"}
    references = [await made(town, "roads", place=there) for _ in range(5)]
    await made(town, "roads", place=there | {"lat": 45.5500})
    for reference in references[:2]:
        await move(town, reference, "resolve")
    whole = period("2026-10-05", "2026-10-26")
    found = await cells(ALL, whole, Narrow(), "received")
    assert sorted(cell.requests for cell in found) == [5, 6]  # those of the other tests lie at one address too
    assert {cell.middle for cell in found} == {(-73.57, 45.53), (-73.581, 45.524)}
    done = await cells(ALL, whole, Narrow(), "finished")
    assert [cell.requests for cell in done] == []  # two here, three there: too few to tell
    assert await cells(Scope(jurisdiction="rivemont"), whole, Narrow(), "received") == ()


async def test_a_scope_and_a_period_keep_the_rest_out(town, months):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    whole = period("2026-10-05", "2026-10-26")
    roads = await figures(over("roads"), whole, calendar)
    assert {line.code for line in roads.by_unit} == {"roads"}
    for nothing in (Scope(jurisdiction="parvis", areas=()), Scope(jurisdiction="rivemont")):
        assert (await figures(nothing, whole, calendar)).total.received == 0
    assert (await figures(ALL, whole, calendar, Narrow(types=("quarrel",)))).total.received == 1
    early = await figures(ALL, period("2026-09-01", "2026-09-30"), calendar)
    assert (early.total.received, early.total.finished, early.total.standing) == (0, 0, 3)
    assert early.total.median is None
    narrow = over("roads").narrowed(frozenset({"roads", "noise"}))
    assert narrow.units == {"roads"}
    assert ALL.narrowed(frozenset({"roads"})).units == {"roads"}


async def test_what_is_open_around_is_told_by_distance(town):
    here = {"lon": -73.5807, "lat": 45.5236}
    near, far = await made(town, "roads", place=here | {"lon": -73.5800}), await made(town, "roads", place=here)
    outside = await made(town, "roads", place=here | {"lat": 45.5256})
    found = await open_around(ALL, here["lon"], here["lat"])
    assert [(one.reference, one.metres) for one in found] == [(far, 0), (near, 55)]
    assert outside in [one.reference for one in await open_around(ALL, here["lon"], here["lat"], metres=300)]
    await move(town, near, "resolve")
    record = await town.record(far)
    assert await open_around(ALL, here["lon"], here["lat"], besides=record.id) == ()
    assert await open_around(over("parks"), here["lon"], here["lat"]) == ()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_cell_of_a_sheet_runs(cell):
    (_, row) = sheet(["x"], [[cell]]).split("\r\n", 1)
    assert row.lstrip('"').startswith("'")


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    assert sheet(["é", "n"], [["a,b", -3.5], [None, 0]]) == '\ufeffé,n\r\n"a,b",-3.5\r\n,0\r\n'
