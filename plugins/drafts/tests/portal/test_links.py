"""Drafts that are taken up again: on the first page, later, on another device, by a private link."""

import re

from parvis import clock
from parvis.db.tables import Delivery
from parvis.requests import drafting
from parvis_testing.modules import switch

SERVICE = "/fr/demande/rues/nid-de-poule"
BASE = "http://127.0.0.1"
PLACE = {"place.address": "4563 rue saint-urbain"}
ELOISE = {"mode": "named", "name": "Éloïse Tremblay", "email": "eloise@exemple.ca"}
COOKIE = "parvis_draft_hole"


async def at_questions(browser, **place):
    await browser.open(SERVICE)
    return await browser.send(place or PLACE)


async def at_review(browser):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({})
    return await browser.send(ELOISE)


async def link_of(browser):
    """Leave for later, and read the private link off the page."""
    await browser.send({"_later": "1"})
    assert browser.path == f"{SERVICE}/plus-tard"
    return re.search(r"/fr/brouillon/[\w-]+", browser.page.text)[0]


def words_left(browser):
    return dict(browser.form()["fields"])


async def test_the_first_page_offers_what_was_begun_on_this_device(browser, visitor):
    await at_questions(browser)
    await browser.open("/fr/")
    assert "Continuer : Nid-de-poule" in browser.text
    assert browser.page.headers["cache-control"] == "private, no-store"
    await browser.open("/fr/demande/rues/nid-de-poule/verification")
    assert browser.path == f"{SERVICE}/1"
    assert "Nid-de-poule" not in (await visitor().open("/fr/")).text.partition("Services par thème")[0]


async def test_what_was_begun_can_be_erased_by_its_own_device_after_being_asked(browser, host, jpeg):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    token = browser.http.cookies.get(COOKIE)
    await browser.open("/fr/")
    await browser.open(re.search(r"/fr/brouillon\?no=\w+", browser.page.text)[0])
    assert await drafting.load(host, token)  # by looking at it nothing happens
    await browser.send({"do": "discard"})
    assert browser.path == "/fr/brouillon/efface"
    assert await drafting.load(host, token) is None
    assert not any(path.is_file() for path in host.files.folder.rglob("*"))
    assert "Continuer :" not in (await browser.open("/fr/")).text


async def test_a_shared_device_lets_go_of_a_draft_whose_link_stays(browser, visitor):
    await at_questions(browser)
    link = await link_of(browser)
    await browser.send({"do": "forget"})
    assert "Brouillon retiré de cet appareil" in browser.text
    assert "Continuer :" not in (await browser.open("/fr/")).text
    other = await visitor().open(link)
    await other.send({"do": "resume"})
    await other.open(SERVICE)
    assert words_left(other)["place.address"] == "4563, rue Saint-Urbain"


async def test_the_link_opens_the_draft_on_another_device_after_one_press(browser, visitor):
    await at_questions(browser)
    link = await link_of(browser)
    other = await visitor().open(link)
    assert "Nid-de-poule" in other.text
    assert "Saint-Urbain" not in other.page.text
    assert "parvis_draft_hole" not in other.http.cookies
    assert (other.page.headers["x-robots-tag"], other.page.headers["cache-control"]) == (
        "noindex, nofollow",
        "private, no-store",
    )
    assert other.page.headers["referrer-policy"] == "same-origin"
    await other.send({"do": "resume"})
    assert other.path == f"{SERVICE}/1"
    await other.open(SERVICE)
    assert words_left(other)["place.address"] == "4563, rue Saint-Urbain"


async def test_the_link_is_mailed_to_an_address_that_is_not_part_of_the_draft(browser, host, monkeypatch):
    monkeypatch.setitem(host.plugins.channels, "email", object())
    await at_questions(browser)
    link = await link_of(browser)
    await browser.send({"email": "pas un courriel"}, form=0)
    assert browser.status == 422
    await browser.send({"email": "zoe@exemple.ca"}, form=0)
    assert "Le lien est envoyé" in browser.text
    (row,) = await Delivery.select(Delivery.event, Delivery.subscriber)
    assert row["subscriber"] == "channel:email"
    for words in (f"{BASE}{link}", "zoe@exemple.ca", "Nid-de-poule", "Quelqu’un a donné cette adresse"):
        assert words in row["event"]
    assert "Saint-Urbain" not in row["event"]
    draft = await drafting.load(host, link.rpartition("/")[2])
    assert "zoe@exemple.ca" not in str(draft)


