"""Three potholes that were said to be filled and were not: every figure that a town shows says so, at once."""

import csv
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from html import unescape

import httpx
import pytest

from parvis import clock
from parvis.app import create_app
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.people.tokens import make_token
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.replaying import measure_older
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis.settings import read_settings
from parvis_closing_question.standing import answer_settled
from parvis_testing.modules import every_scope, switch

ANA = Actor(kind="agent", id="ana", name="Ana")
SUBMISSION = {
    "type": "pothole",
    "language": "fr",
    "answers": {"size": "small", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


@pytest.fixture
async def town(database_url, tmp_path):
    environ = {"PARVIS_SECRET_KEY": "a secret of thirty-two characters", "PARVIS_DATABASE": database_url}
    settings = read_settings(None, environ, territory=town_folder(), data=tmp_path, worker=False, log_level="error")

    @asynccontextmanager
    async def serve():
        app = create_app(settings)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=settings.address, follow_redirects=True
        )
        async with app.lifespan(), client as http:
            await switch(app.state.deployment.host, "on")
            yield app.state.deployment.host, http

    async with serve() as given:
        yield given


async def fixed_they_said(host, http):
    """Four that were resolved yesterday; to three of them their people said no this morning, to one yes."""
    now, found = clock.now(), []
    for number in range(4):
        with clock.moved_to(now - timedelta(days=1)):
            answer = await http.post("/api/v1/requests", json=SUBMISSION, headers={"Idempotency-Key": str(number)})
            found.append(answer.json()["reference"])
            for step in ("triage", "start", "resolve"):
                moved = await make_move(host, found[-1], step, {}, actor=ANA, mover="agent")
                assert not hasattr(moved, "found"), moved
        record = await find(host, found[-1])
        assert (record.phase, record.promise) == ("decided", "met")
    with clock.moved_to(now - timedelta(hours=1)):
        for reference in found[:3]:
            record = await make_move(
                host, reference, "not_fixed", {"reason": "Le trou est là."}, actor=REQUESTER, mover="requester"
            )
            assert record.phase == "in_progress", record
        await answer_settled(host, found[3])
    return found


async def manager(host, http):
    grants = [Grant(role="manager", jurisdiction="parvis"), Grant(role="auditor", jurisdiction="parvis")]
    person = await add_agent(
        host.engine, email="m@parvis.example", name="Mia", password="quatre chevaux", grants=grants
    )
    http.cookies.set("parvis_session", await begin_session(host.engine, person.id, "Tests"))


async def test_a_no_and_a_reopening_are_counted_from_the_day_of_the_decision(town):
    """Before, the dashboard said "Rouvertes 0" and "100 %" although three of four people had said no."""
    host, http = town
    references = await fixed_they_said(host, http)
    await manager(host, http)
    page = await http.get("/bureau/tableau")
    parts = [
        (unescape(words), unescape(href))
        for href, words in re.findall(r'<a class="tile__part" href="([^"]+)">([^<]*)</a>', page.text)
    ]
    for said, wanted in (("manquées après réouverture\u00a0: 3", 3), ("non\u00a0: 3", 3), ("oui\u00a0: 1", 1)):
        href = next((href for words, href in parts if said in words), "")
        assert href, (said, parts)
        listed = await http.get(href)
        assert len({each for each in references if each in listed.text}) == wanted, said
    shown = unescape(re.sub(r"<[^>]+>", " ", page.text))
    assert re.search(r"Rouvertes\s+3\b", shown)

    line = (await http.get("/bureau/tableau/chiffres.csv?par=type")).text.lstrip("\ufeff").splitlines()
    row = dict(zip(*csv.reader(line[:2]), strict=True))
    assert (row["Rouvertes"], row["Dates promises manquées après réouverture"]) == ("3", "3")
    assert (row["Satisfaction : réglées"], row["Satisfaction : non réglées"]) == ("1", "3")

    key, _ = await make_token(host.engine, name="t", jurisdiction="parvis", **every_scope(host))
    told = (await http.get("/api/v1/figures", headers={"authorization": f"Bearer {key}"})).json()["total"]
    assert (told["reopened"], told["unsettled"], told["broken_by_reopening"], told["kept"]) == (3, 3, 3, 0)

    # Who asked and who works on it read it on the request.
    record = await find(host, references[0])
    own = await http.get(f"/fr/suivi/{references[0]}?cle={key_for(host.secret, record.id)}")
    assert "La première date promise ne compte pas comme respectée" in unescape(own.text)
    desk = await http.get(f"/bureau/requete/{references[0]}")
    assert "Première date promise non respectée (requête rouverte)" in unescape(desk.text)
    assert [await said_in_the_list(http, each) for each in references] == ["défaite"] * 3 + ["tenue"]

    # Filled for good and closed: the first promise stays broken, whatever became of the second.
    for step in ("start", "resolve"):
        await make_move(host, references[0], step, {}, actor=ANA, mover="agent")
    after = await find(host, references[0])
    assert (after.promise, after.undone) == ("met", 1)
    assert await said_in_the_list(http, references[0]) == "défaite"
    desk = unescape((await http.get(f"/bureau/requete/{references[0]}")).text)
    assert "Première date promise non respectée (requête rouverte)" in desk
    assert "(respectée)" not in desk


async def said_in_the_list(http, reference):
    """What the list says of the promise of a request: the same as the figures that lead to it."""
    listed = unescape((await http.get("/bureau?ouvertes=toutes")).text)
    row = next(each for each in re.findall(r"<tr data-row.*?</tr>", listed, re.S) if reference in each)
    cell = re.search(r'data-name="Date promise">(.*?)</td>', row, re.S)[1]
    assert cell.count("respectée") <= 1
    return "défaite" if "non respectée (rouverte)" in cell else "tenue" if "respectée" in cell else ""


async def test_requests_from_before_are_looked_back_at_once(town):
    """A town that upgrades gets correct past figures, without any handling time being rewritten."""
    host, http = town
    [first, *_] = await fixed_they_said(host, http)
    before = await find(host, first)
    async with transaction(host.engine):
        await ServiceRequest.update(
            {ServiceRequest.undone: None, ServiceRequest.settled_at: None, ServiceRequest.reopened: 0}, force=True
        )
    await measure_older(host)
    after = await find(host, first)
    assert (after.reopened, after.undone) == (1, 1)
    assert after.settled_at == before.settled_at
    assert (after.handling_time, after.first_answer_at) == (before.handling_time, before.first_answer_at)
