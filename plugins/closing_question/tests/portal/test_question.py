"""Is it resolved? Asked by a link and on the page of the request, answered once, within days and times."""

from parvis import clock
from parvis.requests.actors import REQUESTER
from parvis.requests.lifecycle import make_move
from parvis.requests.links import settled_url
from parvis.requests.payloads import request_for
from parvis.requests.persons.person import Wishes, keep_wishes
from parvis.requests.records import find
from parvis_closing_question.standing import answer_settled
from parvis_testing.modules import switch
from parvis_testing.portal import moved
from parvis_testing.visitors import HOST


async def mailed(host, receipt):
    """The link of a message that asks."""
    record = await find(host, receipt.reference)
    return settled_url(host, host.jurisdictions.jurisdiction("parvis"), record).removeprefix(HOST)


async def repaired(host, reference):
    await moved(host, reference, "start", "repair")


async def test_the_links_of_the_message_change_nothing_by_being_opened(visitor, submit, host):
    receipt = await submit()
    await repaired(host, receipt.reference)
    before = await find(host, receipt.reference)
    robot = visitor()
    for said in ("oui", "non", "x"):
        await robot.open(f"/fr/suivi/{receipt.reference}/regle?cle={receipt.key}&reponse={said}")
        assert robot.status == 200
    assert (await find(host, receipt.reference)).version == before.version
    assert before.settled is None