async def test_nobody_fills_a_mailbox_from_here(browser, host, monkeypatch):
    monkeypatch.setitem(host.plugins.channels, "email", object())
    await at_questions(browser)
    await link_of(browser)
    page, statuses = browser.page, []
    for _ in range(7):
        browser.page = page
        await browser.send({"email": "zoe@exemple.ca"}, form=0)
        statuses.append(browser.status)
    assert statuses == [200] * 5 + [429] * 2


async def test_a_link_says_whether_its_draft_was_sent_grew_old_or_never_was(browser, visitor):
    with clock.moved_to(clock.now()) as time:
        await at_questions(browser)
        link = await link_of(browser)
        await browser.open(f"{SERVICE}/1")
        time.forward(days=15)
        other = await visitor().open(link)
        assert other.status == 404
        assert "Ce lien n’est plus valide" in other.text
        assert (await other.open("/fr/brouillon/" + "x" * 40)).status == 404
        assert (await other.open("/fr/brouillon/..%2f..")).status == 404
        # What stands on a page left open for two weeks begins a draft anew: nothing typed is lost.
        await browser.send({"size": "small", "danger": "no"})
        assert browser.status == 200
        await browser.open(f"{SERVICE}/1")
        assert ("size", "small") in browser.form()["fields"] or browser.path == SERVICE


async def test_the_link_of_a_draft_that_was_sent_tells_its_number(browser, visitor):
    await at_review(browser)
    link = await link_of(browser)
    await browser.open(f"{SERVICE}/verification")
    await browser.send()
    reference = browser.path.split("/")[3]
    other = await visitor().open(link)
    assert "Cette requête a été envoyée" in other.text
    assert reference in other.text
    assert "cle=" not in other.page.text


async def test_a_link_opens_nothing_in_another_town(browser, visitor):
    await at_questions(browser)
    link = await link_of(browser)
    assert (await visitor("http://localhost").open(link)).status == 404


async def test_a_draft_whose_service_is_gone_leads_to_people_and_can_be_erased(browser, host, monkeypatch):
    await at_questions(browser)
    link = await link_of(browser)
    monkeypatch.setattr("parvis_drafts.portal.resuming.type_of", lambda *where: None)
    await browser.open(link)
    assert "n’est plus offert en ligne" in browser.text
    await browser.send({"do": "discard"})
    assert browser.path == "/fr/brouillon/efface"
    assert "Continuer :" not in (await browser.open("/fr/")).text


async def test_an_address_with_the_token_of_somebody_else_asks_first_and_shows_nothing(browser, visitor):
    await at_questions(browser)
    token = words_left(browser)["_draft"]
    other = await visitor().open(SERVICE)
    await other.send({"place.words": "Ailleurs"})
    await other.open(f"{SERVICE}?brouillon={token}")
    assert other.path == f"/fr/brouillon/{token}"
    assert "Saint-Urbain" not in other.page.text


async def test_a_draft_that_outlived_server_and_browser_is_on_the_first_page(browser):
    await at_questions(browser)
    browser.http.cookies.delete("parvis_visitor")  # it ends with the browser
    assert "Continuer : Nid-de-poule" in (await browser.open("/fr/")).text


async def test_where_the_town_switches_it_off_nothing_leads_there_and_on_again_a_link_works_as_before(
    browser, visitor, host
):
    await at_questions(browser)
    link = await link_of(browser)
    await switch(host, "off", "drafts")
    other = await visitor().open(link)
    assert other.status == 404
    assert "Les brouillons ne se continuent plus par un lien" in other.text
    assert "Saint-Urbain" not in other.page.text
    assert "no longer be continued by a link" in (await other.open(link.replace("/fr/brouillon", "/en/draft"))).text
    assert "Continuer :" not in (await browser.open("/fr/")).text
    await browser.open(f"{SERVICE}/1")
    assert "Continuer plus tard" not in browser.text
    await switch(host, "on", "drafts")
    assert "Nid-de-poule" in (await visitor().open(link)).text


async def test_two_drafts_of_one_service_are_both_on_the_first_page(browser):
    await at_questions(browser)
    await browser.open(f"{SERVICE}?autre=1")
    await browser.send({"place.words": "Devant l’aréna"})
    assert (await browser.open("/fr/")).text.count("Continuer : Nid-de-poule") == 2
