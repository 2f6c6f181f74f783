"""Reports by email at the desk: chosen, listed, stopped there or by the link in them."""

import asyncio
import re
from uuid import UUID

from parvis import clock
from parvis.db import insert_values
from parvis.requests.links import report_stop_url
from parvis.requests.references import key_for
from parvis_dashboards import wanted
from parvis_dashboards.wanted import want, wanted_by
from parvis_testing.desk import said


async def test_a_report_is_chosen_and_stopped_by_whoever_has_it(desk):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau/tableau/rapports")
    assert said("You receive no reports.") in page.text
    page = await manager.post("/bureau/tableau/rapports", unite="roads", chaque="semaine")
    assert page.status_code == 200
    assert said("The report will be sent to %(address)s.", address=manager.person.email) in manager.text
    [report] = await wanted_by("parvis", UUID(manager.person.id))
    assert (report.unit, report.every) == ("roads", "week")
    page = await manager.get("/bureau/tableau/rapports")
    assert "Voirie" in page.text
    other = await desk.signed_in("manager", "lighting")
    assert (await other.post(f"/bureau/tableau/rapports/{report.id}/retirer")).status_code == 404
    await manager.get("/bureau/tableau/rapports")
    await manager.post(f"/bureau/tableau/rapports/{report.id}/retirer")
    assert said("The report is stopped.") in manager.text
    assert await wanted_by("parvis", report.agent) == ()


async def test_a_button_pressed_twice_chooses_one_report(desk, monkeypatch):
    async def slowly(*values):
        await asyncio.sleep(0.05)
        await insert_values(*values)

    monkeypatch.setattr(wanted, "insert_values", slowly)
    manager = await desk.signed_in("manager")
    agent, town = UUID(manager.person.id), desk.host.jurisdictions.jurisdiction("parvis")
    assert all(await asyncio.gather(*(want(desk.host.engine, town, agent, "roads", "week") for _ in range(6))))
    assert [report.every for report in await wanted_by("parvis", agent)] == ["week"]


async def test_one_chooses_only_what_one_may_count(desk):
    manager = await desk.signed_in("manager", "lighting")
    await manager.get("/bureau/tableau/rapports")
    for sent in ({"unite": "roads", "chaque": "mois"}, {"unite": "", "chaque": "jour"}):
        assert (await manager.post("/bureau/tableau/rapports", **sent)).status_code == 422
    assert await wanted_by("parvis", UUID(manager.person.id)) == ()


async def mailed(desk):
    """A report that somebody has sent to them, and the link to its end in the mail of today."""
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/tableau/rapports")
    await manager.post("/bureau/tableau/rapports", unite="", chaque="mois")
    [report] = await wanted_by("parvis", UUID(manager.person.id))
    return report, report_stop_url(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), report.id)


async def test_one_link_ends_it_without_signing_in_and_robots_end_nothing(desk):
    report, address = await mailed(desk)
    anybody = desk.browser()
    assert (await anybody.get(address[:-1] + ("a" if address[-1] != "a" else "b"))).status_code == 404
    page = await anybody.get(address)
    assert page.status_code == 200
    assert len(await wanted_by("parvis", report.agent)) == 1
    assert re.search("noindex", page.text)
    for _ in range(2):
        await anybody.get(address)
        page = await anybody.post(address)
        assert said("The report is stopped.") in page.text
    assert await wanted_by("parvis", report.agent) == ()


async def test_the_link_that_stops_a_report_ends_and_says_where_else_it_is_stopped(desk):
    """A mailbox that somebody else has after years does not decide what its former person is sent."""
    report, address = await mailed(desk)
    anybody = desk.browser()
    await anybody.get(address)
    with clock.moved_to(clock.now()) as later:
        later.forward(days=181)
        for ask in (anybody.post, anybody.get):
            assert (await ask(address)).status_code == 404
            assert said("This link is no longer valid") in anybody.text
        assert len(await wanted_by("parvis", report.agent)) == 1
        town = desk.host.jurisdictions.jurisdiction("parvis")
        assert (await anybody.get(report_stop_url(desk.host, town, report.id))).status_code == 200


async def test_a_mail_program_stops_a_report_by_one_click_without_cookies(desk):
    """The mail offers one-click unsubscription (RFC 8058); if it were refused, reports would keep coming after the
    click.
    """
    report, address = await mailed(desk)
    word = {"List-Unsubscribe": "One-Click"}
    wrong = address[:-1] + ("a" if address[-1] != "a" else "b")
    assert (await desk.browser().http.post(wrong, data=word)).status_code == 404
    assert (await desk.browser().http.post(address, data={"other": "word"})).status_code == 403
    assert len(await wanted_by("parvis", report.agent)) == 1
    assert (await desk.browser().http.post(address, data=word)).status_code == 200
    assert await wanted_by("parvis", report.agent) == ()


async def test_a_link_of_before_that_had_no_end_still_stops_a_report(desk):
    report, address = await mailed(desk)
    before = f"{address.rpartition('/')[0]}/{key_for(desk.host.secret, report.id)}"
    anybody = desk.browser()
    await anybody.get(before)
    assert (await anybody.post(before)).status_code == 200
    assert await wanted_by("parvis", report.agent) == ()
