"""The manager's page: its figures, the lists behind them, its sheets, and for whom they are counted."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import ServiceRequest
from parvis.i18n import format_percent, speaking
from parvis.jurisdictions.calendars import business_days_between, local_day
from parvis.people.agents import Grant
from parvis.people.granting import give
from parvis.requests.advice import count
from parvis.requests.lifecycle import make_move
from parvis.requests.work.conversation import reply
from parvis_dashboards.definitions import DEFINITIONS
from parvis_telephone.information_given import inform
from parvis_testing.desk import ANA, said
from parvis_testing.modules import switch


def references(page) -> list[str]:
    """The requests of a page's table, in order."""
    return re.findall(r'<th scope="row">\s*<a href="/bureau/requete/([^"]+)"', page.text)


SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
async def month(desk):
    """Three finished, two standing of which one is late, over two units."""
    with clock.moved_to(clock.now() - timedelta(days=30)) as moved:
        done = [await desk.request("hole", unit) for unit in ("roads", "roads", "lighting")]
        moved.forward(days=3)
        for record in done:
            await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
        await desk.request("hole", "roads")
        moved.forward(days=26)
        await desk.request("quarrel", "noise", channel="phone")


async def test_every_figure_leads_to_a_list_of_as_many(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    tiles = re.findall(r'<a class="tile__value" href="([^"]+)">([\d\s]+)</a>', page.text)
    cells = re.findall(r'<td class="is-number[^"]*"><a href="([^"]+)">(\d+)</a>', page.text)
    assert [value for _, value in tiles] == ["1", "5", "3", "2", "0"]
    assert len(cells) > 18
    for href, value in [*tiles, *cells]:
        assert len(references(await manager.get(unescape(href)))) == int(value), href


async def test_where_work_piles_up_leads_to_lists_of_as_many(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    jams, zones = re.findall(r'(?s)<ol class="jams">(.*?)</ol>', page.text)
    numbers = [re.findall(r'<a href="([^"]+)">(\d+) [^<]+</a>', each) for each in (jams, zones)]
    assert [value for _, value in numbers[0]] == ["1", "1"]  # one of these is overdue
    assert "Voirie" in jams
    for href, value in (*numbers[0], *numbers[1]):
        assert len(references(await manager.get(unescape(href)))) == int(value), href
    assert "style=" not in page.text


async def test_it_says_how_much_may_be_missing_where_a_replica_answers(desk, month, monkeypatch):
    manager = await desk.signed_in("manager")
    assert "copie de la base" not in (await manager.get("/bureau/tableau")).text
    monkeypatch.setattr("parvis_dashboards.desk.figures.seconds_behind", lambda engine: 3.2)
    assert "Les 4 dernières secondes peuvent manquer" in (await manager.get("/bureau/tableau")).text


async def test_the_period_that_is_counted_is_marked_among_those_offered(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    offered = re.findall(r'<li><a href="([^"]+)"( aria-current="true")?>(\d+) jours</a>', page.text)
    assert [days for _, current, days in offered if current] == ["90"]
    page = await manager.get(unescape(next(href for href, _, days in offered if days == "30")))
    assert re.findall(r' aria-current="true">(\d+) jours</a>', page.text) == ["30"]


@pytest.fixture
async def outcomes(desk, month):
    """One broken, one that came back once, one that came back twice and was answered; two who said how it went."""
    with clock.moved_to(clock.now() - timedelta(days=40)) as moved:
        broken, back, twice, _ = [await desk.request("hole", "roads") for _ in range(4)]
        moved.forward(days=20)
        for record in (broken, back, twice, twice):
            await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
            if record is not broken:
                await make_move(desk.host, record.reference, "reopen", {}, actor=ANA, mover="manager")
        await make_move(desk.host, back.reference, "resolve", {}, actor=ANA, mover="agent")
        await reply(desk.host, twice.reference, "On revient.", actor=ANA)
    for reference, said_so in ((broken.reference, "no"), (back.reference, "yes")):
        async with transaction(desk.host.engine):
            said_now = {ServiceRequest.settled: said_so, ServiceRequest.settled_at: clock.now()}
            await ServiceRequest.update(said_now).where(ServiceRequest.reference == reference)


async def test_every_part_of_a_figure_and_every_age_leads_to_a_list_of_as_many(desk, outcomes):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    parts = re.findall(r'<a class="tile__part" href="([^"]+)">\D*(\d+)\D*</a>', page.text)
    assert [value for _, value in parts] == ["3", "2", "6", "3", "1", "1", "1"]
    tiles = re.findall(r'<a class="tile__value" href="([^"]+)">([\d\s]+)</a>', page.text)
    assert [value for _, value in tiles] == ["3", "9", "5", "4", "2"]
    ages = re.findall(r'<td class="is-number"><a href="([^"]+)">(\d+)</a>', page.text)
    assert len(ages) > 30
    weeks = page.text.partition(f"<h2>{said('By week')}</h2>")[2].partition("</table>")[0]
    assert (
        sum(int(value) for _, value in re.findall(r'<td class="is-number"><a href="([^"]+)">(\d+)</a>', weeks)) == 9 + 5
    )
    for href, value in [*parts, *tiles, *ages]:
        assert len(references(await manager.get(unescape(href)))) == int(value), href


async def test_it_is_narrowed_to_a_zone_and_a_channel_and_told_against_the_year_before(desk, month):
    with clock.moved_to(clock.now() - timedelta(days=366)):
        await desk.request("hole", "roads")
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    assert said("%(told)s a year earlier") % {"told": "1 (+400\u00a0%)"} in unescape(page.text)
    page = await manager.get("/bureau/tableau?canal=phone")
    tiles = re.findall(r'<a class="tile__value" href="([^"]+)">([\d\s]+)</a>', page.text)
    assert [value for _, value in tiles][1:4] == ["1", "0", "1"]
    assert len(references(await manager.get(unescape(tiles[1][0])))) == 1
    assert re.search(rf"\.(</strong>)?\s+{said('No data for the same period a year earlier.')}", page.text)
    zone = (await ServiceRequest.select(ServiceRequest.zone).first())["zone"] or "aucune"
    page = await manager.get(f"/bureau/tableau?zone={zone}")
    href, value = re.findall(r'<a class="tile__value" href="([^"]+)">([\d\s]+)</a>', page.text)[1]
    assert int(value) == len(references(await manager.get(unescape(href)))) > 0
    assert (await manager.get("/bureau/tableau?zone=aucune")).status_code == 200


async def test_each_figure_says_what_is_counted(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    for code in set(DEFINITIONS) - {"age"}:
        assert f"<p>{DEFINITIONS[code].meaning.to('fr')}</p>" in unescape(page.text), code


async def test_delays_are_told_against_the_promise(desk, month):
    """In the town's business days: three days over a weekend are one, over a closing of the town none."""
    done = await ServiceRequest.select(ServiceRequest.submitted_at).where(ServiceRequest.phase == "closed").first()
    calendar = desk.host.jurisdictions.jurisdiction("parvis").calendar
    worked = business_days_between(calendar, done["submitted_at"], done["submitted_at"] + timedelta(days=3))
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau")
    row = re.search(r'(?s)<th scope="row">Trou</th>(.*?)</tr>', manager.page.text)[1]
    numbers = [words.strip() for words in re.findall(r"(?s)<td[^>]*>(.*?)</td>", row)]
    median, _, promised, kept = numbers[4:8]
    assert float(median.replace(",", ".")) == pytest.approx(worked, abs=0.101)  # told in steps of a twentieth, upwards
    assert 4 < float(promised.replace(",", ".")) <= 6
    assert kept.replace("\u00a0", " ") == "100 %"


async def test_it_is_narrowed_by_its_address_and_survives_strange_ones(desk, month):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau?unite=public_works&type=hole")
    assert "Voirie" in manager.text
    assert "Plainte" not in re.search(r"(?s)<tbody>.*?</tbody>", manager.page.text)[0]
    for query in ("depuis=x&jusqua=9999-12-31", "depuis=2026-12-01&jusqua=2020-01-01", "type=unheard", "unite=unheard"):
        assert (await manager.get(f"/bureau/tableau?{query}")).status_code == 200


async def test_what_the_town_tells_of_itself_is_no_type_to_choose_but_an_address_may_name_it(desk, month, monkeypatch):
    monkeypatch.setattr("parvis_dashboards.desk.figures.announcements", lambda types: frozenset({"hole"}))
    manager = await desk.signed_in("manager")
    assert '<option value="hole"' not in (await manager.get("/bureau/tableau")).text
    assert '<option value="hole" selected' in (await manager.get("/bureau/tableau?type=hole")).text


async def test_a_manager_of_a_unit_counts_that_unit_only(desk, month):
    manager = await desk.signed_in("manager", "lighting")
    page = await manager.get("/bureau/tableau")
    assert re.findall(r'<a class="tile__value"[^>]*>(\d+)</a>', page.text)[1] == "1"
    assert "Voirie" not in page.text


async def test_more_requests_cost_no_more_questions(desk, month):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau")
    await desk.request("hole")
    with counted() as few:
        await manager.get("/bureau/tableau")
    for _ in range(12):
        await desk.request("hole", "snow")
    with counted() as many:
        await manager.get("/bureau/tableau")
    assert few.count == many.count <= 9


async def test_charts_stand_beside_their_numbers_and_sheets_hold_them(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau")
    assert page.text.count("<figure") == page.text.count("<figcaption") == 4
    assert "<script>" not in page.text
    for by, first in (("type", "Type"), ("unit", "Unit"), ("week", "Week of")):
        sheet = await manager.http.get(f"/bureau/tableau/chiffres.csv?par={by}")
        lines = sheet.text.lstrip("\ufeff").splitlines()
        assert lines[0].startswith(",".join(map(said, (first, "Received", "Finished"))))
        assert sum(int(line.rsplit('"', 1)[-1].split(",")[1]) for line in lines[1:]) == 5


def cells_of(content):
    """The rows of each sheet of a workbook, read with the standard library."""
    book = zipfile.ZipFile(io.BytesIO(content))
    names = [each.get("name") for each in _read(book, "xl/workbook.xml").iter(f"{SPREADSHEET}sheet")]
    return {name: _rows(book, number) for number, name in enumerate(names, start=1)}


def _rows(book, number):
    page = _read(book, f"xl/worksheets/sheet{number}.xml")
    assert not list(page.iter(f"{SPREADSHEET}f"))  # no formula
    return [["".join(cell.itertext()) for cell in row] for row in page.iter(f"{SPREADSHEET}row")]


def _read(book, name):
    return ElementTree.fromstring(book.read(name))  # noqa: S314 - our own file


async def test_squares_of_the_map_lead_to_lists_of_as_many_and_few_people_are_left_out(desk, month):
    there = {"lon": -73.5700, "lat": 45.5300, "address": "1, rue Rachel Est"}
    alone = {"lon": -73.6000, "lat": 45.5400, "address": "2, rue Seule"}
    for place in (*[there] * 5, *[alone] * 4):
        record = await desk.request("hole", "roads", place=place)
        await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
    manager = await desk.signed_in("manager")
    for what in ("", "?quoi=delai"):
        page = await manager.get(f"/bureau/tableau/carte{what}")
        rows = re.findall(r'<td class="is-number"><a href="([^"]+)">(\d+)</a>', page.text)
        assert "5" in [value for _, value in rows]
        assert "4" not in [value for _, value in rows]
        for href, value in rows:
            assert len(references(await manager.get(unescape(href)))) == int(value), href
        assert page.text.count("data-marker=") == len(rows)
        assert "45,54" not in page.text
    with counted() as few:
        await manager.get("/bureau/tableau/carte")
    for _ in range(6):
        await desk.request("hole", "roads", place=alone)
    with counted() as many:
        await manager.get("/bureau/tableau/carte")
    assert few.count == many.count <= 4


async def test_everything_is_taken_away_as_a_workbook_in_which_nothing_runs(desk, month):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau")
    taken = await manager.http.get("/bureau/tableau/chiffres.xlsx")
    assert taken.headers["content-type"].startswith("application/vnd.openxmlformats")
    sheets = cells_of(taken.content)
    assert list(sheets) == [
        said(name)
        for name in ("By type", "By unit", "By sector", "By channel", "By week", "How figures are calculated")
    ]
    assert [row[:3] for row in sheets[said("By type")][1:]] == [["Trou", "4", "3"], ["Querelle", "1", "0"]]
    assert len(sheets[said("How figures are calculated")]) == len(DEFINITIONS) + 1
    await desk.request("hole", "roads", place={"lon": -73.5807, "lat": 45.5236, "address": "=1+1"})
    listed = cells_of((await manager.http.get("/bureau/liste.xlsx?ouvertes=toutes")).content)
    assert len(listed[said("Queue")]) == 7
    assert "=1+1" in [cell for row in listed[said("Queue")] for cell in row]


async def test_what_was_answered_at_first_contact_is_narrowed_as_the_requests_beside_it_are(desk, month):
    parvis = desk.host.jurisdictions.jurisdiction("parvis")
    zone = (await ServiceRequest.select(ServiceRequest.zone).first())["zone"]
    for number, (where, channel) in enumerate(((zone, "phone"), ("", "phone"), ("", "counter"))):
        await inform(desk.host, parvis, zone=where, channel=channel, idempotency_key=str(number))
    manager = await desk.signed_in("manager")
    for query, given, contacts in (("", 3, 4), ("canal=phone", 2, 3), ("canal=counter", 1, 1), (f"zone={zone}", 1, 2)):
        await manager.get(f"/bureau/tableau?{query}")
        words = said("%(share)s of %(count)s contacts at the desk", share=share(given, contacts), count=contacts)
        assert f"{DEFINITIONS['first_contact'].title.to('fr')} {given} {words}" in unescape(manager.text), query


def share(part, whole):
    with speaking("fr"):
        return format_percent(part / whole)


async def test_decisions_are_counted_by_month_and_each_count_leads_to_its_list(desk, month):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau/decisions?type=hole")
    tiles = re.findall(r'<a class="tile__value" href="([^"]+)">([\d\s]+)</a>', page.text)
    cells = re.findall(r'<td class="is-number[^"]*"><a href="([^"]+)">(\d+)</a>', page.text)
    assert [value for _, value in tiles] == ["4", "3"]
    for href, value in [*tiles, *cells]:
        assert len(references(await manager.get(unescape(href)))) == int(value), href
    lines = (await manager.get("/bureau/tableau/decisions.csv?type=hole")).text.splitlines()
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 3
    done = await ServiceRequest.select(ServiceRequest.submitted_at, ServiceRequest.closed_at).where(
        ServiceRequest.closed_at.is_not_null()
    )
    calendar = desk.host.jurisdictions.jurisdiction("parvis").calendar
    days = {local_day(calendar, one["closed_at"]) - local_day(calendar, one["submitted_at"]) for one in done}
    assert {timedelta(days=float(line.split(",")[3])) for line in lines[1:] if line.split(",")[2] != "0"} == days
    for query in ("type=unheard", "genre=unheard", "depuis=x&jusqua=9999-12-31"):
        assert (await manager.get(f"/bureau/tableau/decisions?{query}")).status_code == 200


async def test_lists_hold_what_is_counted_for_who_sees_more_than_they_count(desk, month):
    """The agent sees the whole town but counts one unit, or one unit in some zones."""
    for grants in ({"unit": "public_works"}, {"unit": "roads"}, {"unit": "roads", "zones": ("nowhere",)}):
        clerk = await desk.signed_in("observer", name=str(len(desk.clients)))
        own = Grant(role="manager", jurisdiction="parvis", **grants)
        await give(desk.host.engine, clerk.person.id, own, by="Ana Tremblay")
        for path in ("", "?unite=roads", "/decisions?type=hole", "/decisions?type=hole&unite=lighting"):
            page = await clerk.get(f"/bureau/tableau{path}")
            leading = re.findall(
                r'<a (?:class="tile__value" )?href="([^"]+)">(\d+)</a>|class="tile__part" href="([^"]+)">\D*(\d+)',
                page.text,
            )
            assert len(leading) > 1
            for href, value, of_part, part in leading:
                if "/bureau?" in href + of_part:
                    listed = references(await clerk.get(unescape(href or of_part)))
                    assert len(listed) == int(value or part), (grants, path, href or of_part)


async def test_the_manager_reads_what_was_answered_in_place_of_requests_and_how_often(desk):
    parvis = desk.host.jurisdictions.jurisdiction("parvis")
    await count(desk.host, parvis, "hole", ["stop:strike"], "told")
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau")
    assert said("Questions answered without a request") in manager.text
    await manager.get("/bureau/tableau?type=quarrel")
    assert said("Questions answered without a request") not in manager.text


async def test_a_share_of_all_contacts_is_told_of_the_town_and_no_manager_of_one_unit_reads_it(desk):
    await inform(
        desk.host, desk.host.jurisdictions.jurisdiction("parvis"), zone="", channel="counter", idempotency_key="1"
    )
    manager, of_roads = await desk.signed_in("manager"), await desk.signed_in("manager", "roads")
    await manager.get("/bureau/tableau")
    assert said("Resolved at first contact") in manager.text
    assert said("%(share)s of %(count)s contacts at the desk", share="100\u00a0%", count=1) in manager.text
    await of_roads.get("/bureau/tableau")
    assert said("information given, no request needed") in of_roads.text


async def test_where_nobody_answers_the_telephone_first_contact_is_shown_of_days_in_which_somebody_did(desk):
    manager, tile = await desk.signed_in("manager"), DEFINITIONS["first_contact"].title.to("fr")
    await manager.get("/bureau/tableau")
    assert tile in manager.text
    await switch(desk.host, "off", "telephone")
    await manager.get("/bureau/tableau")
    assert tile not in manager.text
    await inform(
        desk.host, desk.host.jurisdictions.jurisdiction("parvis"), zone="", channel="counter", idempotency_key="1"
    )
    await manager.get("/bureau/tableau")
    assert tile in manager.text