async def test_yes_thanks_counts_and_is_not_asked_again(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Est-ce réglé?" in browser.text
    await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=oui")
    await browser.send({"do": "yes", "words": "Beau travail!", "may_call": "yes"})
    assert "C’est noté" in browser.text
    assert "Beau travail!" in browser.text
    assert "On peut m’appeler" in browser.text
    assert (await find(host, receipt.reference)).settled == "yes"
    version = (await find(host, receipt.reference)).version
    await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=oui")
    assert "Vous avez répondu que c’est réglé." in browser.text
    # The town closes it: the question keeps its answer.
    await moved(host, receipt.reference, "close")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Oui, c’est réglé" not in browser.text
    assert (await find(host, receipt.reference)).version == version + 1


async def test_a_second_press_says_that_it_was_answered(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    page = (await browser.open(f"/fr/suivi/{receipt.reference}/regle")).page
    await browser.send({"do": "yes"})
    browser.page = page
    await browser.send({"do": "yes"})
    assert browser.path.endswith("/regle")
    assert "Vous avez répondu que c’est réglé." in browser.text


async def test_no_opens_the_same_request_with_a_word_and_is_asked_again_after_the_next_repair(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=non")
    assert browser.path.endswith("/action/not_fixed")
    assert "Vous pouvez nous le dire jusqu’au" in browser.text
    assert "encore 3 fois" in browser.text
    await browser.send({"reason": "Le trou est revenu."})
    assert "Votre requête est rouverte, sous le même numéro." in browser.text
    record = await find(host, receipt.reference)
    assert (record.state, record.settled) == ("working", "no")
    await moved(host, receipt.reference, "repair", "close")
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    assert "encore 2 fois" in browser.text
    with clock.moved_to(clock.now()) as later:
        later.forward(days=9)
        await make_move(host, receipt.reference, "not_fixed", {}, actor=REQUESTER, mover="requester")
        await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "Le délai recommence, car la requête est rouverte." in browser.text


async def test_after_three_times_one_is_asked_to_call(opened, host):
    browser, receipt = opened
    for _ in range(3):
        state = (await find(host, receipt.reference)).state
        await moved(host, receipt.reference, *(["start"] if state == "received" else []), "repair")
        await make_move(host, receipt.reference, "not_fixed", {}, actor=REQUESTER, mover="requester")
    await moved(host, receipt.reference, "repair")
    await browser.open(f"/fr/suivi/{receipt.reference}/regle?reponse=non")
    assert "déjà été rouverte trois fois" in browser.text
    refused = await make_move(host, receipt.reference, "not_fixed", {}, actor=REQUESTER, mover="requester")
    assert refused.code == "not_from_here"
    await browser.open(f"/fr/suivi/{receipt.reference}/action/not_fixed")
    assert browser.path.endswith("/regle")


async def test_after_sixty_days_a_new_request_is_made(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await moved(host, receipt.reference, "close")
    with clock.moved_to(clock.now()) as later:
        later.forward(days=61)
        await browser.open(f"/fr/suivi/{receipt.reference}")
        assert "Soixante jours ont passé" in browser.text
        assert "Ce n’est pas réparé" not in browser.text
        refused = await make_move(host, receipt.reference, "not_fixed", {}, actor=REQUESTER, mover="requester")
        assert "Faites une nouvelle requête" in refused.reason.fr


async def test_messages_do_not_ask_who_wished_not_to_be_asked(submit, host):
    receipt = await submit()
    await repaired(host, receipt.reference)

    async def asked():
        return (await request_for(host, await find(host, receipt.reference), ("contact",))).settled_url

    assert "/regle?jeton=" in await asked()
    await keep_wishes(host, "parvis", "zoe@exemple.ca", Wishes(language="fr", questions=False))
    assert await asked() == ""
    await keep_wishes(host, "parvis", "zoe@exemple.ca", Wishes(language="fr", questions=True))
    await answer_settled(host, receipt.reference)
    assert await asked() == ""


async def test_who_would_rather_not_answer_is_not_asked_again(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    await browser.send({"do": "unasked"})
    assert "Oui, c’est réglé" not in browser.text
    assert (await find(host, receipt.reference)).settled is None


async def test_where_nobody_can_say_no_nothing_is_asked(opened, host):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    assert "Il n’y a pas de question à laquelle répondre pour l’instant." in browser.text


async def test_the_link_that_asks_whether_it_is_settled_answers_and_opens_nothing_else(visitor, submit, host):
    receipt = await submit()
    await moved(host, receipt.reference, "start", "repair")
    settled = await mailed(host, receipt)
    browser = await visitor().open(f"{settled}&reponse=oui")
    assert browser.path == f"/fr/suivi/{receipt.reference}/regle"
    for page in ("", "/coordonnees", "/action/withdraw", "/messages"):
        assert (await browser.open(f"/fr/suivi/{receipt.reference}{page}")).path == "/fr/suivi"
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    await browser.send({"do": "yes"})
    assert "Vous avez répondu que c’est réglé" in browser.text
    assert (await find(host, receipt.reference)).settled == "yes"


async def test_no_is_said_by_the_link_of_the_message_with_a_photo(visitor, submit, host):
    receipt = await submit()
    await moved(host, receipt.reference, "start", "repair")
    settled = await mailed(host, receipt)
    browser = await visitor().open(f"{settled}&reponse=non")
    assert browser.path == f"/fr/suivi/{receipt.reference}/action/not_fixed"
    await browser.send({"reason": "Le trou est revenu."})
    assert browser.path == f"/fr/suivi/{receipt.reference}/regle"
    assert "Votre requête est rouverte" in browser.text
    assert (await find(host, receipt.reference)).state == "working"


async def test_a_link_already_sent_with_the_full_key_does_no_more_than_it_said(visitor, submit, host):
    receipt = await submit()
    await moved(host, receipt.reference, "start", "repair")
    browser = await visitor().open(f"/fr/suivi/{receipt.reference}/regle?cle={receipt.key}")
    assert browser.path == f"/fr/suivi/{receipt.reference}/regle"
    assert receipt.key not in browser.page.text
    assert (await browser.open(f"/fr/suivi/{receipt.reference}")).path == "/fr/suivi"


async def test_a_stranger_is_asked_nothing(visitor, submit):
    receipt = await submit()
    stranger = await visitor().open(f"/fr/suivi/{receipt.reference}/regle")
    assert stranger.path == "/fr/suivi"
    assert "Nid-de-poule" not in stranger.text


async def test_the_receipt_says_that_it_will_be_asked(opened):
    browser, receipt = opened
    await browser.open(f"/fr/suivi/{receipt.reference}/recu")
    assert "vous demanderons si c’est réglé" in browser.text


async def test_the_link_of_a_question_ends_and_leads_to_where_another_is_asked_for(visitor, submit, host):
    receipt = await submit()
    link = await mailed(host, receipt)
    with clock.moved_to(clock.now()) as later:
        later.forward(days=181)
        browser = await visitor().open(link)
        assert browser.path == "/fr/suivi"
        assert "Ce lien n’est plus valide" in browser.text


async def test_where_it_is_off_the_links_of_letters_still_lead_to_the_request(visitor, submit, host):
    receipt = await submit()
    await repaired(host, receipt.reference)
    link = await mailed(host, receipt)
    await switch(host, "off", "closing_question")
    somebody = visitor()
    await somebody.open(f"{link}&reponse=non")
    assert (somebody.status, somebody.path) == (200, "/fr/suivi")
    assert receipt.reference in somebody.page.text
    await somebody.open(f"/fr/suivi/{receipt.reference}/regle?cle={receipt.key}&reponse=oui")
    assert (somebody.status, somebody.path) == (200, f"/fr/suivi/{receipt.reference}")
    await somebody.open(f"/en/track/{receipt.reference}/settled")
    assert somebody.status == 200
    await switch(host, "on", "closing_question")
    await visitor().open(link)
    assert (await find(host, receipt.reference)).settled is None


async def test_where_it_is_off_nobody_is_asked_and_the_step_is_one_like_any_other(opened, host):
    browser, receipt = opened
    await repaired(host, receipt.reference)
    await switch(host, "off", "closing_question")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "réglé?" not in browser.text
    assert f"/fr/suivi/{receipt.reference}/action/not_fixed" in browser.page.text
    request = await request_for(host, await find(host, receipt.reference), ("contact",))
    assert (request.asks, request.settled_url) == ("", "")
    await browser.open(f"/fr/suivi/{receipt.reference}/regle")
    assert (browser.status, browser.path) == (200, f"/fr/suivi/{receipt.reference}")
    before = (await find(host, receipt.reference)).priority
    await browser.open(f"/fr/suivi/{receipt.reference}/action/not_fixed")
    assert "Vous pouvez nous le dire jusqu’au" not in browser.text
    await browser.send({"reason": "Le trou est revenu."})
    assert browser.path == f"/fr/suivi/{receipt.reference}"
    record = await find(host, receipt.reference)
    assert (record.state, record.settled, record.priority) == ("working", "no", before)
    await moved(host, receipt.reference, "repair")
    await switch(host, "on", "closing_question")
    await browser.open(f"/fr/suivi/{receipt.reference}")
    assert "encore 2 fois" in browser.text
