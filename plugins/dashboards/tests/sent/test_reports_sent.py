"""Reports by email: due in the town's morning, sent once, counted over what their reader may see when they are sent."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction as unit_of_work
from parvis.db.people_tables import Grant as GrantRow
from parvis.db.tables import Delivery
from parvis.people.agents import Grant, add_agent
from parvis.people.granting import set_active
from parvis.requests.amendments import assign
from parvis.worker.chores import do_due
from parvis_dashboards.chores import chores_of
from parvis_dashboards.sending import send_reports
from parvis_dashboards.tables import Report
from parvis_dashboards.wanted import MOST, days_told, next_due, put_off, stop, want, wanted_by
from parvis_testing.worker import ANA

TORONTO = ZoneInfo("America/Toronto")
WEDNESDAY = datetime(2026, 11, 18, 22, tzinfo=TORONTO)
MONDAY = datetime(2026, 11, 23, 7, tzinfo=TORONTO)


@pytest.fixture
async def town(make_town):
    town = make_town()
    with clock.moved_to(WEDNESDAY):
        for unit in ("roads", "roads", "lighting"):
            await assign(town.host, await town.submit(), unit=unit, actor=ANA)
    return town


async def granted(town, **changed):
    async with unit_of_work(town.engine):
        await GrantRow.update(changed).where(GrantRow.jurisdiction == "parvis")


async def reader(town, unit="", language="fr"):
    grant = Grant(role="manager", jurisdiction="parvis", unit=unit)
    return await add_agent(
        town.engine,
        email="g@parvis.example",
        name="Gi",
        password="long enough words",
        language=language,
        grants=[grant],
    )


async def wanting(town, person, unit="", every="week"):
    with clock.moved_to(WEDNESDAY):
        assert await want(town.engine, town.host.jurisdictions.jurisdiction("parvis"), UUID(person.id), unit, every)
    return (await wanted_by("parvis", UUID(person.id)))[-1]


async def messages():
    rows = await Delivery.select(Delivery.event).where(Delivery.subscriber == "channel:email").order_by(Delivery.id)
    return [msgspec.json.decode(row["event"])["message"] for row in rows]


def rows_of(html):
    import html5lib  # not there where nothing that asks the database is run

    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert page.get("lang") in ("fr", "en")
    return [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]


async def test_a_report_comes_on_monday_morning_once_and_says_what_the_page_says(town):
    report = await wanting(town, await reader(town))
    assert report.due_at == MONDAY
    with clock.moved_to(MONDAY - timedelta(seconds=1)):
        assert await send_reports(town.host) == 0
    with clock.moved_to(MONDAY + timedelta(minutes=3)) as time:
        await do_due(town.engine, chores_of(town.host), "w")
        time.forward(minutes=6)
        await do_due(town.engine, chores_of(town.host), "w")
        [message] = await messages()
        async with unit_of_work(town.engine):
            assert not await put_off(report, MONDAY)  # the slower process sends nothing
    assert (message["to"], message["language"]) == ("g@parvis.example", "fr")
    assert "16 novembre 2026" in message["text"]
    rows = rows_of(message["html"])
    assert ["Reçues", "3", "–"] in rows
    assert ["Trou", "3", "0", "3", "0"] in rows
    assert "Reçues\u00a0: 3 (–)" in message["text"]
    for part in (message["text"], message["html"].replace("&amp;", "&")):
        assert "/bureau/tableau?depuis=2026-11-16&jusqua=2026-11-22" in part
        assert "/bureau/tableau/chiffres.xlsx?depuis=2026-11-16" in part
        assert message["stop_url"] in part
    [again] = await wanted_by("parvis", report.agent)
    assert again.due_at == MONDAY + timedelta(days=7)


async def test_nothing_is_in_it_that_its_reader_may_no_longer_see(town):
    person = await reader(town, language="en")
    await wanting(town, person)
    await granted(town, unit="lighting")
    with clock.moved_to(MONDAY):
        assert await send_reports(town.host) == 1
    [message] = await messages()
    assert ["Received", "1", "–"] in rows_of(message["html"])


@pytest.mark.parametrize("lost", ["unit", "right", "account"])
async def test_whoever_may_see_nothing_of_it_is_sent_nothing_any_more(town, lost):
    person = await reader(town)
    await wanting(town, person, "roads")
    if lost == "account":
        await set_active(town.engine, person.id, False)
    else:
        await granted(town, **({"unit": "lighting"} if lost == "unit" else {"role": "agent"}))
    with clock.moved_to(MONDAY):
        assert await send_reports(town.host) == 0
    assert await messages() == []
    assert await Report.count() == 0


async def test_a_month_is_told_on_its_first_day_after(town):
    report = await wanting(town, await reader(town), every="month")
    assert report.due_at == datetime(2026, 12, 1, 7, tzinfo=TORONTO)
    assert days_told(report, "America/Toronto") == (date(2026, 11, 1), date(2026, 11, 30))
    late = datetime(2026, 11, 2, 1, tzinfo=ZoneInfo("UTC"))  # Sunday still, in the town
    assert next_due("week", late, "America/Toronto") == datetime(2026, 11, 2, 7, tzinfo=TORONTO)


async def test_the_same_is_had_once_and_not_without_end(town):
    person = await reader(town)
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    for _ in range(2):
        report = await wanting(town, person)
    assert len(await wanted_by("parvis", report.agent)) == 1
    for number in range(MOST - 1):
        assert await want(town.engine, parvis, report.agent, f"unit-{number}", "month")
    assert not await want(town.engine, parvis, report.agent, "one-more", "month")
    assert not await stop(town.engine, report.id, UUID(int=1))
    assert await stop(town.engine, report.id, report.agent)
