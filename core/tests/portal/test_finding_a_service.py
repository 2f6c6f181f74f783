"""From what happens to the right form: home, themes, search in both languages, towns, languages."""

import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import counted
from parvis.requests.levels import StandingLevels
from parvis.requests.lists.most_asked import MostAsked
from parvis_sdk.mistakes import KEPT_SLUGS


async def test_the_root_leads_to_the_language_that_the_browser_asks_for(browser):
    await browser.open("/", **{"accept-language": "en-CA,fr;q=0.5"})
    assert browser.path == "/en/"
    await browser.open("/", **{"accept-language": "de"})
    assert browser.path == "/fr/"


async def test_the_home_page_offers_the_box_and_every_service_by_theme(browser):
    await browser.open("/fr/")
    assert browser.status == 200
    assert "Comment pouvons-nous vous aider?" in browser.text
    assert "Nid-de-poule" in browser.text
    assert "Plainte de bruit" in browser.text
    assert 'href="/fr/demande/rues/nid-de-poule"' in browser.page.text


async def asked_most(browser, path="/fr/"):
    """The services that the first page names before the themes, in their order."""
    await browser.open(path)
    section = browser.page.text.partition('class="asked"')[2].partition("</section>")[0]
    return re.findall(r"<span>([^<]+)</span>", section)


async def test_home_begins_with_what_people_ask_for_at_this_time_of_the_year(browser, submit, host):
    assert await asked_most(browser) == []
    for days, services in ((350, ["lamps"] * 2), (150, ["din"] * 3)):
        with clock.moved_to(clock.now() - timedelta(days=days)):
            for service in services:
                await submit(service)
    assert await asked_most(browser) == []  # counted once an hour
    del host.memory[MostAsked]
    await submit("hole")
    assert (await asked_most(browser))[:2] == ["Lampadaires éteints", "Nid-de-poule"]


@pytest.mark.parametrize(
    ("path", "typed", "first"),
    [
        ("/fr/recherche", "il y a un nid de poule devant chez moi", "Nid-de-poule"),
        ("/fr/recherche", "CRATERE", "Nid-de-poule"),
        ("/fr/recherche", "crater", "Nid-de-poule"),
        ("/en/search", "cratère", "Pothole"),
        ("/en/search", "noizy neighbour", "Noise complaint"),
        ("/fr/recherche", "lampadère", "Lampadaires éteints"),
    ],
)
async def test_words_find_the_service_in_either_language_with_typos(browser, path, typed, first):
    await browser.open(f"{path}?q={typed}")
    cards = browser.page.text.split('class="card card--link"')
    assert first in cards[1]


async def test_words_that_find_nothing_lead_to_all_services_and_to_a_person(browser):
    await browser.open("/fr/recherche?q=xylophone quantique")
    assert browser.status == 200
    assert "Aucun service ne correspond" in browser.text
    assert "Nid-de-poule" in browser.text
    assert "450 555-0100" in browser.text


async def test_a_theme_shows_its_services_and_keeps_its_place_in_the_other_language(browser):
    await browser.open("/fr/services/rues")
    assert "Nid-de-poule" in browser.text
    assert "Plainte de bruit" not in browser.text
    assert 'href="/en/services/streets"' in browser.page.text
    await browser.open("/en/services/streets")
    assert "Pothole" in browser.text


async def test_a_service_shows_what_it_is_what_to_prepare_and_the_delay_with_its_first_question(browser):
    await browser.open("/fr/demande/rues/nid-de-poule")
    for words in (
        "Un trou dans la chaussée.",
        "L’endroit et une photo.",
        "5 jours ouvrables",
        "24 heures",
        "L’endroit",
    ):
        assert words in browser.text
    assert 'hreflang="en-CA"' in browser.page.text
    assert "/en/request/streets/pothole" in browser.page.text


@pytest.mark.parametrize(
    "path", ["/fr/demande/rues/rien", "/fr/services/rien", "/fr/rien", "/en/demande/rues/nid-de-poule"]
)
async def test_what_does_not_exist_is_a_page_that_says_so(browser, path):
    await browser.open(path)
    assert browser.status == 404
    assert "<h1" in browser.page.text


async def test_another_host_is_another_town_with_its_own_name_colours_and_services(visitor):
    here, there = await visitor().open("/fr/"), await visitor("http://localhost").open("/fr/")
    assert "Ville de Parvis" in here.text
    assert "Ville de Rivemont" in there.text
    assert "153e5c" in here.page.text
    assert "5b2140" in there.page.text
    assert "Nid-de-poule" in here.text
    assert "Nid-de-poule" not in there.text
    assert "Signalement" in there.text


async def test_english_is_read_after_a_declaration_where_the_town_asks_for_one(visitor):
    browser = await visitor("http://localhost").open("/en/request/streets/report")
    assert browser.path == "/en/declaration"
    await browser.send({})
    assert browser.status == 422
    await browser.send({"ground": "education"})
    assert browser.path == "/en/request/streets/report"
    assert browser.status == 200


async def test_a_declaration_leads_to_our_own_pages_only(visitor):
    browser = await visitor("http://localhost").open("/en/declaration?next=https://elsewhere.example/en/")
    await browser.send({"ground": "newcomer", "next": "//elsewhere.example"})
    assert str(browser.page.url) == "http://localhost/en/"


@pytest.mark.parametrize("path", ["/fr/", "/fr/services/rues", "/fr/recherche?q=trou", "/fr/demande/rues/nid-de-poule"])
async def test_pages_that_show_services_ask_nothing_of_the_database(browser, host, path):
    """What the town promises stands in its files; what is asked for most is counted once an hour."""
    await browser.open("/fr/")
    host.of(StandingLevels).clear()
    with counted() as queries:
        await browser.open(path)
    assert browser.status == 200
    assert queries.count == 0


def test_words_of_the_portal_that_stand_where_a_service_has_its_own_are_kept_from_services(whole_app):
    paths = [route.path.strip("/").split("/") for route in whole_app.routes]

    def before(path, place):
        return tuple("*" if step.startswith("{") else step for step in path[:place])

    def beside(name):
        theirs = {before(path, place) for path in paths for place, step in enumerate(path) if step == name}
        at = ((path, place) for path in paths for place in range(len(path)) if before(path, place) in theirs)
        return {(path[0], path[place]) for path, place in at if not path[place].startswith("{")}

    assert beside("{theme:str}") == set()
    assert beside("{slug:str}") == {(language, word) for language, words in KEPT_SLUGS.items() for word in words}
