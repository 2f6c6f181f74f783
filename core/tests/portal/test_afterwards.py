"""After sending: the receipt to take along, the date in a calendar, why a date moves, contact details."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.outbox import listing
from parvis.requests.actors import REQUESTER
from parvis.requests.amendments import change_contact
from parvis.requests.chores import mark_missed
from parvis.requests.contacts import contact_of
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import reschedule
from parvis.requests.records import find
from parvis.web.track.calendar import folded
from parvis_sdk.requests import Requester
from parvis_testing.portal import ANA, moved


async def receipt_of(browser, receipt):
    return await browser.open(f"/fr/suivi/{receipt.reference}/recu")


async def test_the_receipt_says_everything_that_one_takes_home(opened):
    browser, receipt = opened
    await receipt_of(browser, receipt)
    first, second, last = receipt.reference.split("-")
    assert f"{' '.join(first)} – {' '.join(second)} – {last}" in browser.text
    assert "Délai promis : 5 jours ouvrables." in browser.text
    assert "Les fins de semaine et les jours fériés ne comptent pas." in browser.text
    assert "Nous l’avons reçue." in browser.text
    assert "Nous écrivons à zoe@exemple.ca à chaque étape." in browser.text
    assert "Le délai sera alors suspendu jusqu’à votre réponse" in browser.text
    assert "vous dirons ce qui a été fait." in browser.text
    assert "si c’est réglé" not in browser.text  # as nobody asks
    assert f"cle={receipt.key}" in browser.page.text
    assert 'role="img" aria-label="Code QR du lien privé"' in browser.page.text
    again = await receipt_of(browser, receipt)
    assert receipt.reference in again.text


async def test_a_promise_by_the_hour_says_that_every_hour_counts(browser, submit):
    receipt = await submit(answers={"size": "small", "danger": True, "why": "Profond"})
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    await receipt_of(browser, receipt)
    assert "Délai promis selon vos réponses" in browser.text
    assert "Jour et nuit, fin de semaine comprise." in browser.text


async def test_a_stranger_is_told_nothing_by_receipt_and_calendar(visitor, submit):
    receipt = await submit()
    for page in ("recu", "agenda.ics"):
        stranger = await visitor().open(f"/fr/suivi/{receipt.reference}/{page}")
        assert stranger.path == "/fr/suivi"
        assert "Nid-de-poule" not in stranger.text


async def test_the_receipt_is_sent_again_to_the_address_left_and_to_no_other(opened):
    browser, receipt = opened
    await receipt_of(browser, receipt)
    await browser.send({"by": "email"})
    assert "L’accusé de réception est envoyé à zoe@exemple.ca." in browser.text
    assert "receipt_wanted" in [each.event for each in await listing(["waiting"])]
    await receipt_of(browser, receipt)
    await browser.send({"by": "sms"})
    assert browser.status == 400
    for _ in range(3):
        await receipt_of(browser, receipt)
        await browser.send({"by": "email"})
    assert browser.status == 429


# The calendar.


async def calendar_of(browser, receipt):
    answer = await browser.http.get(f"http://127.0.0.1/fr/suivi/{receipt.reference}/agenda.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return answer.content


def lines_of(content: bytes) -> list[tuple[str, str]]:
    """The content lines as a calendar reads them, each one checked against the grammar of RFC 5545."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    for line in physical:
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode("utf-8")  # no character is cut in two
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    return [(line.partition(":")[0], line.partition(":")[2]) for line in unfolded]


