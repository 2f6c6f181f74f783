"""Beginning otherwise than by words: from a place, a photo, a link or a code to scan; what is known is in the form."""

from urllib.parse import quote

import pytest

from parvis.jurisdictions.owners import Owner
from parvis_sdk.text import Text
from parvis_testing.beginning import ADDRESS, SERVICE, fields, here


async def test_a_place_comes_first_then_what_can_be_asked_there_and_the_form_knows_it(browser):
    await browser.open("/fr/")
    assert 'href="/fr/commencer/lieu"' in browser.page.text
    await browser.open("/fr/commencer/lieu")
    await browser.send({"place.address": "4563 rue saint-urbain"})
    assert browser.path == "/fr/commencer"
    assert "Comment pouvons-nous vous aider à cet endroit?" in browser.text
    assert ADDRESS in browser.text
    assert "Nid-de-poule" in browser.text
    assert "Signalement" not in browser.text  # asks for no place
    await browser.send({"service": "hole"})
    assert browser.path == SERVICE
    assert fields(browser)["place.address"] == ADDRESS
    assert fields(browser)["place.lon"]


async def test_words_at_a_place_put_the_likeliest_first_and_go_into_the_form(browser, host):
    lat, lon = here()
    await browser.open(f"/fr/commencer?lieu={lat},{lon}&q=voisin bruyant")
    assert browser.page.text.index('value="din"') < browser.page.text.index('value="hole"')
    assert fields(browser)["mots"] == "voisin bruyant"


async def test_an_address_that_may_be_several_is_asked_about_without_scripts(browser):
    await browser.open("/fr/commencer/lieu")
    await browser.send({"place.address": "saint-urbain"})
    assert browser.path == "/fr/commencer/lieu"
    assert "Quelle est l’adresse?" in browser.text or "De quelle adresse s’agit-il?" in browser.text
    choice = browser.page.text.split('name="choice" type="radio" value="')[1].split('"')[0]
    await browser.send({"choice": choice})
    assert browser.path == "/fr/commencer"
    assert choice.replace("&#39;", "’") in browser.text


async def test_a_place_of_which_nothing_was_said_or_elsewhere_is_told(browser):
    await browser.open("/fr/commencer/lieu")
    await browser.send({})
    assert browser.status == 422
    await browser.send({"place.lon": "2.294", "place.lat": "48.858"})
    assert browser.status == 422
    assert "à l’extérieur de la ville" in browser.text


async def test_a_link_names_a_service_and_a_place_and_one_press_opens_the_form(browser):
    await browser.open(f"/fr/commencer?service=hole&lieu={quote(ADDRESS)}&mots=gros%20trou")
    assert "Nid-de-poule" in browser.text
    assert ADDRESS in browser.text
    await browser.send({})
    assert browser.path == SERVICE
    assert fields(browser)["place.address"] == ADDRESS


async def test_a_second_press_of_the_same_button_makes_no_second_draft(browser):
    await browser.open(f"/fr/commencer?service=hole&lieu={quote(ADDRESS)}")
    page = browser.page
    first = str((await browser.send({})).page.url)
    browser.page = page
    assert str((await browser.send({})).page.url) == first


async def test_a_code_on_a_thing_of_the_town_tells_where_it_stands_in_either_language(browser):
    await browser.open("/fr/commencer?actif=equipment/003-0058")
    assert "Aire de jeu 18 mois à 5 ans (003-0058)" in browser.text
    await browser.open("/en/begin?asset=003-0058&service=pothole")
    assert "Play area, 18 months to 5 years (003-0058)" in browser.text
    await browser.send({})
    assert browser.path == "/en/request/streets/pothole"
    assert fields(browser)["place.words"] == "Play area, 18 months to 5 years (003-0058)"


HOSTILE = (
    "service=" + "x" * 3_000,
    "service=../../etc/passwd",
    "lieu=<script>alert(1)</script>",
    "lieu=999,999",
    "lieu=nan,nan",
    "lieu=1e309,-73",
    "lieu=" + "9" * 400 + ",1",
    "lieu=%E2%80%AE",
    "actif='; DROP TABLE draft; --",
    "actif=equipment/../../x",
    "mots=" + "é" * 5_000,
    "mots=<img src=x onerror=alert(1)>",
    "lieu=a&lieu=b&service=hole&service=quarrel",
    "lieu[]=1&service[$ne]=1",
    "q=" + "a" * 5_000,
)


@pytest.mark.parametrize("query", HOSTILE)
async def test_hostile_links_are_read_as_far_as_they_make_sense(browser, query):
    await browser.open(f"/fr/commencer?{query}")
    assert browser.status == 200
    assert "<script>alert" not in browser.page.text
    assert "<img src=x" not in browser.page.text
    assert len(browser.page.text) < 60_000


async def test_a_link_that_means_nothing_here_says_so_and_offers_everything(browser):
    await browser.open("/fr/commencer?service=piscine&actif=borne-12")
    assert "Ce lien est incomplet" in browser.text
    assert "Nid-de-poule" in browser.text


async def test_a_place_outside_the_town_is_said_and_its_services_are_not_offered(browser):
    await browser.open("/fr/commencer?lieu=48.858,2.294")
    assert "Cet endroit est à l’extérieur de la ville" in browser.text
    assert 'value="hole"' not in browser.page.text


async def test_a_service_that_others_give_at_the_place_is_said_at_once_with_whom_to_turn_to(browser, monkeypatch):
    ministry = Owner(code="ministry", name=Text(fr="Ministère", en="Ministry"), link="https://m.example/", phone="511")
    monkeypatch.setattr(
        "parvis.web.portal.starting.owner_of", lambda town, code, *at: ministry if code == "hole" else None
    )
    lat, lon = here()
    await browser.open(f"/fr/commencer?service=hole&lieu={lat},{lon}")
    assert "Cet endroit relève de : Ministère" in browser.text
    assert 'href="https://m.example/"' in browser.page.text
    assert 'value="hole"' not in browser.page.text
    assert 'value="din"' in browser.page.text
    await browser.open(f"/fr/commencer?lieu={lat},{lon}")
    assert "Services qui relèvent d’autres organismes à cet endroit" in browser.text
