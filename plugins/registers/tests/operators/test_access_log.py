"""Operators read who looked at what on a day, in the towns that they run, and take it away as a sheet."""

import csv
import io
from datetime import UTC, datetime

from parvis import clock
from parvis.people.agents import Grant
from parvis.requests.access_log import AccessLog, looks_at
from parvis.requests.records import find
from parvis.requests.visibility import Viewer
from parvis_testing.operators import opened

EVENING = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)  # 21:30 of the day before, in town
LUC = Viewer(kind="agent", id="luc", name="Luc Roy")
MACHINE = Viewer(kind="token", id="abc", name="Entretien")


async def looked(site):
    [line] = await site.deliveries()
    record = await find(site.host, line.reference)
    with clock.moved_to(EVENING):
        for what in ("page", "file", "archive"):
            site.host.of(AccessLog).at(LUC, record, what)
        site.host.of(AccessLog).listed(MACHINE, "parvis", "GET /requests", 217)
    await site.host.of(AccessLog).write(site.host.engine)
    return record


async def test_a_day_is_that_of_the_town_and_tells_each_person_and_machine(site):
    await site.sign_in()
    record = await looked(site)
    page = await site.page("/consultations", jour="2026-11-26")
    assert "Luc Roy" in page
    assert "Entretien" in page
    assert "217" in page
    assert record.reference not in page
    of_luc = await site.page("/consultations", jour="2026-11-26", qui="luc")
    assert of_luc.count(record.reference) == 3
    assert "Luc Roy" not in await site.page("/consultations", jour="2026-11-27")


async def test_the_day_goes_away_as_a_sheet_of_one_person_or_of_all(site):
    await site.sign_in()
    record = await looked(site)
    answer = await site.get("/consultations/feuille.csv", jour="2026-11-26")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted((row["name"], row["what"], row["about"], row["times"]) for row in rows) == [
        ("Entretien", "list", "GET /requests", "217"),
        *(("Luc Roy", what, record.reference, "1") for what in ("archive", "file", "page")),
    ]
    assert {row["hour"] for row in rows} == {"2026-11-27T02:00:00+00:00"}
    of_luc = (await site.get("/consultations/feuille.csv", jour="2026-11-26", qui="luc")).text
    assert "Luc Roy" in of_luc
    assert "Entretien" not in of_luc


async def test_operators_of_another_town_read_nothing_of_it(site):
    await looked(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    for path in ("/consultations", "/consultations/feuille.csv"):
        for given in ({}, {"ville": "parvis"}, {"qui": "luc"}):
            assert "Luc Roy" not in (await site.get(path, jour="2026-11-26", **given)).text


async def test_a_day_that_cannot_be_is_today(site):
    await site.sign_in()
    assert "Aucune consultation ce jour-là." in await site.page("/consultations", jour="hier")
    assert "Aucune consultation ce jour-là." in await site.page("/consultations", jour="9999-12-31")


async def test_what_is_noted_when_the_process_stops_is_written(settings, town_plugin):
    async with opened(settings, [town_plugin]) as site:
        [line] = await site.deliveries()
        record = await find(site.host, line.reference)
        site.host.of(AccessLog).at(LUC, record, "page")
    async with opened(settings, [town_plugin]):
        assert [(line.name, line.what) for line in (await looks_at(record.id))[0]] == [("Luc Roy", "page")]


async def test_what_was_delivered_or_said_about_a_request_counts_as_a_look(site):
    me = await site.sign_in()
    [line] = await site.deliveries()
    record = await find(site.host, line.reference)
    await site.page(f"/livraisons/{line.id}")
    await site.page("/livraisons")
    await site.host.of(AccessLog).write(site.host.engine)
    lines, _ = await looks_at(record.id)
    assert [(each.what, each.who, each.times) for each in lines] == [("delivery", me.id, 1)]
    today = await site.page("/consultations", qui=me.id)
    assert "ce qui a été transmis à son sujet à un autre système" in today
