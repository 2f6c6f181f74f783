"""Answers before forms: what the page of a service says, how long it takes, and which answers were enough."""

import re
from datetime import timedelta

from parvis import clock
from parvis.db import counted
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.usual_delays import Delays
from parvis.requests.request_service import RequestService
from parvis_testing.deflections import deflections
from parvis_testing.service_answers import ANA, NOW, ON_THE_PLATEAU, app, visitor, whole_app

__all__ = ["app", "visitor", "whole_app"]


async def test_the_page_of_a_service_says_what_its_form_and_its_author_say(browser):
    await browser.open("/fr/services/rues/collecte-manquee")
    for words in (
        "Les résidents.",
        "À quelle heure?",
        "À sept heures.",
        "Photos du bac",
        "Non, rester anonyme",
        "Gratuit",
        "Toute l’année",
        "Le délai dépend de la requête.",  # the town keeps its seven days for itself
    ):
        assert words in browser.text, words
    assert "La moitié des requêtes" not in browser.text  # too few to say
    assert 'href="/fr/demande/rues/collecte-manquee"' in browser.page.text
    assert re.search(r'hreflang="en-CA" href="http[^"]+/en/services/streets/missed-collection"', browser.page.text)


async def test_the_page_of_a_service_asks_at_most_one_thing_of_the_database_and_that_rarely(app, browser):
    app.state.delays = Delays()
    with counted() as first:
        await browser.open("/fr/services/rues/collecte-manquee")
    with counted() as second:
        await browser.open("/fr/services/rues/collecte-manquee")
    assert (first.count, second.count) == (1, 0)
    with counted() as snow:
        await browser.open("/fr/services/rues/neige")
    assert snow.count == 1  # how long it takes


async def test_delays_are_told_once_enough_requests_are_closed(browser, host):
    raw = {"answers": {"size": "small", "danger": False}, "place": ON_THE_PLATEAU, "requester": {"mode": "anonymous"}}
    references = []
    with clock.moved_to(NOW - timedelta(days=9)) as time:  # a Monday
        for number in range(10):
            receipt = await RequestService(host).submit(
                "parvis", "snow", raw, channel="portal", idempotency_key=f"n{number}"
            )
            references.append(receipt.reference)
        time.forward(hours=48)
        for reference in references:
            await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
            await make_move(host, reference, "close", {}, actor=ANA, mover="agent")
    await browser.open("/fr/services/rues/neige")
    assert "La moitié des requêtes : 2 jours ouvrables ou moins" in browser.text
    assert "D’après les 10 dernières requêtes" in browser.text


async def test_an_answer_that_was_enough_is_counted_and_nothing_else_is_kept(browser, host):
    await browser.open("/fr/services/rues/collecte-manquee")
    await browser.send({"answer": "hours"})
    assert "Merci, c’est noté." in browser.text
    assert await deflections("parvis", "missed") == {"answer:hours": (0, 1, 0)}
    await browser.open("/en/services/streets/missed-collection")
    await browser.send({"answer": "made-up"})
    assert browser.status == 404
    assert await deflections("parvis", "missed") == {"answer:hours": (0, 1, 0)}


async def test_a_service_of_the_town_itself_has_no_page_and_no_form(browser):
    assert (await browser.open("/fr/services/rues/operation")).status == 404
    assert (await browser.open("/fr/demande/rues/operation")).status == 404
    await browser.open("/fr/services")
    assert "Déneigement" not in browser.text
