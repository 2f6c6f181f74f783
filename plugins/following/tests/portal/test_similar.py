"""What others reported near the place of a form: shown once, followed by one press, and awaited by nobody."""

import asyncio

import pytest
from msgspec import structs

from parvis.db import DatabaseAway
from parvis.requests.records import find
from parvis_following.portal import similar
from parvis_sdk.fields import File
from parvis_sdk.forms import Form
from parvis_testing.modules import switch

SERVICE = "/fr/demande/rues/nid-de-poule"
ADDRESS = {"place.address": "4563 rue saint-urbain"}
ELOISE = {"mode": "named", "name": "Éloïse Tremblay", "email": "eloise@exemple.ca"}


async def to_the_end(browser):
    """Through everything after the place."""
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({})
    await browser.send(ELOISE)
    await browser.send()
    return browser.path.split("/")[3]


async def one_reported(browser, visitor):
    await browser.open(SERVICE)
    await browser.send(ADDRESS)
    reference = await to_the_end(browser)
    return reference, await visitor().open(SERVICE)


async def test_me_too_is_one_press_on_the_page_of_what_is_known(browser, visitor, host):
    reference, other = await one_reported(browser, visitor)
    await other.send(ADDRESS)
    assert other.path == f"{SERVICE}/deja-signale"
    assert f"1 Nid-de-poule, 4563, rue Saint-Urbain Reçue {reference}" in other.text
    assert "À cet endroit" in other.text
    await other.send({"email": "voisin@exemple.ca"}, form=0)
    assert "Vérifiez vos courriels" in other.text
    assert (await find(host, reference)).version == 1


async def never(*where):
    await asyncio.Event().wait()


async def away(*where):
    raise DatabaseAway("the database is locked")


@pytest.mark.parametrize("looking", [never, away])
async def test_nobody_is_kept_waiting_by_what_others_reported(browser, visitor, monkeypatch, looking):
    monkeypatch.setattr(similar, "similar_open", looking)
    monkeypatch.setattr(similar, "PATIENCE", 0.05)
    _, other = await one_reported(browser, visitor)
    await other.send(ADDRESS)
    assert other.path == f"{SERVICE}/1"
    for each in tuple(similar.LOOKING):
        each.cancel()


async def test_a_request_like_it_nearby_is_shown_before_the_questions_and_can_be_followed(browser, visitor, host):
    reference, other = await one_reported(browser, visitor)
    await other.send(ADDRESS)
    assert other.path == f"{SERVICE}/deja-signale"
    assert "Déjà signalé?" in other.text
    assert f'action="/fr/suivre/{reference}"' in other.page.text
    await other.open(f"/fr/suivre/{reference}")
    await other.send({"email": "voisin"})
    assert other.status == 422
    await other.send({"email": "voisin@exemple.ca"})
    assert "Vérifiez vos courriels" in other.text


async def test_one_may_go_on_past_similar_requests_and_is_not_asked_again(browser, visitor):
    _, other = await one_reported(browser, visitor)
    await other.send(ADDRESS)
    await other.send()
    assert other.path == f"{SERVICE}/1"
    await other.open(SERVICE)
    await other.send({})
    assert other.path == f"{SERVICE}/1"


async def test_a_form_goes_on_where_the_town_switches_it_off_under_a_person(browser, visitor, host):
    _, other = await one_reported(browser, visitor)
    await other.send(ADDRESS)
    assert other.path == f"{SERVICE}/deja-signale"
    await switch(host, "off", "following")
    try:
        await other.send()
        assert other.path == f"{SERVICE}/1"
        third = await visitor().open(SERVICE)
        await third.send(ADDRESS)
        assert third.path == f"{SERVICE}/1"
        assert (await third.open(f"{SERVICE}/deja-signale")).path == f"{SERVICE}/1"
    finally:
        await switch(host, "on", "following")


@pytest.fixture
def only_photos(host, monkeypatch):
    """The pothole as most towns have it: with photos and without documents."""
    request_type = host.plugins.request_types["hole"]
    sections = tuple(
        structs.replace(one, fields=tuple(field for field in one.fields if not isinstance(field, File)))
        for one in request_type.form.sections
    )
    monkeypatch.setitem(host.plugins.request_types, "hole", structs.replace(request_type, form=Form(sections=sections)))


async def send_whole(browser):
    """A form that was filled in without a network: the page first, for its token, then everything at once."""
    await browser.open(f"{SERVICE}?autre=1")
    fields = {name: value for name, value in browser.form()["fields"] if name in ("_csrf", "_draft")}
    said = {**ADDRESS, "size": "large", "depth": "12", "danger": "no", **ELOISE}
    parts = [(name, (None, value.encode())) for name, value in {**fields, **said}.items() if value]
    browser.page = await browser.http.post(f"http://127.0.0.1{SERVICE}/hors-ligne", files=parts, follow_redirects=True)


async def test_what_is_reported_is_shown_before_a_whole_form_is_sent(browser, visitor, only_photos):
    await send_whole(browser)
    other = visitor()
    await send_whole(other)
    assert other.path == f"{SERVICE}/deja-signale"
    await other.send()
    await other.send()
    assert other.path.endswith("/recu")
