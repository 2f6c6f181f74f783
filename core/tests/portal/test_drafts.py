"""Drafts: found again on this device, in several tabs, without cookies; nothing is lost."""

import asyncio
import re
from dataclasses import replace

import pytest
from msgspec import structs

from parvis.db.binding import open_engine
from parvis.requests import drafting
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.records import find
from parvis_sdk.fields import PUBLIC, OneOf
from parvis_sdk.forms import Form, Section
from parvis_testing.portal import visiting
from parvis_testing.services import HOLE, SIZES, said

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


def refusing_cookies(browser):
    async def bare(request):
        request.headers.pop("cookie", None)

    browser.http.event_hooks = {"request": [bare]}
    return browser


def words_left(browser):
    return dict(browser.form()["fields"])


# On this device.


async def test_a_draft_outlives_the_end_of_the_server_and_of_the_browser(app, settings):
    async with visiting(app) as anyone:
        before = await at_questions(anyone())
        await before.send({"size": "large", "_keep": "1"}, follow=False)
    host = replace(app.state.deployment.host, engine=open_engine(settings.database_url))
    app.state.deployment = replace(app.state.deployment, host=host)
    async with visiting(app) as anyone:
        after = anyone()
        after.http.cookies = before.http.cookies
        after.http.cookies.delete("parvis_visitor")  # it ends with the browser
        await after.open(f"{SERVICE}/1")
        assert ("size", "large") in after.form()["fields"]


async def test_a_page_left_open_beyond_the_end_of_the_session_goes_on(browser):
    await at_questions(browser)
    browser.http.cookies.delete("parvis_visitor")
    await browser.send({"size": "small", "danger": "no"})
    assert browser.path == f"{SERVICE}/3"
    await browser.send({})
    assert browser.path == f"{SERVICE}/coordonnees"
    assert "brouillon=" not in str(browser.page.url)


# Several tabs.


async def test_a_second_tab_is_told_of_the_draft_and_may_go_on_with_it_or_begin_another(browser, host):
    await at_questions(browser)
    await browser.open(SERVICE, referer=f"{BASE}/fr/services")
    assert "Vous avez déjà un brouillon pour ce service" in browser.text
    assert f'href="{SERVICE}/verification"' in browser.page.text
    await browser.open(SERVICE, referer=f"{BASE}{SERVICE}/1")
    assert "Vous avez déjà un brouillon pour ce service" not in browser.text
    await browser.open(f"{SERVICE}?autre=1")
    assert words_left(browser)["place.address"] == ""
    await browser.send({"place.words": "Devant l’aréna"})
    second = str(browser.page.url)
    assert "no=" in second
    await browser.open(SERVICE)
    assert words_left(browser)["place.address"] == "4563, rue Saint-Urbain"
    await browser.open(second)
    await browser.send({"_back": "1"})
    assert words_left(browser)["place.words"] == "Devant l’aréna"


async def test_two_drafts_of_one_service_become_two_requests(browser, host):
    await at_review(browser)
    first = browser.page
    await browser.open(f"{SERVICE}?autre=1")
    await browser.send({"place.words": "Devant l’aréna"})
    await browser.send({"size": "large", "depth": "4", "danger": "no"})
    await browser.send({})
    await browser.send(ELOISE)
    second = browser.page
    browser.page = first
    await browser.send()
    one = browser.path
    browser.page = second
    await browser.send()
    assert browser.path.endswith("/recu")
    assert browser.path != one
    records = [await find(host, path.split("/")[3]) for path in (one, browser.path)]
    assert [record.answers["size"] for record in records] == ["small", "large"]


async def test_what_two_tabs_write_on_one_page_is_never_written_over_unseen(browser):
    await at_questions(browser)
    mine = browser.page
    await browser.open(f"{SERVICE}/1")
    await browser.send({"size": "large", "depth": "12", "danger": "no"})
    browser.page = mine
    await browser.send({"size": "small", "danger": "no"})
    assert browser.status == 409
    assert "Votre brouillon a été modifié ailleurs entre-temps" in browser.text
    assert "Grand" in browser.text
    assert ("size", "small") in browser.form()["fields"]
    await browser.send({})
    assert browser.path == f"{SERVICE}/3"
    await browser.open(f"{SERVICE}/1")
    assert ("size", "small") in browser.form()["fields"]


async def test_nothing_is_sent_that_another_tab_wrote_after_the_last_look(browser, host):
    await at_review(browser)
    looking = browser.page
    await browser.open(f"{SERVICE}/1")
    await browser.send({"size": "large", "depth": "12"})
    browser.page = looking
    await browser.send()
    assert browser.status == 409
    assert "Rien n’a été envoyé" in browser.text
    assert "Grand" in browser.text
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert record.answers["size"] == "large"


async def test_what_another_tab_wrote_again_as_it_was_does_not_stop_the_last_press(browser):
    await at_review(browser)
    looking = browser.page
    await browser.open(f"{SERVICE}/1")
    await browser.send()
    browser.page = looking
    await browser.send()
    assert browser.path.endswith("/recu")


