"""The person in charge of privacy reads what was revealed and looked at, as it happens."""

import asyncio
from collections import Counter
from functools import partial
from types import SimpleNamespace

from parvis.people.agents import Grant
from parvis.people.granting import give
from parvis.people.sessions import begin_session, end_session, is_open
from parvis.requests.access_log import AccessLog
from parvis.requests.amendments import reveal
from parvis.requests.exclusions import keep_away
from parvis.web.live_news import MOST_OF_ONE, watch
from parvis_registers import desk as confidential
from parvis_registers.desk import CONFIDENTIAL
from parvis_testing.confiding import ANSWERS, come, told
from parvis_testing.desk import ANA, said


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