async def test_the_promised_day_goes_into_a_calendar_and_is_replaced_when_it_moves(opened, host):
    browser, receipt = opened
    first = dict(lines_of(await calendar_of(browser, receipt)))
    assert first["UID"] == f"{receipt.reference}@127.0.0.1"
    assert first["SUMMARY"] == f"Nid-de-poule\u00a0: réponse promise ({receipt.reference})"
    assert first["DTSTART;VALUE=DATE"] < first["DTEND;VALUE=DATE"]
    assert first["STATUS"] == "CONFIRMED"
    assert first["URL"].endswith(f"?cle={receipt.key}")
    later = receipt.promised_at + timedelta(days=7)
    await reschedule(host, receipt.reference, later, "La pluie, encore.", actor=ANA)
    second = dict(lines_of(await calendar_of(browser, receipt)))
    assert second["UID"] == first["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert second["DTSTART;VALUE=DATE"] > first["DTSTART;VALUE=DATE"]
    await moved(host, receipt.reference, "start", "close")
    assert dict(lines_of(await calendar_of(browser, receipt)))["STATUS"] == "CANCELLED"


async def test_a_calendar_names_a_confidential_matter_by_its_number_alone(browser, submit):
    receipt = await submit("din")
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    answer = await browser.http.get(f"http://127.0.0.1/fr/suivi/{receipt.reference}/agenda.ics")
    assert answer.status_code == 404  # nothing is promised
    await browser.open(f"/fr/suivi/{receipt.reference}/recu")
    assert "Ajouter à mon agenda" not in browser.text


@pytest.mark.parametrize("line", ["x" * 75, "x" * 76, "é" * 200, "😀" * 60, "SUMMARY:" + "œ" * 33 + "x" * 300])
def test_lines_fold_between_characters(line):
    parts = folded(line).split("\r\n ")
    assert "".join(parts) == line
    assert all(len((" " if number else "").encode() + part.encode()) <= 75 for number, part in enumerate(parts))


# Why a date moves.


async def test_the_page_says_why_the_promised_date_moved(opened, host):
    browser, receipt = opened
    await moved(host, receipt.reference, "start", "ask", reason="De quel côté?")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Le délai est suspendu" in browser.text
    with clock.moved_to(clock.now()) as later:
        later.forward(days=9)
        await make_move(
            host, receipt.reference, "answer", {"reason": "Du côté pair."}, actor=REQUESTER, mover="requester"
        )
        await browser.open(f"/fr/suivi/{receipt.reference}")
    assert browser.text.count("Le délai était suspendu pendant que nous attendions votre réponse") == 2


async def test_a_date_moved_by_the_town_is_told_with_its_reason_and_the_one_before(opened, host):
    browser, receipt = opened
    later = receipt.promised_at + timedelta(days=30)
    done = await reschedule(host, receipt.reference, later, "L’asphalte à chaud n’est pas livré.", actor=ANA)
    assert done.promised_at == later
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "L’asphalte à chaud n’est pas livré." in browser.text
    assert "Nouvelle date promise" in browser.text
    assert "Ancienne date promise" in browser.text
    assert "rescheduled" in [each.event for each in await listing(["waiting"])]


async def test_a_date_is_moved_to_a_day_to_come_and_with_a_reason_only(opened, host):
    _, receipt = opened
    now = clock.now()
    for due_at, reason, codes in (
        (now - timedelta(hours=1), "x", ["past"]),
        (receipt.promised_at, "x", ["same"]),
        (now + timedelta(days=60), "  ", ["required"]),
        (now - timedelta(days=1), "", ["past", "required"]),
    ):
        refused = await reschedule(host, receipt.reference, due_at, reason, actor=ANA)
        assert [each.code for each in refused.found] == codes
    await moved(host, receipt.reference, "start", "close")
    refused = await reschedule(host, receipt.reference, now + timedelta(days=60), "x", actor=ANA)
    assert [each.code for each in refused.found] == ["nothing_promised"]


@pytest.mark.parametrize("is_marked", [True, False])
async def test_a_broken_promise_stays_broken_and_the_new_date_is_told_beside_the_apology(opened, host, is_marked):
    browser, receipt = opened
    with clock.moved_to(clock.now()) as later:
        later.forward(days=20)
        if is_marked:
            await mark_missed(host)
        record = await reschedule(host, receipt.reference, clock.now() + timedelta(days=3), "La neige.", actor=ANA)
        assert (record.promise, record.is_late) == ("missed", True)
        await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Nous n’avons pas respecté la date promise et nous nous en excusons." in browser.text


async def test_contact_erased_leaves_the_receipt_without_buttons_to_send(opened, host):
    browser, receipt = opened
    await change_contact(host, receipt.reference, Requester(name="Zoé"), "fr")
    await receipt_of(browser, receipt)
    assert "Donner un courriel ou un numéro de téléphone" in browser.text


async def test_details_that_somebody_else_wrote_meanwhile_are_shown_before_they_are_replaced(opened, host):
    browser, receipt = opened
    page = (await browser.open(f"/fr/suivi/{receipt.reference}/coordonnees")).page
    told = Requester(name="Zoé Côté", email="zoe@exemple.ca", phone="+14505550199")
    await change_contact(host, receipt.reference, told, "fr")
    browser.page = page
    await browser.send({"name": "Zoé Côté", "email": "autre@exemple.ca"})
    assert "Vos coordonnées ont été modifiées entre-temps" in browser.text
    assert "450 555-0199" in browser.text
    assert 'value="autre@exemple.ca"' in browser.page.text
    assert (await contact_of(await find(host, receipt.reference))).email == "zoe@exemple.ca"
    await browser.send({})
    assert (await contact_of(await find(host, receipt.reference))).email == "autre@exemple.ca"
