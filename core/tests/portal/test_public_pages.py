"""What anyone may see who is led to a request: its page, and how to follow it; nothing else of it ever shows."""

import pytest

from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.work.conversation import note, receive
from parvis_testing.public_town import submit

__all__ = ["submit"]

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
SECRET_WORDS = ("Zoé Côté", "zoe@exemple.ca", "514 555-0101", "Ana Tremblay")


async def test_the_public_page_shows_public_facts_and_no_person(browser, submit, host):
    receipt = await submit()
    await note(host, receipt.reference, "Appeler Zoé Côté", actor=ANA)
    await receive(host, receipt.reference, "Mon numéro est le 514 555-0101")
    await make_move(host, receipt.reference, "start", {}, actor=ANA, mover="agent")
    await browser.open(f"/fr/requete/{receipt.reference}")
    assert browser.status == 200
    for words in ("Nid-de-poule", "470, avenue du Mont-Royal Est", "Petit", "En cours", receipt.reference):
        assert words in browser.text
    for words in (*SECRET_WORDS, receipt.key):
        assert words not in browser.page.text


async def test_an_address_is_marked_as_french_on_a_page_in_english_only(browser, submit):
    receipt = await submit()
    marked = '<span lang="fr">470, avenue du Mont-Royal Est</span>'
    await browser.open(f"/en/request/{receipt.reference}")
    assert marked in browser.page.text
    await browser.open(f"/fr/requete/{receipt.reference}")
    assert "470, avenue du Mont-Royal Est" in browser.page.text
    assert 'lang="fr">470' not in browser.page.text


async def test_a_reference_is_found_however_it_is_typed(browser, submit):
    receipt = await submit()
    await browser.open(f"/fr/requete/{receipt.reference.replace('-', ' ').lower()}")
    assert browser.status == 200


async def test_confidential_and_unknown_requests_have_no_public_page(browser, submit):
    receipt = await submit("din")
    answers = {}
    for reference in (receipt.reference, "7K3M-9QXT-4", "AAAA-AAAA-A", "%20", "x" * 300):
        await browser.open(f"/fr/requete/{reference}")
        answers[reference] = (browser.status, browser.text)
    assert {status for status, _ in answers.values()} == {404}
    assert len({text for _, text in answers.values()}) == 1


async def test_a_request_of_one_town_is_not_shown_by_another(visitor, submit):
    receipt = await submit()
    assert (await visitor("http://localhost").open(f"/fr/requete/{receipt.reference}")).status == 404


async def record_of(host, reference):
    from parvis.requests.records import find

    return await find(host, reference)


@pytest.mark.parametrize("token", ["x", "00000000000000000000000000000000.0", "%00", ".", "é" * 50])
async def test_a_forged_link_of_a_follower_is_not_found(browser, submit, token):
    await submit()
    await browser.open(f"/fr/abonnement/{token}")
    assert browser.status == (400 if token == "%00" else 404)
