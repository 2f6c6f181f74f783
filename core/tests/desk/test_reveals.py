"""Who a confidential person is stands in no answer, search, archive or machine's call before a reason is given."""

import asyncio
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from msgspec import structs

from parvis import clock
from parvis.people.agents import Grant
from parvis.people.granting import give
from parvis.people.sessions import begin_session, end_session, is_open
from parvis.people.tokens import make_token
from parvis.requests.access_log import AccessLog
from parvis.requests.amendments import reveal
from parvis.requests.exclusions import keep_away
from parvis.requests.payloads import request_for
from parvis.web.desk.management import confidential
from parvis.web.desk.management.confidential import CONFIDENTIAL
from parvis.web.live_news import MOST_OF_ONE, watch
from parvis_sdk.fields import INTERNAL, PERSONAL, SENSITIVE, Address, Phone, ShortText, identifies
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text
from parvis_testing.desk import ANA, ZOE, said

HOME, CALL, PLATE, NEIGHBOUR = "77, rue de la Plaignante", "+15145550177", "PLAQUE-F7G", "Bruit du voisin"
ANSWERS = {"kind": "noise", "home": HOME, "call": CALL, "plate": PLATE, "story": NEIGHBOUR}
WHO = (HOME, "555-0177", "5145550177", PLATE)


def asked(label):
    return Text(fr=label, en=label)


@pytest.fixture
def confiding(desk):
    """Quarrels ask where the person lives, a number to call by day, a plate in a field marked so, and what happened."""
    request_type = desk.host.plugins.request_types["quarrel"]
    more = (
        Address(code="home", label=asked("Votre adresse"), privacy=SENSITIVE, required=False),
        Phone(code="call", label=asked("Téléphone de jour"), privacy=PERSONAL, required=False),
        ShortText(
            code="plate",
            label=asked("Votre plaque"),
            privacy=structs.replace(INTERNAL, identifies=True),
            required=False,
        ),
        ShortText(code="story", label=asked("Que s’est-il passé?"), privacy=PERSONAL, required=False),
    )
    form = Form(sections=(Section(code="what", title=asked("Quoi"), fields=(*request_type.form.fields(), *more)),))
    desk.host.plugins.request_types["quarrel"] = structs.replace(request_type, form=form)
    return desk


async def come(desk, role="manager", **given):
    clerk = await desk.signed_in(role, "noise", **given)
    return clerk


def told(text):
    return [words for words in WHO if words in text.replace("\u00a0", " ")]


PAGES = ("", "/dossier", "/versions", "/correction", "/acces", "/consultations")