async def test_tabs_on_different_pages_of_one_draft_do_not_disturb_each_other(browser, jpeg):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    photos = browser.page
    await browser.open(f"{SERVICE}/1")
    await browser.send({"size": "large", "depth": "3"})
    browser.page = photos
    await browser.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    assert browser.path == f"{SERVICE}/coordonnees"
    await browser.open(f"{SERVICE}/1")
    assert ("size", "large") in browser.form()["fields"]
    await browser.open(f"{SERVICE}/3")
    assert "Retirer a.jpg" in browser.text


async def test_photos_of_two_tabs_both_stay(browser, jpeg):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    mine = browser.page
    await browser.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    browser.page = mine
    await browser.send({}, files=[("photos", ("b.jpg", jpeg, "image/jpeg"))])
    assert browser.path == f"{SERVICE}/coordonnees"
    await browser.open(f"{SERVICE}/3")
    assert "Retirer a.jpg" in browser.text
    assert "Retirer b.jpg" in browser.text


# Pressed twice, gone back, sent again.


async def test_a_first_page_sent_twice_at_once_begins_one_draft(browser, host):
    await browser.open(SERVICE)
    fields = dict(browser.form()["fields"]) | PLACE
    answers = await asyncio.gather(*(browser.http.post(f"{BASE}{SERVICE}", data=fields) for _ in range(3)))
    tokens = {answer.headers["set-cookie"].split("=", 1)[1].split(";")[0] for answer in answers}
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len(tokens) == 1


