"""Tasks at the desk: the list, one task, the opinion, handing on; and who never reads what."""

import asyncio
import re

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.remaining_parts import RemainingParts
from parvis.viewers import viewer_of
from parvis_reviews.opinions import opinions_of
from parvis_reviews.tasks_found import TaskFilters, tasks_for

SECRET = "Échelle-introuvable"


async def test_a_unit_finds_its_tasks_and_gives_an_opinion(desk, reviewing):
    record, tasks = await reviewing()
    officer = await desk.signed_in("agent", "public_works")
    await officer.get("/bureau/taches")
    assert "Incendie" in officer.text
    assert not re.search("<a [^>]*>Zonage", officer.page.text)
    page = await officer.get(f"/bureau/taches/{tasks['fire'].id}")
    assert page.status_code == 200
    assert "1 500" in officer.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "Autre chose" not in officer.text
    page = await officer.post(f"/bureau/taches/{tasks['fire'].id}", seen="0")
    assert page.status_code == 422
    assert "Recommandation" in officer.text
    given = {"opinion__recommendation": "conditional", "opinion__conditions": "Un hydrant\nUne rampe", "seen": "0"}
    page = await officer.post(f"/bureau/taches/{tasks['fire'].id}", **given)
    assert page.status_code == 200
    assert "L’avis est donné" in officer.text
    assert "Une rampe" in officer.text
    (opinion,) = await opinions_of(record.id)
    assert opinion.conditions == ("Un hydrant", "Une rampe")


async def test_tasks_asked_before_stay_in_reach_where_nothing_that_is_offered_asks_for_any(desk, reviewing):
    await reviewing()
    plugins = desk.host.plugins
    del plugins.request_types["works"]
    plugin = plugins.by_name["town"]
    offered = tuple(each for each in plugin.request_types if each != "works")
    plugins.by_name["town"] = structs.replace(plugin, request_types=offered)
    officer = await desk.signed_in("agent", "public_works")
    assert 'href="/bureau/taches"' not in (await officer.get("/bureau")).text
    desk.host.of(RemainingParts).add(("parvis", "review"))
    assert 'href="/bureau/taches"' in (await officer.get("/bureau")).text


async def test_nobody_else_opens_the_page_of_a_task(desk, reviewing):
    _, tasks = await reviewing()
    stranger = await desk.signed_in("agent", "animals")
    path = f"/bureau/taches/{tasks['fire'].id}"
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(path, opinion__recommendation="favourable", seen="0")).status_code == 404
    assert (await stranger.get("/bureau/taches/pas-un-numero")).status_code == 404


async def test_an_opinion_without_readers_is_hidden_from_those_who_decide(desk, reviewing):
    record, tasks = await reviewing()
    officer = await desk.signed_in("agent", "public_works")
    given = {"opinion__recommendation": "unfavourable", "opinion__words": SECRET, "seen": "0"}
    await officer.post(f"/bureau/taches/{tasks['fire'].id}", **given)
    assert SECRET in officer.text
    decider = await desk.signed_in("agent", record.unit, name="Denis")
    page = await decider.get(f"/bureau/requete/{record.reference}")
    assert page.status_code == 200
    assert "Vous n’avez pas accès à cet avis" in decider.text
    assert SECRET not in decider.text
    assert "Défavorable" not in decider.text


async def test_who_decides_reads_all_conditions_together(desk, reviewing):
    record, tasks = await reviewing(pool=True)
    manager = await desk.signed_in("manager")
    for code, words in (("zoning", "Une clôture de 2 m"), ("pool", "Une porte qui se verrouille")):
        given = {"opinion__recommendation": "conditional", "opinion__conditions": words, "seen": "0"}
        await manager.post(f"/bureau/taches/{tasks[code].id}", **given)
    decider = await desk.signed_in("agent", record.unit, name="Denis")
    await decider.get(f"/bureau/requete/{record.reference}")
    assert "Une clôture de 2 m (Zonage)" in decider.text
    assert "Une porte qui se verrouille (Piscine)" in decider.text


async def test_a_second_reviewer_is_told_and_keeps_what_they_typed(desk, reviewing):
    _, tasks = await reviewing()
    path = f"/bureau/taches/{tasks['fire'].id}"
    one = await desk.signed_in("agent", "public_works", name="Une")
    two = await desk.signed_in("agent", "public_works", name="Deux")
    await two.get(path)
    await one.post(path, opinion__recommendation="favourable", seen="0")
    page = await two.post(path, opinion__recommendation="unfavourable", opinion__words="Mes mots à moi", seen="0")
    assert page.status_code == 409
    assert "entre-temps" in two.text
    assert "Mes mots à moi" in page.text
    page = await two.post(path, opinion__recommendation="unfavourable", opinion__words="Mes mots à moi", seen="1")
    assert page.status_code == 200
    assert "1 version précédente" in two.text


