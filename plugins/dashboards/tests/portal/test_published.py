"""What everybody may have: figures by service, and the public requests of a year."""

import re

from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.keeping.retention import erase
from parvis.requests.work.conversation import note, receive
from parvis_testing.public_town import submit, whole_app
from parvis_testing.visitors import HOST

__all__ = ["submit", "whole_app"]

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


async def test_a_year_of_public_requests_is_taken_away_from_the_page_of_figures(browser, submit):
    references = [(await submit()).reference for _ in range(6)]
    rough = [(await submit("rough", lon=-73.58071, lat=45.52361)).reference for _ in range(5)]
    hidden = [(await submit("din")).reference for _ in range(5)]
    await browser.open("/fr/chiffres")
    href = re.search(r'href="(/fr/donnees-ouvertes\.csv\?annee=\d+)"', browser.page.text)[1]
    assert "<code>business_days</code>" in browser.page.text
    taken = await browser.http.get(f"{HOST}{href}")
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    assert taken.text.count("\n") == 1 + 6 + 5
    assert all(reference in taken.text for reference in (*references, *rough))
    assert not any(secret in taken.text for secret in (*hidden, "Zoé", "Rachel", "-73.58071", "45.52361"))
    assert (await browser.http.get(f"{HOST}/fr/donnees-ouvertes.csv?annee=1999")).status_code == 404


async def test_open_data_give_away_nothing_that_was_erased_said_inside_or_made_confidential(browser, submit, host):
    receipts = [await submit("rough", address="7n, rue Cachée") for _ in range(8)]
    *shown, erased, taken_away = receipts
    for receipt in receipts:
        await note(host, receipt.reference, "Un mot interne", actor=ANA)
        await receive(host, receipt.reference, "Mon numéro : 514 555-0101, mot secret")
    await erase(host, erased.reference, actor=ANA)
    await amend(host, taken_away.reference, type="din", answers={"words": "mot secret"}, actor=ANA)
    await browser.open("/fr/donnees-ouvertes.csv")
    assert browser.status == 200
    assert all(each.reference in browser.page.text for each in shown)
    hidden = ("Ana", "Zoé", "zoe@", "555-0101", "secret", "interne", "Cachée", *(each.key for each in receipts))
    gone = (erased.reference, taken_away.reference)
    assert [words for words in (*hidden, *gone) if words in browser.page.text] == []