async def test_a_home_address_of_a_confidential_person_is_shown_to_nobody_without_a_reason(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    for role in ("agent", "manager"):
        clerk = await come(desk, role, name=f"Rôle {role}")
        for page in PAGES:
            shown = await clerk.get(f"/bureau/requete/{record.reference}{page}")
            assert told(shown.text) == [], (role, page)
        for words in ("Plaignante", "5145550177", PLATE):
            found = await clerk.http.get("/bureau", params={"q": words, "ouvertes": "toutes"})
            assert record.reference not in found.text, words
            sheet = await clerk.http.get("/bureau/liste.csv", params={"ouvertes": "toutes"})
            assert told(sheet.text) == []
    manager = await come(desk)
    shown = await manager.get(f"/bureau/requete/{record.reference}")
    assert NEIGHBOUR in shown.text  # what the work needs is not hidden
    assert "Votre adresse" in shown.text  # that it was answered is said


async def test_a_reason_opens_the_hidden_answers_for_a_while_to_whoever_gave_it_and_stays(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    manager, path = await come(desk, name="Hélène Roy"), f"/bureau/requete/{record.reference}"
    await manager.get(path)
    refused = await manager.post(f"{path}/identite", reason="")
    assert refused.status_code == 422
    assert told(refused.text) == []
    seen = await manager.post(f"{path}/identite", reason="Mesure du bruit chez elle")
    assert HOME in seen.text
    assert PLATE in seen.text
    assert HOME in (await manager.get(f"{path}/dossier")).text
    other = await come(desk, name="Luc Roy")
    assert told((await other.get(path)).text) == []
    assert "Mesure du bruit chez elle" in other.text
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert told((await manager.get(path)).text) == []


async def test_a_plate_in_a_request_of_somebody_named_is_sensitive_and_needs_a_reason_too(desk):
    answers = {"danger": False, "words": "Trou", "health": "FRACTURE"}
    record = await desk.request("hole", "noise", answers=answers)
    manager, path = await come(desk), f"/bureau/requete/{record.reference}"
    shown = await manager.get(path)
    assert "FRACTURE" not in shown.text
    assert said("View the hidden answers") in manager.text
    seen = await manager.post(f"{path}/identite", reason="Réclamation au contentieux")
    assert "FRACTURE" in seen.text


async def test_an_archive_holds_who_it_is_only_with_a_reason(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    manager, path = await come(desk), f"/bureau/requete/{record.reference}/dossier"
    await manager.get(path)
    plain = zipfile.ZipFile(io.BytesIO((await manager.post(f"{path}/archive")).content))
    assert [told(plain.read(name).decode()) for name in plain.namelist()] == [[]] * len(plain.namelist())
    await manager.get(path)
    given = zipfile.ZipFile(
        io.BytesIO((await manager.post(f"{path}/archive", _all="1", reason="Demande du tribunal")).content)
    )
    data = json.loads(given.read("donnees.json"))
    assert {each["code"] for each in data["answers"]} == set(ANSWERS)


async def test_a_machine_is_never_told_who_a_confidential_person_is_and_a_plugin_by_both_its_needs(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    key, _ = await make_token(
        desk.host.engine, name="Pont", jurisdiction="parvis", scopes=("requests:read", "contacts:read")
    )
    headers = {"Authorization": f"Bearer {key}"}
    shown = await desk.browser().http.get(f"/api/v1/requests/{record.reference}", headers=headers)
    assert shown.status_code == 200
    assert told(shown.text) == []
    assert shown.json()["answers"]["story"] == NEIGHBOUR
    needs = {
        (): set(),
        ("personal",): {"story"},
        ("contact",): set(),
        ("personal", "contact"): {"story", "call", "plate"},
    }
    for need, codes in needs.items():
        handed = await request_for(desk.host, record, need)
        assert set(handed.answers) - {"kind"} == codes, need


async def test_whoever_is_named_openly_is_not_hidden_by_the_mark_of_a_question(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS, requester=ZOE)
    agent = await come(desk, "agent")
    shown = await agent.get(f"/bureau/requete/{record.reference}")
    assert PLATE in shown.text
    assert HOME not in shown.text  # sensitive: always for a reason


async def test_the_privacy_officer_reads_every_reveal_and_every_look_as_they_happen(confiding):
    desk = confiding
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    officer = await desk.signed_in("privacy", name="Renée Privé")
    assert said("Nothing has been revealed.") in (await officer.get(CONFIDENTIAL)).text
    assert 'data-live="/bureau/renseignements-consultes/en-direct"' in officer.page.text
    manager, path = await come(desk, name="Hélène Roy"), f"/bureau/requete/{record.reference}"
    await manager.get(path)
    await manager.post(f"{path}/identite", reason="Mesure du bruit chez elle")
    await manager.get(f"{path}/dossier")
    await manager.post(f"{path}/dossier/archive", _all="1", reason="Demande du tribunal")
    await desk.host.of(AccessLog).write(desk.host.engine)
    page = await officer.get(CONFIDENTIAL)
    for words in ("Hélène Roy", "Mesure du bruit chez elle", "Demande du tribunal", record.reference):
        assert words in page.text, words
    assert told(page.text) == []
    assert (await officer.get(path)).status_code == 404  # the page of the request stays closed to them
    assert (await officer.get(f"{CONFIDENTIAL}?qui={manager.person.id}")).status_code == 200
    for role in ("agent", "manager", "auditor", "operator"):
        other = await desk.signed_in(role, name=f"Rôle {role}")
        assert (await other.get(CONFIDENTIAL)).status_code == 403, role
    elsewhere = await desk.signed_in("privacy", jurisdiction="rivemont", name="Autre Ville")
    assert "Hélène Roy" not in (await elsewhere.get(CONFIDENTIAL)).text


async def test_pages_of_reveals_and_looks_say_nothing_of_what_a_conflict_keeps_from_their_reader(desk):
    """The person in charge, and the operator, have neighbours too."""
    manager, officer = await desk.signed_in("manager", name="Hélène Roy"), await desk.signed_in("privacy", name="Renée")
    await give(desk.host.engine, officer.person.id, Grant(role="operator", jurisdiction="parvis"), by="Karim")
    record = await desk.request("quarrel", "noise")
    path = f"/bureau/requete/{record.reference}"
    await manager.get(path)
    await manager.post(f"{path}/identite", reason="Mesure du bruit chez elle")
    await desk.host.of(AccessLog).write(desk.host.engine)
    whose = f"qui={manager.person.id}"
    pages = (CONFIDENTIAL, f"{CONFIDENTIAL}?{whose}", "/exploitation/consultations/feuille.csv")
    pages = (*pages, "/exploitation/consultations", f"/exploitation/consultations?{whose}")

    async def told_of_it():
        found = [(await officer.get(each)).text for each in pages]
        return [words in page for page in found for words in (record.reference, "Mesure du bruit", "Hélène Roy")]

    assert sum(await told_of_it()) > 6
    await keep_away(desk.host, record.reference, officer.person.id, "Renée", "Sa sœur", actor=ANA)
    assert not any(await told_of_it())


async def test_an_open_page_hears_of_a_reveal_while_it_is_open(confiding, monkeypatch):
    desk = confiding
    monkeypatch.setattr("parvis.web.live_news.LOOK_SECONDS", 0.02)
    record = await desk.request("quarrel", "noise", answers=ANSWERS)
    officer = await desk.agent("privacy", name="Renée Privé")
    room = SimpleNamespace(town=desk.deployment.jurisdictions.jurisdiction("parvis"), person=officer)
    token = await begin_session(desk.host.engine, officer.id, "Chromium")
    stream = watch(partial(confidential._newest, room), desk.app.state, officer.id, partial(is_open, token))
    assert (await anext(stream)).comment == "here"
    await reveal(desk.host, record.reference, "Mesure du bruit", actor=ANA)
    async with asyncio.timeout(30):
        heard = [await anext(stream)]
        while heard[-1].event != "changed":
            heard.append(await anext(stream))
        assert desk.app.state.streams_of == {officer.id: 1}
        await end_session(desk.host.engine, token)
        assert not [each async for each in stream if each.event]  # it ends by itself
    assert (desk.app.state.streams, desk.app.state.streams_of) == (0, {})


async def test_one_person_listens_from_so_many_pages_and_no_more(confiding):
    officer = await confiding.signed_in("privacy", name="Renée Privé")
    confiding.app.state.streams_of = Counter({officer.person.id: MOST_OF_ONE})
    answer = await officer.http.get(f"{CONFIDENTIAL}/en-direct", headers={"accept": "text/event-stream"})
    assert answer.status_code == 204


def test_what_a_browser_fills_in_about_oneself_tells_who_it_is():
    label = asked("Votre adresse")
    assert identifies(Address(code="a", label=label, autocomplete="street-address"))
    assert identifies(Phone(code="p", label=label))
    assert not identifies(Address(code="a", label=label))
