"""The space is switched off while somebody is in it and letters lead there: nothing speaks of it, nothing is lost."""

import pytest

from parvis import clock
from parvis.requests.drafting import mailed_to
from parvis.requests.persons.person import Wishes, keep_wishes, wishes_of
from parvis.worker.chores import chores_of, due_somewhere
from parvis_my_requests.sessions import sweep_sessions
from parvis_my_requests.tables import OwnKey
from parvis_testing.devices import copied, quit_on, with_cookies
from parvis_testing.modules import switch
from parvis_testing.portal import OTHER_HOST

from .conftest import new_link, opened

ZOE = "zoe@exemple.ca"
PAGES = ("", "/mes-renseignements.zip", "/effacer", "/corriger", "/ouvrir/{reference}")
ELSEWHERE = ("/fr", "/fr/suivi", "/fr/confidentialite", "/fr/etat", "/fr/rien", "/fr/suivi/{reference}")
SPEAKS_OF_IT = ("Mes requêtes", "mes-requetes", "votre propre page", "Ouvrir ma page")


@pytest.fixture
async def receipt(submit):
    return await submit()


@pytest.fixture
async def inside(visitor, host, receipt):
    """A browser in which Zoé opened her space, and one of her requests, before it was switched off."""
    browser = await opened(visitor(), host)
    await browser.open(f"/fr/mes-requetes/ouvrir/{receipt.reference}")
    await switch(host, "off", "my_requests")
    return browser


async def test_its_pages_do_not_exist_and_no_other_page_speaks_of_it(inside, visitor, receipt):
    for path in PAGES:
        for browser in (inside, visitor()):
            await browser.open(f"/fr/mes-requetes{path.format(reference=receipt.reference)}")
            assert browser.status == 404, path
            assert ZOE not in browser.text
    for path in ELSEWHERE:
        await inside.open(path.format(reference=receipt.reference))
        assert [words for words in SPEAKS_OF_IT if words in inside.page.text] == [], path


async def test_a_link_of_before_says_what_to_do_instead_in_both_languages(visitor, host, inside):
    token = await new_link(host.engine, "parvis", ZOE, "fr")
    browser = await visitor().open(f"/fr/mes-requetes/lien/{token}")
    assert browser.status == 404
    assert "Ce lien n’est plus valide" in browser.text
    assert "suivez chacune avec son numéro" in browser.text
    assert 'href="/fr/suivi"' in browser.page.text
    assert "Mes requêtes" not in browser.text
    await browser.open(f"/en/my-requests/link/{token}")
    assert "follow each one with its number" in browser.text


async def test_a_button_of_before_that_is_pressed_now_opens_nothing_and_says_the_same(visitor, host, receipt):
    browser = await visitor().open(f"/fr/mes-requetes/lien/{await new_link(host.engine, 'parvis', ZOE, 'fr')}")
    await switch(host, "off", "my_requests")
    await browser.send()
    assert browser.status == 404
    assert "Ce lien n’est plus valide" in browser.text
    assert await OwnKey.count() == 0


async def test_a_request_that_it_opened_stays_open_for_its_day_and_can_be_left(inside, receipt):
    page = f"/fr/suivi/{receipt.reference}"
    assert (await inside.open(page)).path == page
    with clock.moved_to(clock.now()) as later:
        later.forward(hours=26)
        assert (await inside.open(page)).path == "/fr/suivi"


async def test_the_address_of_a_session_is_kept_no_longer_than_it(inside, host):
    names = [each.name for each in due_somewhere(host, chores_of(host))]
    assert "own_sessions" in names
    assert await sweep_sessions(host.engine) == 0
    with clock.moved_to(clock.now()) as later:
        later.forward(hours=1)
        assert await sweep_sessions(host.engine) == 1
    assert await OwnKey.count() == 0


async def test_a_link_to_a_draft_is_mailed_and_its_address_is_not_kept(inside, visitor, host, monkeypatch):
    monkeypatch.setitem(host.plugins.channels, "email", object())
    device = await visitor().open("/fr/demande/rues/nid-de-poule")
    await device.send({"place.address": "4563 rue saint-urbain"})
    await device.send({"size": "small", "_later": "1"})
    assert "Sert à vous envoyer ce lien, rien d’autre." in device.text
    await device.send({"email": ZOE}, form=0)
    assert "Le lien est envoyé" in device.text
    assert await mailed_to("parvis", ZOE) == ()


async def test_what_somebody_wished_holds_on(inside, host):
    await keep_wishes(host, "parvis", ZOE, Wishes(language="en", questions=False))
    assert not (await wishes_of("parvis", ZOE)).questions


async def test_on_again_everything_is_found_where_it_was(inside, visitor, host, receipt):
    await switch(host, "on", "my_requests")
    await inside.open("/fr/mes-requetes")
    assert receipt.reference in inside.text
    assert "Mes requêtes" in (await visitor().open("/fr")).text


async def test_it_is_off_in_one_town_and_on_in_another(visitor, host, receipt):
    await switch(host, "off", "my_requests", town="rivemont")
    assert (await visitor(OTHER_HOST).open("/fr/mes-requetes")).status == 404
    assert (await visitor().open("/fr/mes-requetes")).status == 200
    browser = await opened(visitor(), host)
    assert receipt.reference in browser.text
    await switch(host, "on", "my_requests", town="rivemont")


async def test_a_request_that_it_opened_is_left_on_that_device_alone(visitor, inside, receipt):
    page = f"/fr/suivi/{receipt.reference}"
    thief = with_cookies(visitor(), copied(inside))
    await inside.open(page)
    await quit_on(inside)
    assert (await inside.open(page)).path == "/fr/suivi"
    assert (await thief.open(page)).path == "/fr/suivi"
