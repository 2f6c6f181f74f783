"""Who sees a request and why; a contractor sees its sector and no person; a conflict of interest closes every door."""

import re
from uuid import UUID

import pytest

from parvis.people.agents import Grant, add_agent
from parvis.people.granting import give
from parvis.people.sessions import begin_session
from parvis.requests.amendments import assign
from parvis.requests.records import find
from parvis.requests.work.conversation import note, receive, reply
from parvis_sdk.problems import Problems
from parvis_testing.desk import ANA, PASSWORD, PERSON_WORDS, said

PLATEAU = "plateau"
SISTER = "C’est le dossier de ma sœur"
OUSTED = "Mon ex-conjointe s’en plaint"


async def with_role(desk, role, unit="", *, zones=(), name="Collectes Boréal"):
    """Somebody signed in with one role, over some zones only."""
    grants = (Grant(role=role, jurisdiction="parvis", unit=unit, zones=zones),)
    email = f"{name.replace(' ', '.')}@parvis.example"
    person = await add_agent(desk.host.engine, email=email, name=name, password=PASSWORD, grants=grants)
    clerk = desk.browser()
    clerk.person = person
    clerk.http.cookies.set("parvis_session", await begin_session(desk.host.engine, person.id, "Tests"))
    return clerk


@pytest.fixture
async def in_two_sectors(desk):
    """A hole in the sector, with words that only those who see persons read; and one in another sector."""
    near = await desk.request("hole", "roads")
    for doing in (note, reply, receive):
        given = {} if doing is receive else {"actor": ANA}
        await doing(desk.host, near.reference, PERSON_WORDS, **given)
    far = await desk.request("hole", "roads", place={"lon": -73.6090, "lat": 45.5180, "address": "1, avenue Bernard"})
    assert (near.zone, far.zone) == (PLATEAU, "outremont")
    return near, far


async def test_a_contractor_sees_its_sector_only_and_nobody_s_name(desk, in_two_sectors):
    near, far = in_two_sectors
    contractor = await with_role(desk, "contractor", "roads", zones=(PLATEAU,))
    listed = await contractor.get("/bureau?ouvertes=toutes")
    assert near.reference in listed.text
    assert far.reference not in listed.text
    assert (await contractor.get(f"/bureau/requete/{far.reference}")).status_code == 404
    sheet = await contractor.get("/bureau/liste.csv?ouvertes=toutes")
    assert far.reference not in sheet.text
    for page in ("", "/dossier", "/versions", "/acces"):
        shown = await contractor.get(f"/bureau/requete/{near.reference}{page}")
        assert shown.status_code == 200
        assert not re.search(f"Zoé|zoe@exemple|555.?0101|{PERSON_WORDS}", shown.text), page
    for words in ("Zoé Côté", "5145550101", PERSON_WORDS):
        found = await contractor.http.get("/bureau", params={"q": words, "ouvertes": "toutes"})
        assert near.reference not in found.text, words
    await contractor.get(f"/bureau/requete/{near.reference}")
    moved = await contractor.post(f"/bureau/requete/{near.reference}/etape/start")
    assert moved.status_code == 200
    assert (await find(desk.host, near.reference)).state == "working"


