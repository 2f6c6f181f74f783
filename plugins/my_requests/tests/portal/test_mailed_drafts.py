"""Drafts on a person's own page: those of this device, and those whose link was mailed to the address."""

import io
import json
import zipfile

import pytest

from parvis import clock
from parvis.db.tables import DraftKey
from parvis.requests import drafting
from parvis.requests.chores import sweep
from parvis.requests.drafting import key_for, mailed_to
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.persons.person import forget_around
from parvis.requests.records import find
from parvis_testing.portal import OTHER_HOST

from .conftest import opened

SERVICE = "/fr/demande/rues/nid-de-poule"
ZOE = "zoe@exemple.ca"
WAITING = "Commencée sur un autre appareil"


@pytest.fixture
async def begun(visitor, host, monkeypatch):
    """A draft begun on one device, whose link was mailed to Zoé as she typed her address."""
    monkeypatch.setitem(host.plugins.channels, "email", object())
    device = visitor()
    await device.open(SERVICE)
    await device.send({"place.address": "4563 rue saint-urbain"})
    await device.send({"size": "small", "_later": "1"})
    await device.send({"email": " Zoe@Exemple.CA "}, form=0)
    assert "Le lien est envoyé" in device.text
    return device


def number_of_form(browser):
    return next(number for number in range(9) if browser.form(number)["action"].endswith("/mes-requetes/brouillon"))


async def pressed(browser, do="resume"):
    return await browser.send({"do": do}, form=number_of_form(browser))


async def drafts_at_hand(host):
    return await mailed_to("parvis", ZOE)


async def test_what_was_begun_on_this_device_is_on_the_own_page_once(begun, host):
    await opened(begun, host)
    assert begun.text.count("Nid-de-poule") - begun.text.count("(Nid-de-poule)") == 1
    assert WAITING not in begun.text


async def test_a_draft_mailed_to_an_address_is_continued_from_its_own_page_on_another_device(begun, visitor, host):
    other = await opened(visitor(), host)
    assert WAITING in other.text
    assert "Saint-Urbain" not in other.page.text
    await pressed(other)
    assert other.path == f"{SERVICE}/1"
    assert ("size", "small") in other.form()["fields"]
    await other.send({"size": "large", "depth": "12", "danger": "no"})
    assert other.path == f"{SERVICE}/3"
    await begun.open(f"{SERVICE}/1")
    assert ("size", "large") in begun.form()["fields"]
    await begun.send({"size": "small", "danger": "no"})
    await other.open(f"{SERVICE}/1")
    assert ("size", "small") in other.form()["fields"]


async def test_files_of_both_devices_lie_in_one_draft_that_becomes_one_request(begun, visitor, host, jpeg):
    await begun.open(f"{SERVICE}/1")
    await begun.send({"size": "small", "danger": "no"})
    await begun.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    other = await pressed(await opened(visitor(), host))
    await other.open(f"{SERVICE}/3")
    assert "Retirer a.jpg" in other.text
    await other.send({}, files=[("photos", ("b.jpg", jpeg, "image/jpeg"))])
    await other.send({"mode": "named", "name": "Zoé", "email": ZOE})
    await begun.open(f"{SERVICE}/verification")
    assert "b.jpg" in begun.page.text
    await other.send()
    assert other.path.endswith("/recu")
    await begun.send()
    assert begun.path == other.path
    assert (await public_requests(host, "parvis", Filters())).total == 1
    record = await find(host, other.path.split("/")[3])
    assert len(record.answers["photos"]) == 2
    assert await drafts_at_hand(host) == ()
    assert {row["email"] for row in await DraftKey.select()} == {""}


async def test_a_browser_that_comes_to_a_draft_in_two_ways_has_it_once(begun, visitor, host):
    link = f"/fr/brouillon/{begun.http.cookies.get('parvis_draft_hole')}"
    other = await pressed(await opened(visitor(), host))
    await other.open(link)
    assert "Continuer sur cet appareil" not in other.text
    await other.send({"do": "resume"})
    assert other.path == f"{SERVICE}/1"
    assert (await other.open("/fr/")).text.count("Continuer : Nid-de-poule") == 1
    await other.open(link)
    await other.send({"do": "forget"})
    assert "Continuer : Nid-de-poule" not in (await other.open("/fr/")).text