async def test_a_task_is_taken_handed_on_and_given_more_time(desk, reviewing):
    record, tasks = await reviewing()
    path = f"/bureau/taches/{tasks['fire'].id}"
    officer = await desk.signed_in("agent", "public_works", name="Olivier Roy")
    await officer.get(path)
    await officer.post(f"{path}/prendre")
    assert "La tâche vous est attribuée" in officer.text
    await officer.get("/bureau/taches?a=moi")
    assert "Incendie" in officer.text
    page = await officer.post(f"{path}/delai", extend__day__day="1", extend__day__month="2", extend__day__year="2020")
    assert page.status_code == 422
    year = clock.now().year + 1
    given = {"extend__day__day": "2", "extend__day__month": "3", "extend__day__year": str(year)}
    await officer.post(f"{path}/delai", **given, extend__reason="Visite requise")
    assert f"2 mars {year}" in officer.text
    colleague = await desk.agent("agent", "animals", name="Carole Côté")
    page = await officer.post(f"{path}/confier", unit="animals", assignee=colleague.id, hand__reason="Mandat")
    assert page.url.path == "/bureau/taches"
    assert (await officer.get(path)).status_code == 404
    decider = await desk.signed_in("agent", record.unit, name="Denis")
    await decider.get(f"/bureau/requete/{record.reference}")
    for words in (
        "Avis pris en charge",
        "Échéance de l’avis reportée",
        "Avis attribué à Carole Côté",
        "Visite requise",
    ):
        assert words in decider.text


async def test_an_opinion_no_longer_asked_for_lets_the_others_conclude(desk, reviewing):
    record, tasks = await reviewing()
    manager = await desk.signed_in("manager")
    for code in ("zoning", "fire"):
        await manager.post(f"/bureau/taches/{tasks[code].id}", opinion__recommendation="favourable", seen="0")
    await manager.get(f"/bureau/taches/{tasks['engineer'].id}")
    page = await manager.post(f"/bureau/taches/{tasks['engineer'].id}/annuler", cancel__reason="Travaux mineurs")
    assert page.status_code == 200
    assert (await desk.record(record.reference)).state == "deciding"
    await manager.get("/bureau/taches?etat=donnes")
    assert "2 avis" in manager.text
    assert "Médiane" in manager.text


async def test_the_list_costs_the_same_however_many_tasks_there_are(desk, reviewing):
    manager = await desk.signed_in("manager")
    costs = []
    for _ in range(2):
        for _ in range(3):
            await reviewing()
        with counted() as queries:
            page = await manager.get("/bureau/taches")
        costs.append(queries.count)
    assert costs[0] == costs[1]
    assert len(re.findall("data-row", page.text)) == 12


async def test_the_last_two_reviewers_press_at_the_same_moment(desk, reviewing):
    record, tasks = await reviewing()
    engineer = await desk.signed_in("manager", name="Ingrid Roy")
    await engineer.get(f"/bureau/taches/{tasks['engineer'].id}")
    await engineer.post(f"/bureau/taches/{tasks['engineer'].id}/annuler", cancel__reason="Rien à voir")
    planner = await desk.signed_in("agent", "planning", name="Paul Roy")
    officer = await desk.signed_in("agent", "public_works", name="Odile Roy")
    pages = {planner: f"/bureau/taches/{tasks['zoning'].id}", officer: f"/bureau/taches/{tasks['fire'].id}"}
    for clerk, path in pages.items():
        await clerk.get(path)
    answers = await asyncio.gather(
        *(clerk.post(path, opinion__recommendation="favourable", seen="0") for clerk, path in pages.items())
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    now = await desk.record(record.reference)
    kinds = [entry.kind for entry in await entries_of(now)]
    assert (now.state, kinds.count("opinion"), kinds.count("happened")) == ("deciding", 2, 1)
    assert await broken_at(now) is None


async def test_tasks_come_page_by_page_those_without_a_date_last_and_each_once(desk, reviewing):
    for _ in range(2):
        await reviewing()
    viewer = viewer_of((await desk.signed_in("manager")).person)
    whole = await tasks_for(desk.host, viewer, "parvis", TaskFilters(which="all"))
    assert len(whole.rows) == whole.total > 3
    dates = [one.task.due_at for one in whole.rows]
    dated = [each for each in dates if each]
    assert dates == sorted(dated) + [None] * (len(dates) - len(dated))
    assert 0 < len(dated) < len(dates)
    found, cursor = [], ""
    while not found or cursor:
        page = await tasks_for(desk.host, viewer, "parvis", TaskFilters(which="all"), limit=1, cursor=cursor)
        found, cursor = [*found, *page.rows], page.next_cursor
    assert [one.task.id for one in found] == [one.task.id for one in whole.rows]
    with pytest.raises(BadCursor):
        await tasks_for(desk.host, viewer, "parvis", TaskFilters(), cursor="none")