async def test_from_whom_it_is_kept_away_finds_it_by_no_door_and_is_not_given_it(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    await assign(desk.host, record.reference, assignee=None, actor=ANA)
    page = f"/bureau/requete/{record.reference}/acces"
    await luc.get(page)
    without = await luc.post(page, do="keep", keep__reason=" ")
    assert without.status_code == 422
    assert (await desk.record(record.reference)).excluded_agents == ()
    gone = await luc.post(page, do="keep", keep__reason=SISTER)
    assert said("You no longer have access to the request.") in gone.text
    assert (await desk.record(record.reference)).excluded_agents == (luc.person.id,)
    for path in ("", "/dossier", "/acces", "/correction", "/coordonnees"):
        assert (await luc.get(f"/bureau/requete/{record.reference}{path}")).status_code == 404
    for path in ("/bureau?ouvertes=toutes", "/bureau/liste.csv?ouvertes=toutes", f"/bureau?q={record.reference}"):
        assert f">{record.reference}<" not in (await luc.get(path)).text
    answer = await assign(desk.host, record.reference, assignee=UUID(luc.person.id), actor=ANA, assignee_name="Luc")
    assert isinstance(answer, Problems)


async def test_whoever_holds_it_holds_it_no_more_once_it_is_kept_from_them(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    await assign(desk.host, record.reference, assignee=UUID(luc.person.id), actor=ANA, assignee_name="Luc Roy")
    manager = await desk.signed_in("manager", "", name="Hélène Tremblay")
    page = f"/bureau/requete/{record.reference}/acces"
    await manager.get(page)
    shown = await manager.post(page, do="keep", keep__who=luc.person.id, keep__reason=SISTER)
    now = await desk.record(record.reference)
    assert (now.assignee, now.excluded_agents) == (None, (luc.person.id,))
    assert said("Access removed from %(name)s", name="Luc Roy") in shown.text
    await manager.get(page)
    await manager.post(page, do="back", back__who=luc.person.id, back__reason="Autre dossier")
    assert (await desk.record(record.reference)).excluded_agents == ()
    assert (await luc.get(f"/bureau/requete/{record.reference}")).status_code == 200


async def test_the_reason_of_a_conflict_on_one_request_is_read_by_who_gave_it_and_the_privacy_officer(desk):
    """A colleague, a manager or a machine reads that there is a conflict, never why."""
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    page = f"/bureau/requete/{record.reference}"
    await luc.get(f"{page}/acces")
    await luc.post(f"{page}/acces", do="keep", keep__reason=OUSTED)
    manager, ana = await desk.signed_in("manager", name="Hélène"), await desk.signed_in("agent", name="Ana Roy")
    for clerk in (manager, ana):
        for path in ("", "/acces", "/dossier", "/versions"):
            shown = await clerk.get(f"{page}{path}")
            assert shown.status_code == 200
            assert OUSTED not in shown.text, path
        assert "Accès retiré à Luc Roy" in (await clerk.get(page)).text.replace("\u00a0", " ")
    officer = await desk.signed_in("manager", name="Renée Privé")
    await give(desk.host.engine, officer.person.id, Grant(role="privacy", jurisdiction="parvis"), by="Karim")
    assert OUSTED in (await officer.get(page)).text


async def test_only_who_answers_for_it_keeps_it_from_others_or_lets_them_back(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    ana = await desk.signed_in("agent", "roads", name="Ana Roy")
    page = f"/bureau/requete/{record.reference}/acces"
    await luc.get(page)
    for sent in ({"do": "keep", "keep__who": ana.person.id}, {"do": "back", "back__who": ana.person.id}):
        assert (await luc.post(page, **sent, keep__reason="x", back__reason="x")).status_code == 403
    assert "Ana Roy" not in (await luc.get(page)).text
    assert (await desk.record(record.reference)).excluded_agents == ()


async def test_a_sentence_says_why_each_may_see_it_or_not(desk):
    record = await desk.request("hole", "roads")
    await desk.agent("agent", "roads", name="Luc")
    await desk.agent("agent", "parks", name="Pia")
    await with_role(desk, "contractor", "roads", zones=("outremont",), name="Bo")
    manager = await desk.signed_in("manager", "", name="Hélène")
    await manager.get(f"/bureau/requete/{record.reference}/acces")
    text = manager.text.replace("\u00a0", " ")
    assert "Luc peut voir cette requête : rôle « Traitement » sur Voirie" in text
    assert "Pia ne peut pas voir cette requête : la requête relève de Voirie" in text
    assert "Bo ne peut pas voir cette requête : la requête est dans Le Plateau-Mont-Royal" in text
