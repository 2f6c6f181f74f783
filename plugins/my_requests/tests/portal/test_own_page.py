"""A person's own page: opened by a mailed link alone, showing what is theirs and nothing of anybody else."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from litestar.exceptions import HTTPException
from msgspec import structs

from parvis import clock
from parvis.db.tables import Delivery
from parvis.requests.access_log import AccessLog
from parvis.requests.amendments import change_contact
from parvis.requests.contacts import contact_of
from parvis.requests.persons import followers
from parvis.requests.persons.person import wishes_of
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis_my_requests.sessions import begin_session

from .conftest import new_link, opened

ZOE = "zoe@exemple.ca"


@pytest.fixture
async def submit(host, visitor):
    async def submitted(type="hole", email=ZOE, mode="", **given):
        answers = {"hole": {"size": "small", "danger": False}, "din": {"words": "Une scie."}}[type]
        mode = mode or ("confidential" if type == "din" else "named")
        name = {} if mode == "anonymous" else {"name": "Zoé Côté"}
        raw = {
            "language": "fr",
            "answers": answers,
            "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
            "requester": {"mode": mode, "email": email, **name},
        }
        return await RequestService(host).submit("parvis", type, raw | given, channel="portal")

    return submitted


async def links_to(email):
    """The tokens in the letters that wait for the mail server."""
    waiting = [json.loads(row["event"]).get("message", {}) for row in await Delivery.select(Delivery.event)]
    mine = [message for message in waiting if message.get("to", "").lower() == email]
    return [re.search(r"/mes-requetes/lien/(\S+)", message["text"])[1] for message in mine]


def form_to(browser, ending):
    actions = re.findall(r'<form[^>]*action="([^"]*)"', browser.page.text)
    return next(number for number, action in enumerate(actions) if action.endswith(ending))


async def test_a_link_is_mailed_and_opens_the_page_once_by_a_press(browser, visitor, submit, host):
    hole, din = await submit(), await submit("din")
    await browser.open("/fr/mes-requetes")
    await browser.send({"email": "  Zoe@Exemple.CA "})
    assert "Vérifiez vos courriels" in browser.text
    (token,) = await links_to(ZOE)
    for _ in range(3):
        assert (await visitor().open(f"/fr/mes-requetes/lien/{token}")).status == 200
    await browser.open(f"/fr/mes-requetes/lien/{token}")
    await browser.send()
    for words in ("Mes requêtes", ZOE, hole.reference, din.reference, "Plainte de bruit"):
        assert words in browser.text
    other = await visitor().open(f"/fr/mes-requetes/lien/{token}")
    assert other.status == 404
    assert "n’est plus valide" in other.text


async def test_a_link_is_still_good_where_the_process_ended_before_it_had_opened_the_page(
    browser, visitor, submit, host, monkeypatch
):
    await submit()
    await browser.open("/fr/mes-requetes")
    await browser.send({"email": ZOE})
    (token,) = await links_to(ZOE)

    def cut_off(words):
        raise HTTPException(status_code=503, detail="The process was ended.")

    await browser.open(f"/fr/mes-requetes/lien/{token}")
    page = browser.page
    with monkeypatch.context() as patched:
        patched.setattr("parvis_my_requests.sessions.clean", cut_off)  # asked between the link and its session
        await browser.send()
    assert browser.status == 503
    browser.page = page
    await browser.send()
    assert "Mes requêtes" in browser.text
    assert ZOE in browser.text


async def test_the_answer_to_an_address_is_the_same_whatever_is_known_of_it(visitor, submit, host):
    from parvis.db import counted

    await submit()
    told = {}
    for email in (ZOE, "personne@exemple.ca"):
        browser = visitor()
        await browser.open("/fr/mes-requetes")
        with counted() as statements:
            await browser.send({"email": email}, follow=False)
        told[email] = (browser.status, browser.page.headers["location"], statements.count)
        assert len(await links_to(email)) == 1
    assert len(set(told.values())) == 1


async def test_nobody_is_written_to_more_than_a_few_times_an_hour_and_the_answer_stays_the_same(visitor, host):
    for _ in range(6):
        browser = visitor()
        await browser.open("/fr/mes-requetes")
        await browser.send({"email": ZOE})
        assert "Vérifiez vos courriels" in browser.text
    assert len(await links_to(ZOE)) == 4


async def test_without_a_session_nothing_is_shown(browser, submit, host):
    receipt = await submit()
    token = await new_link(host.engine, "parvis", ZOE, "fr")
    for path in ("ouvrir/" + receipt.reference, "mes-renseignements.zip", "effacer", "corriger"):
        await browser.open(f"/fr/mes-requetes/{path}")
        assert "Votre page est fermée" in browser.text
        assert receipt.reference not in browser.text
    another = token[:-1] + ("B" if token.endswith("A") else "A")
    for wrong in ("x", another, token + token):
        await browser.open(f"/fr/mes-requetes/lien/{wrong}")
        assert browser.status == 404, wrong


async def test_a_link_and_a_session_end_by_themselves_and_are_of_one_town(host, visitor, submit):
    with clock.moved_to(clock.now()) as moved:
        token = await new_link(host.engine, "parvis", ZOE, "fr")
        assert await begin_session(host.engine, "rivemont", token) is None
        browser = await opened(visitor(), host)
        moved.to(clock.now() + timedelta(minutes=21))
        await browser.open("/fr/mes-requetes")
        assert "M’envoyer le lien" in browser.text
        moved.to(clock.now() + timedelta(minutes=10))
        assert await begin_session(host.engine, "parvis", token) is None


HOME = "C. P. 5\nMagog (Québec)  J1X 2A4"


async def has_address(host, receipt):
    """The town was told where letters reach the person."""
    known = await contact_of(await find(host, receipt.reference))
    await change_contact(host, receipt.reference, structs.replace(known, postal_address=HOME), "fr")


async def test_what_is_of_somebody_else_stays_closed(browser, submit, host):
    mine, theirs = await submit(), await submit(email="autre@exemple.ca")
    await opened(browser, host)
    assert mine.reference in browser.text
    assert theirs.reference not in browser.text
    await browser.open(f"/fr/mes-requetes/ouvrir/{mine.reference}")
    assert str(browser.page.url).endswith(f"/fr/suivi/{mine.reference}")
    await browser.open(f"/fr/mes-requetes/ouvrir/{theirs.reference}")
    assert "/suivi/" not in str(browser.page.url)


async def test_leaving_ends_the_session_and_can_end_them_all(visitor, submit, host):
    await submit()
    here, there = await opened(visitor(), host), await opened(visitor(), host)
    await here.open("/fr/mes-requetes")
    assert "Fermer ma page partout" in here.text
    await here.send({"everywhere": "yes"}, form=0)
    assert "Votre page est fermée sur cet appareil" in here.text
    for browser in (here, there):
        await browser.open("/fr/mes-requetes")
        assert "Mes requêtes" in browser.text
        assert ZOE not in browser.text


async def test_what_one_follows_is_stopped_there(browser, submit, host):
    receipt = await submit(email="autre@exemple.ca")
    await followers.follow(host, receipt.reference, "Zoe@exemple.ca", "fr")
    record = await find(host, receipt.reference)
    (asked,) = await followers.followers_of(host, record)
    await followers.confirm(host, asked.confirm_url.rsplit("/", 1)[-1])
    await opened(browser, host)
    assert receipt.reference in browser.text
    number = form_to(browser, "/ne-plus-suivre")
    await browser.send(form=number)
    assert "Vous ne suivez plus" in browser.text
    assert await followers.followers_of(host, record) == ()


async def test_preferences_reach_requests_under_way_and_those_to_come(browser, submit, host):
    receipt = await submit()
    await has_address(host, receipt)
    await opened(browser, host)
    number = form_to(browser, "/preferences")
    await browser.send({"language": "en", "way": "phone", "questions": None}, form=number)
    record = await find(host, receipt.reference)
    assert record.language == "en"
    kept = await contact_of(record)
    assert (kept.preferred_channel, kept.postal_address) == ("", HOME)  # no number was left
    assert not (await wishes_of("parvis", ZOE)).questions


async def test_the_archive_holds_everything_and_every_file_of_that_person_only(browser, submit, host, jpeg):
    from parvis.requests.attached.receiving import receive_file
    from parvis.requests.work.conversation import receive

    mine, theirs = await submit("din"), await submit(email="autre@exemple.ca")
    await has_address(host, mine)
    file = await receive_file(host, "mine", "files", "../../scie <b>.jpg", jpeg)
    await receive(host, mine.reference, "Elle a recommencé.", files=[file.id], holder="mine")
    await opened(browser, host)
    await browser.open("/fr/mes-requetes/mes-renseignements.zip")
    archive = zipfile.ZipFile(io.BytesIO(browser.page.content))
    assert archive.testzip() is None
    data = json.loads(archive.read("donnees.json"))
    (request,) = data["requests"]
    assert request["contact"]["email"] == ZOE
    assert request["contact"]["postal_address"] == HOME
    assert request["answers"] == [{"code": "words", "question": "Quel bruit?", "value": "Une scie."}]
    assert "Elle a recommencé." in [line["words"] for line in request["story"]]
    (kept,) = request["files"]
    assert archive.read(kept["in_archive"])[:3] == b"\xff\xd8\xff"
    assert not [name for name in archive.namelist() if ".." in name or name.startswith("/")]
    page = archive.read("lisez-moi.html").decode()
    assert "Une scie." in page
    assert "C. P. 5<br>Magog" in page
    assert "<b>" not in page
    assert theirs.reference not in page + archive.read("donnees.json").decode()


async def test_the_archive_says_how_many_of_the_town_looked_at_a_request_and_names_nobody(browser, submit, host):
    from parvis.access_scope import Reach
    from parvis.requests.visibility import Viewer

    mine, unseen = await submit("din"), await submit("din")
    record = await find(host, mine.reference)
    for id, name in (("luc", "Luc Roy"), ("ana", "Ana Tremblay")):
        everywhere = (Reach(permissions=frozenset({"see"}), jurisdiction=record.jurisdiction),)
        host.of(AccessLog).at(Viewer(kind="agent", id=id, name=name, reaches=everywhere), record, "page")
    await host.of(AccessLog).write(host.engine)
    await opened(browser, host)
    await browser.open("/fr/mes-requetes/mes-renseignements.zip")
    archive = zipfile.ZipFile(io.BytesIO(browser.page.content))
    data, page = json.loads(archive.read("donnees.json")), archive.read("lisez-moi.html").decode()
    by_reference = {one["reference"]: one["looked_at"] for one in data["requests"]}
    assert (by_reference[mine.reference]["people"], by_reference[unseen.reference]) == (2, None)
    assert page.count("2 membres du personnel de la Ville l’ont consultée.") == 1
    assert page.count("2 membres du personnel de la Ville (toute la ville)") == 1
    assert [(one["people"], one["units"]) for one in by_reference[mine.reference]["days"]] == [(2, ["*"])]
    assert not [name for name in ("Luc", "Tremblay") if name in page + str(data)]


async def test_an_erasure_request_is_a_request_with_the_day_of_the_law(browser, submit, host):
    from parvis.requests.actors import VERIFIED
    from parvis.requests.history import entries_of
    from parvis.requests.persons.person import requests_of

    await submit()
    await opened(browser, host)
    await browser.open("/fr/mes-requetes/effacer")
    assert "1 requête" in browser.text
    await browser.send({"name": "", "words": "Tout, s’il vous plaît."})
    assert browser.status == 422
    await browser.send({"name": "Zoé Côté"})
    assert "Mes renseignements personnels" in browser.text
    (data_request, _) = await requests_of(host, "parvis", ZOE)
    assert data_request.record.answers == {"wish": "erase", "words": "Tout, s’il vous plaît."}
    assert data_request.record.promised_at - data_request.record.submitted_at == timedelta(days=20)
    assert (await entries_of(data_request.record))[0].actor == VERIFIED


async def test_the_same_erasure_request_sent_twice_is_one(browser, submit, host):
    from parvis.requests.persons.person import requests_of

    await opened(browser, host)
    await browser.open("/fr/mes-requetes/corriger")
    page = browser.page
    for _ in range(2):
        browser.page = page
        await browser.send({"name": "Zoé", "correction": "Mon nom s’écrit Zoé."})
    assert len(await requests_of(host, "parvis", ZOE)) == 1


async def test_what_is_written_over_a_demand_that_was_sent_is_not_acknowledged_and_dropped(browser, submit, host):
    from parvis.requests.persons.person import requests_of

    await opened(browser, host)
    await browser.open("/fr/mes-requetes/corriger")
    page = browser.page
    await browser.send({"name": "Zoé", "correction": "Mon nom s’écrit Zoé."})
    browser.page = page
    await browser.send({"name": "Zoé", "correction": "Mon adresse a changé."})
    assert browser.status == 422
    assert "déjà envoyé une autre demande" in browser.text
    await browser.send({})
    asked = [each.record.answers["correction"] for each in await requests_of(host, "parvis", ZOE)]
    assert sorted(asked) == ["Mon adresse a changé.", "Mon nom s’écrit Zoé."]
