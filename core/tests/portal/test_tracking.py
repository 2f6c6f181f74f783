"""The private view: opened by its key alone, told in plain words, and everything its requester may do there."""

import re

import pytest
from msgspec import structs

from parvis.db import counted
from parvis.requests.amendments import change_contact
from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.records import find
from parvis.requests.work.conversation import note, reply
from parvis_testing.portal import ANA, moved


async def test_the_key_leaves_the_address_for_a_cookie_of_these_pages_alone(browser, submit):
    receipt = await submit()
    link = f"http://127.0.0.1/fr/suivi/{receipt.reference}?cle={receipt.key}"
    answer = await browser.http.get(link, follow_redirects=False)
    assert answer.status_code == 303
    assert "cle" not in answer.headers["location"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookies = [value for value in answer.headers.get_list("set-cookie") if value.startswith("parvis_key=")]
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert any(f"Path=/fr/suivi/{receipt.reference}" in cookie for cookie in cookies)
    assert any(f"Path=/en/track/{receipt.reference}" in cookie for cookie in cookies)


async def test_the_view_tells_where_the_request_is_and_what_was_promised(opened, host):
    browser, receipt = opened
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    for words in ("Nid-de-poule", "1234, rue Rachel Est", "Nous l’avons reçue.", "Promis au plus tard le", "Petit"):
        assert words in browser.text
    assert "Zoé Côté" in browser.text
    assert browser.page.headers["cache-control"] == "private, no-store"
    # Under `no-referrer` a browser would send the forms of this page with `Origin: null`, which is refused.
    assert browser.page.headers["referrer-policy"] == "same-origin"


async def test_a_lower_case_reference_leads_to_the_request_itself(browser, submit):
    receipt = await submit()
    await browser.open(f"/fr/suivi/{receipt.reference.lower()}?cle={receipt.key.upper()}")
    assert browser.status == 200
    assert browser.path == f"/fr/suivi/{receipt.reference}"


@pytest.mark.parametrize("key", ["", "x", "0" * 22, "%00", "é", "a" * 5000])
async def test_a_wrong_key_opens_nothing_and_tells_nothing(visitor, submit, key):
    receipt = await submit()
    browser = await visitor().open(f"/fr/suivi/{receipt.reference}?cle={key}")
    assert "Zoé" not in browser.page.text
    assert "Nid-de-poule" not in browser.page.text
    unknown = await visitor().open(f"/fr/suivi/7K3M-9QXT-4?cle={key}")
    assert browser.status == unknown.status


async def test_a_forged_cookie_opens_nothing(visitor, submit):
    receipt = await submit()
    browser = visitor()
    browser.http.cookies.set("parvis_key", "0" * 22, domain="127.0.0.1", path="/")
    for page in (
        "",
        "/recu",
        "/action/withdraw",
        "/evenement",
        "/coordonnees",
        "/messages",
        "/en-direct",
        "/fichiers/x",
    ):
        await browser.open(f"/fr/suivi/{receipt.reference}{page}")
        assert browser.path == "/fr/suivi"
        assert "Zoé" not in browser.page.text


async def test_the_key_of_one_request_does_not_open_another(visitor, submit):
    one, other = await submit(), await submit()
    browser = await visitor().open(f"/fr/suivi/{other.reference}?cle={one.key}")
    assert browser.status == 404


async def test_a_misheard_reference_is_told_before_anything_is_looked_up(visitor, submit):
    receipt = await submit()
    wrong = ("0" if receipt.reference[0] != "0" else "1") + receipt.reference[1:]
    browser = await visitor().open("/fr/suivi")
    await browser.send({"reference": wrong, "contact": "zoe@exemple.ca"})
    assert browser.status == 422
    assert "contient une erreur" in browser.text


async def test_the_story_shows_what_the_town_tells_and_not_what_it_notes(opened, host):
    browser, receipt = opened
    await note(host, receipt.reference, "Client difficile", actor=ANA)
    await reply(host, receipt.reference, "Nous passons demain.", actor=ANA)
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Nous passons demain." in browser.text
    assert "Client difficile" not in browser.text
    assert not re.search(r"\bAna\b", browser.text)


async def test_a_question_of_the_town_is_answered_by_its_button(opened, host):
    browser, receipt = opened
    await moved(host, receipt.reference, "start", "ask", reason="De quel côté de la rue?")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Une action de votre part est attendue" in browser.text
    assert "De quel côté de la rue?" in browser.text
    await browser.open(f"/fr/suivi/{receipt.reference}/action/answer")
    await browser.send({})
    assert browser.status == 422
    await browser.send({"reason": "Du côté pair."})
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    assert "Du côté pair." in browser.text
    assert (await find(host, receipt.reference)).state == "working"


async def test_a_move_made_twice_is_made_once(opened, host):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/action/withdraw")
    page = browser.page
    await browser.send({"reason": "Réparé tout seul"})
    browser.page = page
    await browser.send({"reason": "Réparé tout seul"})
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    record = await find(host, receipt.reference)
    assert (record.state, record.version) == ("closed", 2)


@pytest.mark.parametrize("code", ["start", "close", "nothing", "%00", "withdraw%20"])
async def test_a_move_that_is_not_the_requesters_is_not_made(opened, host, code):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/action/withdraw")
    form = browser.form()
    answer = await browser.http.post(
        f"http://127.0.0.1/fr/suivi/{receipt.reference}/action/{code}", data=dict(form["fields"])
    )
    assert answer.status_code == (400 if code == "%00" else 303)
    assert (await find(host, receipt.reference)).state == "received"


async def test_not_repaired_opens_the_same_request_again(opened, host):
    browser, receipt = opened
    await moved(host, receipt.reference, "start", "repair", "close")
    await browser.open(f"/fr/suivi/{receipt.reference}/action/not_fixed")
    await browser.send({"reason": "Le trou est revenu."})
    assert "Le trou est revenu." in browser.text
    assert (await find(host, receipt.reference)).state == "working"


async def test_a_message_with_a_photo_lands_on_the_request(opened, host, jpeg):
    browser, receipt = opened
    await browser.send({"words": "Voici une photo."}, files=[("files", ("ici.jpg", jpeg, "image/jpeg"))])
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    assert "Voici une photo." in browser.text
    assert "ici.jpg" in browser.text
    address = browser.page.text.split('<img src="')[1].split('"')[0]
    photo = await browser.http.get(f"http://127.0.0.1{address}")
    assert photo.headers["content-type"] in ("image/jpeg", "image/webp")
    assert "sandbox" in photo.headers["content-security-policy"]
    stranger = type(browser)(browser.http.__class__(transport=browser.http._transport))
    await stranger.open(address)
    assert stranger.path == "/fr/suivi"


async def test_an_empty_message_is_told_and_a_photo_alone_is_enough(opened, jpeg):
    browser, _ = opened
    await browser.send({"words": "  "})
    assert browser.status == 422
    assert 'href="#words"' in browser.page.text
    await browser.send({"words": ""}, files=[("files", ("ici.jpg", jpeg, "image/jpeg"))])
    assert browser.status == 200
    assert "ici.jpg" in browser.text


async def test_html_is_only_ever_text_and_never_run(opened):
    browser, _ = opened
    await browser.send({"words": "<script>alert(1)</script><b>gras</b>"})
    assert "<script>alert(1)" not in browser.page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.page.text


async def test_new_occurrences_join_the_same_request(browser, submit, host):
    receipt = await submit("din")
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    assert "C’est arrivé de nouveau" in browser.text
    await browser.open(f"/fr/suivi/{receipt.reference}/evenement")
    await browser.send({"when": ""})
    assert browser.status == 422
    await browser.send({"when": "Hier à 23 h"})
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    assert "Hier à 23 h" in browser.text


async def test_contact_details_and_language_are_changed(opened, host):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    await browser.send({"email": "pas un courriel", "phone": ""})
    assert browser.status == 422
    assert 'value="pas un courriel"' in browser.page.text
    await browser.send({"email": "neuve@exemple.ca", "phone": "", "language": "en"})
    record = await find(host, receipt.reference)
    contact = await contact_of(record)
    assert (contact.name, contact.email, contact.phone) == ("Zoé Côté", "neuve@exemple.ca", "")
    assert record.language == "en"


async def test_a_postal_address_is_corrected_by_its_person_and_asked_of_nobody_else(opened, host):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    assert "postal_address" not in browser.page.text
    person = structs.replace(
        await contact_of(await find(host, receipt.reference)),
        postal_address="C. P. 5\nMagog (Québec)  J1X 2A4",
        preferred_channel="letter",
    )
    await change_contact(host, receipt.reference, person, "fr")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "C. P. 5<br>Magog" in browser.page.text
    await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    assert "C. P. 5\nMagog" in browser.page.text
    await browser.send({"postal_address": ""})
    assert browser.status == 422
    assert "Donnez l’adresse postale" in browser.text
    await browser.send({"postal_address": "R. R. 2, Magog (Québec) J1X2A4"})
    contact = await contact_of(await find(host, receipt.reference))
    assert (contact.postal_address, contact.preferred_channel) == ("R. R. 2\nMagog (Québec)  J1X 2A4", "letter")


async def test_messages_are_stopped_by_a_button_and_not_by_opening_the_link(browser, submit, host):
    receipt = await submit()
    record = await find(host, receipt.reference)
    await browser.open(f"/fr/suivi/{receipt.reference}/messages?cle={receipt.key}")
    assert browser.path == f"/fr/suivi/{receipt.reference}/messages"
    assert await wants_messages(record)
    await browser.send({"do": "stop"})
    assert not await wants_messages(record)
    await browser.send({"do": "resume"})
    assert await wants_messages(record)


async def test_the_view_is_there_in_english_with_the_same_key(opened):
    browser, receipt = opened
    await browser.open(f"/en/track/{receipt.reference}")
    assert browser.status == 200
    assert "What happened" in browser.text
    assert f'href="/fr/suivi/{receipt.reference}"' in browser.page.text


async def test_a_late_promise_is_admitted(opened, host):
    from parvis import clock

    browser, receipt = opened
    with clock.moved_to(clock.now()) as moved_clock:
        moved_clock.forward(days=30)
        await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Nous sommes en retard et nous nous en excusons." in browser.text


async def test_a_request_whose_plugin_is_gone_is_still_read(opened, app, host, monkeypatch):
    browser, receipt = opened
    monkeypatch.setattr(type(host.plugins), "plugin_of", lambda self, code: "")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert browser.status == 200
    assert "Petit" in browser.text
    assert "Retirer ma requête" not in browser.text


async def test_the_view_asks_the_database_a_constant_number_of_times(opened, host):
    browser, receipt = opened
    with counted() as few:
        await browser.open(f"/fr/suivi/{receipt.reference}")
    for number in range(6):
        await reply(host, receipt.reference, f"Nouvelle {number}", actor=ANA)
    with counted() as more:
        await browser.open(f"/fr/suivi/{receipt.reference}")
    assert few.count == more.count == len({*more.statements}) <= 5  # nothing is read twice
    assert len(browser.text) < 20_000
