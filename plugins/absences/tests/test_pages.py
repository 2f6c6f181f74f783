"""Absences at the desk: one's own, and those of a unit by its manager; deputies never form a circle."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.people.granting import changes_of
from parvis_absences.declaring import absences
from parvis_testing.desk import said

PAGE = "/bureau/absences"


def days(first=1, last=5):
    today = clock.now().astimezone(ZoneInfo("America/Toronto")).date()
    return {"first": (today + timedelta(days=first)).isoformat(), "last": (today + timedelta(days=last)).isoformat()}


async def test_an_agent_says_when_they_are_away_and_who_stands_in_and_takes_it_back(desk):
    ana, luc = await desk.signed_in("agent", "roads"), await desk.signed_in("agent", "roads", name="Luc Roy")
    await ana.get(PAGE)
    assert said("No one is away.") in ana.text
    answer = await ana.post(PAGE, agent="", deputy=luc.person.id, **days(0, 2))
    assert said("The absence is recorded. Routing rules skip this person during that time.") in ana.text
    assert said("away") in ana.text
    (absence,) = await absences()
    assert (absence.agent, absence.deputy, absence.by) == (ana.person.id, luc.person.id, "Ana Tremblay")
    assert absence.ends_at - absence.starts_at in [timedelta(days=3, hours=hours) for hours in (-1, 0, 1)]
    back = re.search(r'action="(/bureau/absences/[^"]+/retour)"', answer.text)[1]
    await luc.get(PAGE)
    assert back not in luc.page.text
    await luc.post(back)
    assert len(await absences()) == 1
    await ana.post(back)
    assert await absences() == ()


async def test_a_circle_of_deputies_is_refused_beside_its_question(desk):
    ana, luc = await desk.signed_in("agent", "roads"), await desk.signed_in("agent", "roads", name="Luc Roy")
    await ana.post(PAGE, agent="", deputy=luc.person.id, **days())
    answer = await luc.post(PAGE, agent="", deputy=ana.person.id, **days(3, 8))
    assert answer.status_code == 422
    assert "c’est vous qui la remplacez" in luc.text
    assert f'value="{days(3, 8)["last"]}"' in answer.text
    for given, words in (({"first": "", "last": ""}, "Choose a day."), (days(-9, -3), "This period is over.")):
        answer = await luc.post(PAGE, agent="", deputy="", **given)
        assert answer.status_code == 422
        assert said(words) in luc.text


async def test_a_manager_says_it_for_those_they_lead_and_for_nobody_else(desk):
    ana, max_ = await desk.signed_in("agent", "roads"), await desk.signed_in("agent", "parks", name="Max Roy")
    agent, over_roads = await desk.signed_in("agent"), await desk.signed_in("manager", "public_works", name="Léa Roy")
    await agent.get(PAGE)
    assert (await agent.post(PAGE, agent=ana.person.id, deputy="", **days())).status_code == 403
    await over_roads.get(PAGE)
    assert ana.person.id in over_roads.page.text
    assert (await over_roads.post(PAGE, agent=agent.person.id, deputy="", **days())).status_code == 403
    await over_roads.get(PAGE)
    await over_roads.post(PAGE, agent=ana.person.id, deputy=max_.person.id, **days())
    (absence,) = await absences()
    assert (absence.agent, absence.by) == (ana.person.id, "Léa Roy")


async def test_roles_are_lent_with_the_absence_only_where_that_is_said_and_go_with_it(desk):
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    ana = await desk.signed_in("agent", "parks", name="Ana Roy")
    hole = await desk.request("hole", "roads")
    page = f"/bureau/requete/{hole.reference}"

    async def ended():
        back = re.search(r'action="(/bureau/absences/[^"]+/retour)"', (await luc.get(PAGE)).text)[1]
        await luc.post(back)

    await luc.get(PAGE)
    await luc.post(PAGE, agent="", deputy=ana.person.id, **days(0, 2))
    assert (await ana.get(page)).status_code == 404
    await ended()
    await luc.post(PAGE, agent="", deputy=ana.person.id, lends="1", **days(0, 2))
    assert said("with their roles") in luc.text
    shown = await ana.get(page)
    assert shown.status_code == 200
    assert "Zoé Côté" in shown.text
    assert "Luc Roy" in (await ana.get("/bureau/compte")).text
    manager = await desk.signed_in("manager", "", name="Hélène")
    assert "pendant l’absence de Luc Roy" in (await manager.get(f"{page}/acces")).text
    await ended()
    assert (await ana.get(page)).status_code == 404
    told = [(each.did, each.deputy, each.by) for each in await changes_of(desk.host.engine, luc.person.id)]
    assert told == [("ended", ana.person.id, "Luc Roy"), ("lent", ana.person.id, "Luc Roy")]


async def test_who_leads_a_sector_only_says_it_for_nobody_else(desk):
    ana = await desk.agent()
    chief = await desk.signed_in("manager", zones=("plateau",), name="Chef de secteur")
    assert (await chief.post(PAGE, agent=ana.id, deputy="", **days())).status_code == 403
