"""Public requests are switched off while some are listed and one is reported: nothing is listed, nothing is lost."""

import pytest

from parvis.modules import part
from parvis.requests.keeping.retention import erase
from parvis.requests.publishing import hide_page
from parvis.requests.reported_pages import reports_about
from parvis_public_requests.page_reports import report_page, reports_of
from parvis_public_requests.tables import PageReport
from parvis_testing.desk import ANA
from parvis_testing.modules import switch

LISTED = ("requetes", "requetes/carte", "requetes.atom", "requetes.rss", "requetes.geojson", "signaler-cette-page")
LINKS = ("/fr/requetes", "/fr/signaler-cette-page", "/bureau/pages-publiques")


@pytest.fixture
async def off(desk):
    """A request whose page was reported, in a town that no longer lists its requests."""
    record = await desk.request()
    town = desk.host.jurisdictions.jurisdiction("parvis")
    await report_page(desk.host, town, f"/fr/requete/{record.reference}", record, "person", "C’est mon nom", "fr")
    await switch(desk.host, "off", "public_requests")
    yield record
    await switch(desk.host, "on", "public_requests")


async def test_its_pages_feeds_and_operation_do_not_exist_and_nothing_leads_there(desk, off):
    anybody, clerk = desk.browser(), await desk.signed_in("manager")
    for path in LISTED:
        assert (await anybody.get(f"/fr/{path}")).status_code == 404, path
    assert (await clerk.get("/bureau/pages-publiques")).status_code == 404
    assert (await anybody.http.get("/api/v1/requests.geojson")).status_code == 404
    assert "/requests.geojson" not in (await anybody.http.get("/api/v1/openapi.json")).text
    assert (await anybody.http.get("/api/v1/requests")).json()["items"] == []
    pages = ("/fr", "/fr/services", "/fr/commencer?lieu=45.5236,-73.5807", f"/fr/requete/{off.reference}", "/fr/rien")
    shown = [(await anybody.get(path)).text for path in pages]
    shown += [(await clerk.get(path)).text for path in ("/bureau", f"/bureau/requete/{off.reference}")]
    assert [(link, page[:200]) for page in shown for link in LINKS if f'"{link}' in page] == []
    assert not [page for page in shown if "C’est mon nom" in page]


async def test_whoever_is_led_to_a_request_reads_its_page_and_the_desk_hides_it(desk, off):
    anybody, clerk = desk.browser(), await desk.signed_in("agent")
    page, case = f"/fr/requete/{off.reference}", f"/bureau/requete/{off.reference}"
    assert (await anybody.get(page)).status_code == 200
    await clerk.get(case)
    assert page in clerk.page.text
    await clerk.post(f"{case}/page-publique", do="hide", reason="Nomme une personne")
    assert (await anybody.get(page)).status_code == 404


async def test_what_is_decided_meanwhile_settles_what_was_reported(desk, off):
    """Off is not deaf: nobody is asked again, once the module is on, about a page that is hidden already."""
    town = desk.host.jurisdictions.jurisdiction("parvis")
    assert await reports_about(desk.host, town, off) == ()
    assert len(await reports_of(off)) == 1
    await hide_page(desk.host, off.reference, "Nomme une personne", actor=ANA)
    assert await reports_of(off) == ()
    assert [row["settled"] for row in await PageReport.select()] == ["hidden"]


async def test_on_again_the_list_and_the_report_are_there(desk, off):
    await switch(desk.host, "on", "public_requests")
    anybody, clerk = desk.browser(), await desk.signed_in("agent")
    assert off.reference in (await anybody.get("/fr/requetes")).text
    assert "C’est mon nom" in (await clerk.get("/bureau/pages-publiques")).text
    assert "C’est mon nom" in (await clerk.get(f"/bureau/requete/{off.reference}")).text


async def test_an_erasure_takes_what_was_reported_of_the_request(desk, off):
    await erase(desk.host, off.reference, actor=ANA)
    assert await PageReport.count() == 0
    assert part("parvis_public_requests.personal").ERASURE.personal[0].table == "page_report"


async def test_one_town_lists_and_another_does_not(desk, off):
    await switch(desk.host, "on", "public_requests", town="parvis")
    assert (await desk.browser().get("/fr/requetes")).status_code == 200
    await switch(desk.host, "off", "public_requests", town="parvis")
    assert (await desk.browser().get("/fr/requetes")).status_code == 404
    await switch(desk.host, "on", "public_requests", town="parvis")


async def test_an_operator_reads_first_which_pages_of_everybody_go_with_it(desk):
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/modules/public_requests?ville=parvis&etat=off")
    for page in ("Pages publiques", "Requêtes publiques", "Signaler un problème sur cette page"):
        assert page in operator.text.split("Ce qui disparaît")[1], page
    assert "page_report" not in operator.text  # the table stays, with what is in it
    await operator.get("/exploitation/modules")
    assert "page_report" in operator.text