async def test_nobody_else_sees_or_opens_it(begun, visitor, host):
    (draft,) = await drafts_at_hand(host)
    for other in (
        await opened(visitor(), host, "autre@exemple.ca"),
        await opened(visitor(OTHER_HOST), host, ZOE, "rivemont"),
    ):
        assert WAITING not in other.text
        stop = next(n for n in range(9) if other.form(n)["action"].endswith("/preferences"))
        token = dict(other.form(stop)["fields"])["_csrf"]
        answer = await other.http.post(
            f"{other.host}/fr/mes-requetes/brouillon",
            data={"_csrf": token, "draft": draft.holder, "do": "resume"},
            headers={"origin": other.host},
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/fr/mes-requetes")
        assert "parvis_draft_hole" not in other.http.cookies
    stranger = await visitor().open("/fr/mes-requetes")
    assert WAITING not in stranger.text
    key = await key_for(host, draft, ZOE)
    assert (await visitor(OTHER_HOST).open(f"/fr/brouillon/{key}")).status == 404
    mistyped = key[:-1] + ("B" if key.endswith("A") else "A")
    assert (await visitor().open(f"/fr/brouillon/{mistyped}")).status == 404


async def test_the_key_of_an_address_is_one_and_not_in_the_tables(begun, host):
    (draft,) = await drafts_at_hand(host)
    one, same, other = [await key_for(host, draft, email) for email in (ZOE, ZOE, "autre@exemple.ca")]
    assert one == same != other
    assert drafting.is_ours(host.secret, one)
    assert (await drafting.load(host, one)).holder == draft.holder
    assert one not in str(await DraftKey.select())


async def test_erasing_from_the_own_page_asks_first_and_leaves_nothing(begun, visitor, host):
    other = await pressed(await opened(visitor(), host), "look")
    assert "Continuer cette requête?" in other.text
    assert "parvis_draft_hole" not in other.http.cookies
    assert len(await drafts_at_hand(host)) == 1
    await other.send({"do": "discard"})
    assert other.path == "/fr/brouillon/efface"
    assert await DraftKey.select() == []
    assert "Continuer : Nid-de-poule" not in (await begun.open("/fr/")).text


async def test_what_was_sent_or_grew_old_is_not_listed_and_its_address_goes(begun, visitor, host):
    page = await opened(visitor(), host)
    with clock.moved_to(clock.now()) as time:
        time.forward(days=15)
        assert await drafts_at_hand(host) == ()
        await sweep(host)
    assert await DraftKey.select() == []
    await pressed(page)
    assert page.path == "/fr/mes-requetes"
    assert WAITING not in page.text


async def test_a_device_of_the_own_page_whose_draft_was_erased_begins_anew_and_loses_nothing(begun, visitor, host):
    other = await pressed(await opened(visitor(), host))
    (draft,) = await drafts_at_hand(host)
    await drafting.discard_held(host, draft.holder)
    await other.send({"size": "large", "depth": "4", "_keep": "1"}, follow=False)
    assert other.status == 200
    await other.open(f"{SERVICE}?")
    await other.open("/fr/")
    assert "Continuer : Nid-de-poule" in other.text


async def test_the_archive_of_a_person_has_their_mailed_drafts_with_their_files(begun, host, jpeg):
    await begun.open(f"{SERVICE}/1")
    await begun.send({"size": "small", "danger": "no"})
    await begun.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    await begun.send({"mode": "named", "name": "Zoé <b>Côté</b>", "email": ZOE, "_later": "1"})
    await opened(begun, host)
    await begun.open("/fr/mes-requetes/mes-renseignements.zip")
    archive = zipfile.ZipFile(io.BytesIO(begun.page.content))
    (draft,) = json.loads(archive.read("donnees.json"))["drafts"]
    assert (draft["type"], draft["title"], draft["answers"]["size"]) == ("hole", "Nid-de-poule", "small")
    assert draft["place"]["address"] == "4563, rue Saint-Urbain"
    assert archive.read(draft["files"][0]["in_archive"])[:3] == b"\xff\xd8\xff"
    page = archive.read("lisez-moi.html").decode()
    for words in ("brouillon, non envoyée", "4563, rue Saint-Urbain", "Petit", "Zoé &lt;b&gt;Côté", "a.jpg"):
        assert words in page, words


async def test_erasing_an_address_destroys_what_was_mailed_to_it_alone(begun, host):
    (draft,) = await drafts_at_hand(host)
    await key_for(host, draft, "autre@exemple.ca")
    assert await forget_around(host, "rivemont", ZOE) == 0
    assert await forget_around(host, "parvis", ZOE) == 1
    assert await drafts_at_hand(host) == ()
    assert len(await mailed_to("parvis", "autre@exemple.ca")) == 1
    assert await forget_around(host, "parvis", "autre@exemple.ca") == 1
    assert await DraftKey.select() == []
    assert "Continuer : Nid-de-poule" not in (await begun.open("/fr/")).text