async def test_sending_twice_at_once_makes_one_request_and_both_answers_lead_to_it(browser, host):
    await at_review(browser)
    fields = dict(browser.form()["fields"])
    url = str(browser.page.url)
    answers = await asyncio.gather(*(browser.http.post(url, data=fields) for _ in range(3)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert all("parvis_key=" in answer.headers["set-cookie"] for answer in answers)
    assert (await public_requests(host, "parvis", Filters())).total == 1


async def test_the_first_page_found_again_by_going_back_after_sending_leads_to_the_receipt(browser, host):
    await browser.open(SERVICE)
    first = browser.page
    await at_review(browser)
    token = browser.http.cookies.get(COOKIE)
    await browser.send()
    receipt = browser.path
    browser.page = first
    await browser.send({**PLACE, "_draft": token})
    assert browser.path == receipt
    assert (await public_requests(host, "parvis", Filters())).total == 1


async def test_going_back_by_the_button_keeps_what_was_typed(browser):
    await at_questions(browser)
    await browser.send({"size": "large", "_back": "1"})
    assert browser.path == SERVICE
    await browser.open(f"{SERVICE}/1")
    assert ("size", "large") in browser.form()["fields"]


async def test_what_is_typed_is_kept_while_it_is_typed_without_a_word_on_what_is_missing(browser, host):
    await browser.open(SERVICE)
    await browser.send({"place.words": "Devant l’é", "_keep": "1"}, follow=False)
    assert (browser.status, browser.page.json()) == (200, {"kept": True, "at": SERVICE})
    await browser.open(SERVICE)
    assert words_left(browser)["place.words"] == "Devant l’é"
    token = browser.http.cookies.get(COOKIE)
    assert (await drafting.load(host, token)).raw.get("done") is None


async def test_typing_on_after_what_was_kept_is_no_quarrel_with_oneself(browser):
    await at_questions(browser)
    page = browser.page
    await browser.send({"size": "small", "_keep": "1"}, follow=False)
    browser.page = page
    await browser.send({"size": "large", "depth": "4", "danger": "no"})
    assert browser.path == f"{SERVICE}/3"


# Without cookies.


async def test_a_browser_that_refuses_cookies_comes_to_its_receipt(browser, host, jpeg):
    refusing_cookies(browser)
    await at_questions(browser)
    assert browser.path == f"{SERVICE}/1"
    assert "Votre navigateur refuse les témoins" in browser.text
    assert browser.page.headers["cache-control"] == "private, no-store"
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    await browser.open(str(browser.page.url).replace("coordonnees", "3"))
    preview = browser.page.text.split('<img src="')[1].split('"')[0]
    assert (await browser.http.get(BASE + preview.replace("&amp;", "&"))).status_code == 200
    await browser.send({})
    await browser.send(ELOISE)
    await browser.send()
    assert browser.path == f"{SERVICE}/recu"
    reference = re.search(r'class="reference">([\w-]+)', browser.page.text)[1]
    assert "cle=" in browser.page.text
    assert (await find(host, reference)).answers["size"] == "small"
    await browser.open(str(browser.page.url))
    assert reference in browser.text


async def test_without_cookies_every_way_out_of_a_page_keeps_the_draft(browser):
    refusing_cookies(browser)
    await at_questions(browser)
    token = words_left(browser)["_draft"]
    inside = re.findall(r'href="(/(?:fr|en)/(?:demande|request)/[^"]*)"', browser.page.text)
    assert inside
    assert all(f"brouillon={token}" in address for address in inside)


async def test_forms_without_cookies_still_come_from_our_own_pages(browser):
    refusing_cookies(browser)
    await browser.open(SERVICE)
    fields = dict(browser.form()["fields"]) | PLACE
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await browser.http.post(f"{BASE}{SERVICE}", data=fields, headers=headers)).status_code == 403
    forged = fields | {"_draft": "a" * 40}
    assert (await browser.http.post(f"{BASE}{SERVICE}", data=forged)).status_code == 403


# Without the module that lets a draft be taken up elsewhere.


async def test_without_a_shelf_nothing_leads_to_one_and_a_draft_is_found_by_its_form(browser, visitor):
    await at_questions(browser)
    assert "Continuer plus tard" not in browser.text
    token = words_left(browser)["_draft"]
    await browser.send({"size": "large", "_later": "1"})
    assert browser.path == f"{SERVICE}/1"
    assert ("size", "large") in browser.form()["fields"]
    assert "brouillon" not in (await browser.open("/fr/")).page.text
    await browser.open(SERVICE, referer=f"{BASE}/fr/services")
    assert "Vous avez déjà un brouillon pour ce service" in browser.text
    for path in (f"/fr/brouillon/{token}", f"{SERVICE}?brouillon={token}"):
        other = await visitor().open(SERVICE)
        await other.send({"place.words": "Ailleurs"})
        await other.open(path)
        assert other.status == 404
        assert "Saint-Urbain" not in other.page.text
    await browser.open(f"{SERVICE}/plus-tard")
    assert browser.status == 404


# Hostile.


@pytest.mark.parametrize("token", ["", "a" * 40, "a" * 5000, "../../etc", "é" * 40, "\x00" * 40])
async def test_a_token_of_ones_own_choice_begins_nothing(browser, host, token):
    await browser.open(SERVICE)
    fields = dict(browser.form()["fields"]) | PLACE | {"_draft": token}
    answer = await browser.http.post(f"{BASE}{SERVICE}", data=fields)
    assert answer.status_code == 303
    assert await drafting.load(host, token) is None


async def test_the_token_of_another_service_is_of_no_use(browser, host):
    await at_questions(browser)
    token = words_left(browser)["_draft"]
    await browser.open("/fr/demande/rues/lampadaires")
    fields = dict(browser.form()["fields"]) | {"_draft": token, "lamps.0.number": "A-1", "agree": "yes"}
    await browser.http.post(f"{BASE}/fr/demande/rues/lampadaires", data=fields)
    draft = await drafting.load(host, token)
    assert (draft.type, "lamps" in str(draft.raw)) == ("hole", False)


async def test_a_draft_beyond_all_measure_is_refused_and_what_was_there_stays(browser, host):
    await at_questions(browser)
    token = words_left(browser)["_draft"]
    fields = dict(browser.form()["fields"]) | {"size": "x" * 300_000, "_keep": "1"}
    assert (await browser.http.post(f"{BASE}{SERVICE}/1", data=fields)).status_code == 413
    assert (await drafting.load(host, token)).raw["place"]["address"] == "4563, rue Saint-Urbain"


async def test_scripts_in_every_text_are_shown_as_text(browser):
    wicked = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    await at_questions(browser, **{"place.words": wicked})
    mine = browser.page
    await browser.open(SERVICE)
    await browser.send({"place.words": "Autre"})
    browser.page = mine
    for _ in range(2):
        assert "<script>alert" not in browser.page.text
        assert "<img src=x" not in browser.page.text
        await browser.open(SERVICE)


async def test_many_new_drafts_from_one_address_are_stopped(visitor, monkeypatch):
    monkeypatch.setattr("parvis.web.portal.apply.NEW_DRAFTS", 2)
    statuses = []
    for _ in range(3):
        one = await visitor().open(SERVICE)
        await one.send({"place.words": "Ici"})
        statuses.append(one.status)
    assert statuses == [200, 200, 429]


# A form that changed.


async def test_answers_go_over_to_a_newer_form_and_the_person_is_told(browser, host, monkeypatch):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    asked = OneOf(code="lane", label=said("Quelle voie?", "Which lane?"), options=SIZES, privacy=PUBLIC)
    first = HOLE.form.sections[0]
    kept = tuple(field for field in first.fields if field.code != "danger")
    form = Form(sections=(Section(code="what", title=first.title, fields=(*kept, asked)), HOLE.form.sections[2]))
    monkeypatch.setitem(host.plugins.request_types, "hole", structs.replace(HOLE, form=form))
    await browser.open(f"{SERVICE}/verification")
    assert browser.path == f"{SERVICE}/1"
    assert "Ce formulaire a changé depuis" in browser.text
    assert "1 question n’est plus posée" in browser.text
    assert ("size", "small") in browser.form()["fields"]
    await browser.send({"lane": "large"})
    assert "Ce formulaire a changé depuis" not in browser.text
    await browser.send({})
    await browser.send(ELOISE)
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert record.answers == {"size": "small", "lane": "large"}
