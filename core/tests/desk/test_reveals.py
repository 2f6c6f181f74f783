"""Who a confidential person is stands in no answer, search, archive or machine's call before a reason is given."""

import io
import json
import zipfile
from datetime import timedelta

from parvis import clock
from parvis.people.tokens import make_token
from parvis.requests.payloads import request_for
from parvis_sdk.fields import Address, Phone, identifies
from parvis_testing.confiding import ANSWERS, HOME, NEIGHBOUR, PLATE, asked, come, told
from parvis_testing.desk import ZOE, said

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


def test_what_a_browser_fills_in_about_oneself_tells_who_it_is():
    label = asked("Votre adresse")
    assert identifies(Address(code="a", label=label, autocomplete="street-address"))
    assert identifies(Phone(code="p", label=label))
    assert not identifies(Address(code="a", label=label))
