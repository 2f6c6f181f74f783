"""Who comes in by what: contact opens nothing, links do what they say and end, a change of contact is told."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted, insert_values, transaction
from parvis.db.tables import Party
from parvis.identifiers import new_id
from parvis.outbox import addressees
from parvis.requests.actors import REQUESTER
from parvis.requests.amendments import change_contact
from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.device_keys import sweep_ended_devices
from parvis.requests.links import stop_url, view_url
from parvis.requests.parties import parties_of
from parvis.requests.payloads import request_for
from parvis.requests.persons import followers
from parvis.requests.records import find
from parvis.requests.references import key_for, normalise
from parvis.web.portal.joining import FollowerAct
from parvis.web.portal.visit import Visit
from parvis_sdk.requests import Requester
from parvis_testing.devices import copied, quit_on, with_cookies
from parvis_testing.letters import letters_to, link_in
from parvis_testing.portal import ANA
from parvis_testing.visitors import Browser

from .test_texts import texting as texting

ZOE, PHONE = "zoe@exemple.ca", "(514) 555-0101"


async def ask(browser, reference, contact, **options):
    await browser.open("/fr/suivi")
    return await browser.send({"reference": reference, "contact": contact}, **options)


async def links_to(to):
    return [link_in(letter) for letter in await letters_to(to) if "/suivi/lien/" in letter["text"]]


# Contact opens nothing.


async def test_a_neighbour_who_reads_a_reference_and_knows_an_email_does_not_open_the_private_page(visitor, submit):
    receipt = await submit()
    for contact in (ZOE, " ZOE@exemple.ca ", PHONE):
        neighbour = await ask(visitor(), receipt.reference, contact)
        assert neighbour.path == "/fr/suivi"
        assert "Vérifiez vos courriels" in neighbour.text
        assert "Zoé Côté" not in neighbour.page.text
        assert (await neighbour.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"


async def test_the_link_that_is_sent_opens_the_request_once_by_a_press_and_for_a_day(visitor, submit):
    receipt = await submit()
    mine = await ask(visitor(), receipt.reference, ZOE)
    (link,) = await links_to(ZOE)
    for _ in range(2):  # robots of mail servers open links
        assert (await visitor().open(link)).status == 200
    with clock.moved_to(clock.now()) as later:
        await mine.open(link)
        await mine.send()
        assert mine.path == f"/fr/suivi/{receipt.reference}"
        assert "Zoé Côté" in mine.text
        assert (await visitor().open(link)).status == 404
        later.forward(hours=26)
        assert (await mine.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"


async def test_a_link_that_was_sent_ends_after_half_an_hour_and_with_the_address_it_went_to(visitor, submit, host):
    receipt = await submit()
    await ask(visitor(), receipt.reference, ZOE)
    await ask(visitor(), receipt.reference, ZOE)
    late, other = await links_to(ZOE)
    with clock.moved_to(clock.now()) as later:
        later.forward(minutes=31)
        browser = await visitor().open(late)
        assert browser.status == 404
        assert "n’est plus valide" in browser.text
    known = await contact_of(await find(host, receipt.reference))
    await change_contact(host, receipt.reference, structs.replace(known, email="neuve@exemple.ca"), "fr")
    browser = await visitor().open(other)
    await browser.send()
    assert browser.status == 404


async def test_the_answer_is_the_same_in_words_and_in_work_whatever_is_right(visitor, submit):
    receipt, without = await submit(), await submit(requester={"mode": "anonymous"})
    told = set()
    for reference, contact in (
        (receipt.reference, ZOE),
        (receipt.reference, PHONE),
        (receipt.reference, "autre@exemple.ca"),
        ("2W5C-BJYM-H", ZOE),
        (without.reference, ZOE),
    ):
        stranger = await visitor().open("/fr/suivi")
        with counted() as questions:
            await stranger.send({"reference": reference, "contact": contact}, follow=False)
        answer = (stranger.status, stranger.page.headers["location"], questions.count)
        told.add((*answer, (await stranger.open(stranger.page.headers["location"])).text))
    assert len(told) == 1
    assert len(await letters_to(ZOE, "/suivi/lien/")) == 2
    assert await letters_to("autre@exemple.ca") == []


async def test_wrong_tries_on_a_reference_do_not_lock_its_person_out(app, submit):
    receipt = await submit()

    async def from_address(address, contact):
        import httpx

        transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as http:
            return await ask(Browser(http), receipt.reference, contact)

    for number in range(40):
        assert (await from_address(f"203.0.113.{number // 10}", f"devine{number}@exemple.ca")).status == 200
    assert (await from_address("198.51.100.7", ZOE)).status == 200
    assert len(await links_to(ZOE)) == 1


async def test_trying_contacts_from_one_place_is_slowed_down(visitor, submit):
    receipt = await submit()
    browser = visitor()
    statuses = [(await ask(browser, receipt.reference, f"devine{number}@exemple.ca")).status for number in range(62)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert int(browser.page.headers["retry-after"]) > 0


async def test_a_person_is_sent_few_links_an_hour_and_strangers_read_nothing_of_that(visitor, submit):
    receipt = await submit()
    for _ in range(6):
        assert "Vérifiez vos courriels" in (await ask(visitor(), receipt.reference, ZOE)).text
    assert len(await links_to(ZOE)) == 4


async def test_who_left_a_telephone_alone_comes_in_by_a_text_message(texting, visitor, submit):
    receipt = await submit(requester={"mode": "named", "name": "Zoé", "phone": "514 555-0101"})
    browser = await ask(visitor(), receipt.reference, "514-555-0101")
    assert "vos textos" in browser.text
    (link,) = await links_to("+15145550101")
    await browser.open(link)
    await browser.send()
    assert browser.path == f"/fr/suivi/{receipt.reference}"


async def test_where_no_text_goes_out_who_left_a_telephone_alone_is_told_to_call(visitor, submit):
    receipt = await submit(requester={"mode": "named", "name": "Zoé", "phone": "514 555-0101"})
    browser = await ask(visitor(), receipt.reference, "514-555-0101")
    assert "Si vous avez donné seulement un numéro de téléphone, appelez-nous" in browser.text
    assert await links_to("+15145550101") == []


@pytest.mark.parametrize("typed", ["{a} {b} {c}", " {low} ", "{a}–{b}–{c}", "{a}.{b}.{c}", "{loose}"])
async def test_a_reference_is_read_however_it_is_typed(visitor, submit, typed):
    receipt = await submit()
    a, b, c = receipt.reference.split("-")
    loose = receipt.reference.lower().replace("0", "o").replace("1", "i")
    given = typed.format(a=a, b=b, c=c, low=receipt.reference.lower(), loose=loose)
    assert normalise(given) == receipt.reference
    await ask(visitor(), given, PHONE)
    assert len(await links_to(ZOE)) == 1  # this town writes no texts


# A change of contact details is told and can be taken back.


async def changed(browser, receipt, **values):
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")
    return await browser.send(values)


async def test_whoever_takes_a_request_over_by_its_contact_is_told_of_and_shut_out_by_one_press(visitor, submit, host):
    receipt = await submit()
    thief = await changed(visitor(), receipt, email="voleur@exemple.ca", phone="", name="Autre Nom")
    (letter,) = await letters_to(ZOE, "/retablir/")
    assert "voleur" not in letter["text"] + letter["html"]
    zoe = await visitor().open(link_in(letter))
    assert (await contact_of(await find(host, receipt.reference))).email == "voleur@exemple.ca"
    await zoe.send()
    assert "Vos coordonnées sont rétablies" in zoe.text
    record = await find(host, receipt.reference)
    back = await contact_of(record)
    assert (back.name, back.email, back.phone) == ("Zoé Côté", ZOE, "+15145550101")
    assert (await thief.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"
    assert (await visitor().open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")).status == 404
    (again,) = await letters_to(ZOE, "sont de nouveau les vôtres")
    assert (await zoe.open(link_in(again))).path == f"/fr/suivi/{receipt.reference}"
    assert len(await letters_to("voleur@exemple.ca", "a été annulée")) == 1
    assert (await visitor().open(link_in(letter))).status == 404  # once


async def test_the_first_person_gets_it_back_however_often_it_was_changed_since(visitor, submit, host):
    receipt = await submit()
    await changed(visitor(), receipt, email="deux@exemple.ca")
    await changed(visitor(), receipt, email="trois@exemple.ca")
    (first,), (second,) = await letters_to(ZOE, "/retablir/"), await letters_to("deux@exemple.ca", "/retablir/")
    zoe = await visitor().open(link_in(first))
    await zoe.send()
    assert (await contact_of(await find(host, receipt.reference))).email == ZOE
    assert (await visitor().open(link_in(second))).status == 404


async def test_a_change_can_be_taken_back_for_thirty_days_and_by_no_invented_link(visitor, submit):
    receipt = await submit()
    await changed(visitor(), receipt, email="deux@exemple.ca")
    (letter,) = await letters_to(ZOE, "/retablir/")
    link = link_in(letter)
    for wrong in (
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        link[:-30],
        f"/fr/suivi/{receipt.reference}/retablir/x",
    ):
        assert (await visitor().open(wrong)).status == 404
    with clock.moved_to(clock.now()) as later:
        later.forward(days=31)
        assert (await visitor().open(link)).status == 404


async def test_two_presses_at_once_take_a_change_back_once(visitor, submit, host):
    receipt = await submit()
    await changed(visitor(), receipt, email="deux@exemple.ca")
    (letter,) = await letters_to(ZOE, "/retablir/")
    pages = [await visitor().open(link_in(letter)) for _ in range(2)]
    await asyncio.gather(*(page.send() for page in pages))
    assert sorted(page.status for page in pages) == [200, 404]
    assert (await find(host, receipt.reference)).holders == 1


@pytest.mark.parametrize("by", ["page", "api", "desk"])
async def test_a_change_of_contact_is_told_by_whatever_door_it_came(visitor, submit, host, by):
    receipt = await submit()
    browser = visitor()
    if by == "page":
        await changed(browser, receipt, email="neuve@exemple.ca")
    elif by == "api":
        path = f"http://127.0.0.1/api/v1/requests/{receipt.reference}/contact"
        body = {"name": "Zoé Côté", "email": "neuve@exemple.ca", "version": 1}
        answer = await browser.http.put(path, params={"key": receipt.key}, json=body)
        assert answer.status_code == 200, answer.text
    else:
        told = Requester(name="Zoé Côté", email="neuve@exemple.ca")
        await change_contact(host, receipt.reference, told, "fr", actor=ANA)
    assert len(await letters_to(ZOE, "/retablir/")) == 1


async def test_what_changes_no_contact_writes_no_letter(visitor, submit):
    receipt = await submit()
    await changed(visitor(), receipt, language="en")
    assert await letters_to(ZOE, "/retablir/") == []


async def test_who_was_reached_by_telephone_alone_is_called_at_the_former_number(visitor, submit, host):
    from parvis.db.tables import OwedContact

    receipt = await submit(requester={"mode": "named", "name": "Zoé", "phone": "514 555-0101"})
    await changed(visitor(), receipt, phone="514 555-0199")
    (owed,) = await OwedContact.select(OwedContact.say, OwedContact.way)
    assert owed["way"] == "phone"
    assert "514" in owed["say"]
    assert "0101" in owed["say"]


# Links carry only what they do, and end.


async def mailed(host, receipt):
    record = await find(host, receipt.reference)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    made = view_url(host, town, record, ZOE), stop_url(host, town, record)
    return [url.removeprefix("http://127.0.0.1") for url in made]


async def test_no_message_carries_the_key_that_opens_a_request_for_ever(submit, host):
    receipt = await submit()
    request = await request_for(host, await find(host, receipt.reference), ("contact",))
    for url in (request.view_url, request.stop_url, request.short_url, request.short_stop_url):
        assert url
        assert receipt.key not in url


async def test_the_link_that_stops_messages_opens_nothing_else(visitor, submit, host):
    receipt = await submit()
    _, stop = await mailed(host, receipt)
    browser = await visitor().open(stop)
    assert browser.path == f"/fr/suivi/{receipt.reference}/messages"
    assert "Zoé" not in browser.page.text
    assert "set-cookie" not in {name for name in browser.page.headers if "parvis_key" in browser.page.headers[name]}
    await browser.send({"do": "stop"})
    assert not await wants_messages(await find(host, receipt.reference))
    for page in ("", "/coordonnees", "/recu"):
        assert (await browser.open(f"/fr/suivi/{receipt.reference}{page}")).path == "/fr/suivi"
    key = stop.rpartition("=")[2]
    assert (await browser.open(f"/fr/suivi/{receipt.reference}?cle={key}")).path == "/fr/suivi"
    assert (
        await browser.http.get(f"http://127.0.0.1/api/v1/requests/{receipt.reference}?key={key}")
    ).status_code != 200


async def test_a_mail_program_stops_messages_by_one_click_without_cookies(visitor, submit, host):
    receipt = await submit()
    record = await find(host, receipt.reference)
    _, stop = await mailed(host, receipt)
    post = visitor().http.post
    word = {"List-Unsubscribe": "One-Click"}
    other = "0" if stop[-1] != "0" else "1"
    for wrong in (stop[:-1] + other, stop.partition("?")[0]):
        assert (await post(f"http://127.0.0.1{wrong}", data=word)).status_code in (303, 404)
    assert await wants_messages(record)
    assert (await post(f"http://127.0.0.1{stop}", data=word)).status_code == 200
    assert not await wants_messages(record)


async def test_one_click_is_no_way_around_the_token_of_forms(opened, host):
    """With the cookie of the person, but without the right in the address, nothing is stopped or moved."""
    browser, receipt = opened
    word = {"List-Unsubscribe": "One-Click", "do": "stop"}
    for page, expected in (("messages", (303, 404)), ("action/withdraw", (403,)), ("coordonnees", (403,))):
        answer = await browser.http.post(f"http://127.0.0.1/fr/suivi/{receipt.reference}/{page}", data=word)
        assert answer.status_code in expected, page
    record = await find(host, receipt.reference)
    assert (record.state, await wants_messages(record)) == ("received", True)


async def test_who_follows_stops_by_one_click_as_well(visitor, submit, host):
    from parvis.requests.persons import followers

    receipt = await submit()
    await followers.follow(host, receipt.reference, "luc@exemple.ca", "fr")
    (asked,) = await followers.followers_of(host, await find(host, receipt.reference))
    path = asked.stop_url
    assert (await visitor().http.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await followers.followers_of(host, await find(host, receipt.reference)) == ()


async def test_a_link_already_sent_with_the_full_key_does_no_more_than_it_said(visitor, submit):
    receipt = await submit()
    browser = await visitor().open(f"/fr/suivi/{receipt.reference}/messages?cle={receipt.key}")
    assert browser.path == f"/fr/suivi/{receipt.reference}/messages"
    assert receipt.key not in browser.page.text
    assert (await browser.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"


async def test_the_links_of_a_message_end_and_lead_to_where_another_is_asked_for(visitor, submit, host):
    receipt = await submit()
    links = await mailed(host, receipt)
    with clock.moved_to(clock.now()) as later:
        later.to(clock.now() + timedelta(days=181))
        for link in links:
            browser = await visitor().open(link)
            assert browser.path == "/fr/suivi"
            assert "Ce lien n’est plus valide" in browser.text
            assert ("reference", receipt.reference) in browser.form()["fields"]


async def test_who_comes_back_after_a_year_comes_in_by_the_link_of_the_receipt_or_of_the_newest_message(
    visitor, submit, host
):
    """A browser stays open for half a year, a message as long; what was written on paper lasts with the request."""
    receipt = await submit()
    own, receipt_link = f"/fr/suivi/{receipt.reference}", f"/fr/suivi/{receipt.reference}?cle={receipt.key}"
    browser = await visitor().open(receipt_link)
    with clock.moved_to(clock.now()) as later:
        later.to(clock.now() + timedelta(days=179))
        assert (await browser.open(own)).path == own
        later.to(clock.now() + timedelta(days=186))
        assert (await browser.open(own)).path == "/fr/suivi"
        assert (await browser.open(receipt_link)).path == own
        assert (await browser.open(own)).path == own
        newest, *_ = await mailed(host, receipt)
        assert (await visitor().open(newest)).path == own


async def test_a_link_mailed_to_an_address_ends_with_that_address(visitor, submit, host):
    """A mistyped address that was corrected leaves no stranger with a key."""
    receipt = await submit()
    view, *_ = await mailed(host, receipt)
    assert (await visitor().open(view)).path == f"/fr/suivi/{receipt.reference}"
    known = await contact_of(await find(host, receipt.reference))
    await change_contact(host, receipt.reference, structs.replace(known, email="juste@exemple.ca"), "fr")
    assert (await visitor().open(view)).path == "/fr/suivi"


async def test_the_browser_does_not_keep_the_key_of_the_receipt(visitor, submit):
    receipt = await submit()
    browser = visitor()
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    assert not [cookie for cookie in browser.http.cookies.jar if receipt.key in (cookie.value or "")]


async def test_a_request_is_closed_on_a_shared_computer_by_one_press(visitor, submit):
    receipt = await submit()
    shared, mine = visitor(), visitor()
    for browser in (shared, mine):
        await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    assert "Fermer mon accès sur cet appareil" in shared.text
    actions = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', shared.page.text)
    await shared.send(form=next(n for n, action in enumerate(actions) if action.endswith("/quitter-cet-appareil")))
    assert "La requête n’est plus ouverte sur cet appareil" in shared.text
    for language, track in (("fr", "suivi"), ("en", "track")):
        assert (await shared.open(f"/{language}/{track}/{receipt.reference}")).path == f"/{language}/{track}"
    assert (await mine.open(f"/fr/suivi/{receipt.reference}")).path == f"/fr/suivi/{receipt.reference}"


async def test_whom_a_thief_let_in_is_shut_out_with_them(submit, host, visitor):
    receipt = await submit()
    await changed(visitor(), receipt, email="deux@exemple.ca")
    (letter,) = await letters_to(ZOE, "/retablir/")

    record, now = await find(host, receipt.reference), clock.now()
    row = {"id": new_id(), "request": record.id, "role": "owner", "name": "Ami", "email": "ami@exemple.ca"}
    row |= {"language": "fr", "mandate": "", "let_in_at": now, "until": now + timedelta(days=30), "ended_at": None}
    async with transaction(host.engine):
        await insert_values(Party, row)
    await (await visitor().open(link_in(letter))).send()
    (party,) = await parties_of(record.id)
    assert party.ended_at is not None
    assert key_for(host.secret, record.id, 1) != receipt.key


async def test_a_one_time_link_that_is_over_says_so_in_both_languages(browser):
    """An expired link offers a reader of English a page in English."""
    await browser.open("/fr/suivi/lien/passe")
    assert browser.status == 404
    assert "Ce lien n’est plus valide" in browser.text
    other = "/en/track/link/passe"
    assert f'href="{other}"' in browser.page.text
    await browser.open(other)
    assert browser.status == 404
    assert "This link is no longer valid" in browser.text
    assert 'href="/fr/suivi/lien/passe"' in browser.page.text


async def test_a_copy_of_a_devices_key_opens_nothing_once_its_user_has_left(visitor, submit):
    """Two devices opened by one link in the same hour: leaving on the one shuts its copy out, and not the other."""
    receipt = await submit()
    page = f"/fr/suivi/{receipt.reference}"
    shared, mine = visitor(), visitor()
    for browser in (shared, mine):
        await browser.open(f"{page}?cle={receipt.key}")
    thief = with_cookies(visitor(), copied(shared))
    assert (await thief.open(page)).path == page
    await quit_on(shared)
    assert (await thief.open(page)).path == "/fr/suivi"
    assert (await mine.open(page)).path == page
    await shared.open(f"{page}?cle={receipt.key}")
    assert shared.path == page
    assert (await thief.open(page)).path == "/fr/suivi"


async def test_the_browser_that_sent_a_request_keeps_a_key_of_its_own_and_ends_it(visitor, host):
    browser = visitor()
    await browser.open("/fr/demande/rues/signalement")
    await browser.send({"words": "Un bruit"})
    await browser.send({"mode": "named", "name": "Zoé Côté", "email": ZOE})
    await browser.send()
    reference = re.search(r"/suivi/([^/]+)", browser.path)[1]
    record = await find(host, reference)
    lasting = key_for(host.secret, record.id)
    assert lasting not in str(copied(browser))
    thief = with_cookies(visitor(), copied(browser))
    await browser.open(f"/fr/suivi/{reference}")
    await quit_on(browser)
    assert (await thief.open(f"/fr/suivi/{reference}")).path == "/fr/suivi"


async def test_a_browser_of_before_gets_a_key_of_its_own_at_its_next_visit(visitor, submit):
    """Nobody is shut out by the new version, and what lies in the browser from then on can be ended."""
    receipt = await submit()
    page = f"/fr/suivi/{receipt.reference}"
    before = with_cookies(visitor(), [("parvis_key", receipt.key, page)])
    assert (await before.open(page)).path == page
    assert receipt.key not in str(copied(before))
    await quit_on(before)
    assert (await before.open(page)).path == "/fr/suivi"


async def test_marks_of_ended_keys_go_once_the_keys_would_be_over(visitor, submit, host):
    receipt = await submit()
    browser = await visitor().open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    await quit_on(browser)
    with clock.moved_to(clock.now()) as later:
        later.forward(days=180)
        assert await sweep_ended_devices(host.engine) == 0
        later.forward(days=2)
        assert await sweep_ended_devices(host.engine) == 1


async def write_contact(browser, reference, email, **more):
    await browser.open(f"/fr/suivi/{reference}/coordonnees")
    await browser.send({"email": email, **more})
    return browser.status


async def test_a_change_of_contact_that_could_not_be_told_any_more_is_not_made(visitor, submit, host):
    """Twelve changes away from one address are told there in a day; a thirteenth would take a request in silence."""
    receipts = [await submit() for _ in range(13)]
    browser = visitor()
    for receipt in receipts:
        await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    answers = [await write_contact(browser, each.reference, "voleur@exemple.ca") for each in receipts]
    assert answers == [200] * 12 + [422]
    last = receipts[12].reference
    assert "Vos coordonnées n’ont pas été modifiées" in browser.text
    assert ("email", "voleur@exemple.ca") in browser.form()["fields"]
    assert (await contact_of(await find(host, last))).email == ZOE
    assert len(await letters_to(ZOE, "/retablir/")) == 12
    await browser.open(f"/en/track/{last}/contact")
    await browser.send({"email": "thief@example.ca"})
    assert "Your contact details were not changed" in browser.text
    # What nobody needs to be told of is still possible, and so is every change on the next day.
    assert await write_contact(browser, last, ZOE, language="en") == 200
    with clock.moved_to(clock.now()) as later:
        later.forward(hours=25)
        await browser.open(f"/fr/suivi/{last}?cle={receipts[12].key}")
        assert await write_contact(browser, last, "zoe.neuve@exemple.ca") == 200
    assert len(await letters_to(ZOE, "/restore/")) == 1


async def test_an_agent_may_still_correct_contact_details_that_were_changed_too_often(submit, host):
    receipts = [await submit() for _ in range(14)]
    for each in receipts[:12]:
        known = await contact_of(await find(host, each.reference))
        await change_contact(host, each.reference, structs.replace(known, email="voleur@exemple.ca"), "fr")
    for each, actor, made in ((receipts[12], REQUESTER, False), (receipts[13], ANA, True)):
        known = await contact_of(await find(host, each.reference))
        changed = structs.replace(known, email="juste@exemple.ca")
        await change_contact(host, each.reference, changed, "fr", actor=actor)
        assert ((await contact_of(await find(host, each.reference))).email == "juste@exemple.ca") == made


async def test_people_without_email_and_telephone_share_no_measure(submit, host):
    """They would be one address to the count, and shut each other out after a dozen letters."""
    by_post = {"mode": "named", "name": "Zoé Côté", "postal_address": "1, rue A, Parvis"}
    for number in range(14):
        receipt = await submit(requester=by_post)
        known = await contact_of(await find(host, receipt.reference))
        kept = structs.replace(known, postal_address=f"{number + 2}, rue B, Parvis")
        await change_contact(host, receipt.reference, kept, "fr")
        assert (await contact_of(await find(host, receipt.reference))).postal_address.startswith(f"{number + 2}, ")


# The link of somebody who follows another person's request.


async def following_link(host, reference, email="luc@exemple.ca"):
    """The path of the link that a letter to a follower carries now."""
    record = await find(host, reference)
    (follower,) = [each for each in await followers.followers_of(host, record) if each.email == email]
    return follower.stop_url.removeprefix("http://127.0.0.1")


@pytest.fixture
async def followed(submit, host):
    receipt = await submit()
    await followers.follow(host, receipt.reference, "luc@exemple.ca", "fr")
    link = await following_link(host, receipt.reference)
    await followers.confirm(host, link.rsplit("/", 1)[-1])
    return receipt.reference, link


async def test_a_followers_link_ends_and_its_page_sends_another_one(visitor, followed, host):
    """A mailbox that somebody else has after years does not decide what its former person is told."""
    reference, link = followed
    with clock.moved_to(clock.now()) as later:
        later.forward(days=179)
        assert "Vous suivez cette requête" in (await visitor().open(link)).text
        later.forward(days=2)
        browser = await visitor().open(link)
        assert browser.status == 404
        assert "Ce lien n’est plus valide" in browser.text
        stranger = await visitor().open(link.replace("/fr/abonnement/", "/en/following/"))
        assert "This link is no longer valid" in stranger.text
        assert "Send me a new link" in stranger.text
        for do in ("stop", "confirm"):
            assert (await (await visitor().open(link)).send({"do": do})).status == 404
        assert await is_followed(host, reference)
        await browser.send({"do": "renew"})
        assert (browser.status, "Vérifiez vos courriels" in browser.text) == (200, True)
        assert "Nous avons envoyé un nouveau lien" in browser.text
        assert "M’envoyer un nouveau lien" not in browser.text  # nobody wonders whether it was sent, and asks again
        (letter,) = await letters_to("luc@exemple.ca", "/abonnement/")
        fresh = await visitor().open(link_in(letter))
        assert fresh.status == 200
        await fresh.send({"do": "stop"})
        assert not await is_followed(host, reference)


async def is_followed(host, reference):
    return await followers.count_followers(await find(host, reference)) == 1


async def test_every_letter_renews_a_followers_link(visitor, followed, host):
    reference, link = followed
    with clock.moved_to(clock.now()) as later:
        later.forward(days=170)
        newer = await following_link(host, reference)
        assert newer != link
        later.forward(days=20)
        assert (await visitor().open(link)).status == 404
        assert (await visitor().open(newer)).status == 200


async def test_new_links_for_a_follower_have_the_measure_of_all_that_anybody_may_ask_for(
    visitor, followed, monkeypatch
):
    _, link = followed
    monkeypatch.setitem(addressees.MOST, "asked", (6, 6))
    with clock.moved_to(clock.now()) as later:
        later.forward(days=200)
        for _ in range(9):
            await (await visitor().open(link)).send({"do": "renew"})
        assert len(await letters_to("luc@exemple.ca", "/abonnement/")) == 6


async def test_a_followers_link_of_before_stops(visitor, followed, host):
    """Nobody who has an old letter is left without a way to stop."""
    reference, link = followed
    before = f"{link.partition('.')[0]}.{followers._mark(host.secret, UUID(link.rsplit('/', 1)[-1].partition('.')[0]))}"
    browser = await visitor().open(before)
    assert "Vous suivez cette requête" in browser.text
    await browser.send({"do": "stop"})
    assert not await is_followed(host, reference)
    assert "Vous ne suivez plus cette requête" in browser.text


async def test_without_a_module_for_it_nobody_begins_to_follow_by_a_link(visitor, submit, host):
    """The page of a link that nobody has confirmed says so, and offers nothing."""
    receipt = await submit()
    await followers.follow(host, receipt.reference, "luc@exemple.ca", "fr")
    browser = await visitor().open(await following_link(host, receipt.reference))
    assert (browser.status, "Vous ne suivez pas cette requête" in browser.text) == (200, True)
    assert 'name="do"' not in browser.page.text
    assert not await is_followed(host, receipt.reference)


async def test_an_answer_that_nobody_asks_of_a_follower_is_not_taken(visitor, followed, host):
    """No module of this town asks anything at the page of the link: its buttons are the page’s own."""
    reference, link = followed
    browser = await visitor().open(link)
    assert 'value="not_fixed"' not in browser.page.text
    assert (await browser.send({"do": "not_fixed"})).status == 404
    assert await is_followed(host, reference)


async def test_no_module_takes_the_word_that_stops(visitor, followed, host, monkeypatch):
    async def act(here, token):
        return "done"

    ours = FollowerAct(slot="portal.following", name="stop", act=act)
    monkeypatch.setattr(Visit, "nouns", lambda here, noun, slot: (ours,) if noun is FollowerAct else ())
    reference, link = followed
    await (await visitor().open(link)).send({"do": "stop"})
    assert not await is_followed(host, reference)
