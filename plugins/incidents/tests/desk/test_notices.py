"""Notices at the desk: a manager closes a service for a season, opens it again."""

import re
from datetime import UTC, datetime

import pytest

from parvis import clock
from parvis_testing.desk import HERE, ZOE, said

HOLE = {"language": "fr", "answers": {"danger": False, "words": "Un trou"}, "place": HERE, "requester": ZOE}

WINTER = {
    "answers__kind": "stop",
    "answers__title_fr": "Fermé pour l’hiver",
    "answers__title_en": "Closed for winter",
    "answers__text_fr": "Revenez au printemps.",
    "answers__types": "hole",
}


def id_in(page: str) -> str:
    return re.search(r'name="id" value="([^"]+)"', page)[1]


async def test_a_manager_closes_a_service_and_opens_it_again(desk):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/avis")
    assert said("No notice written at the desk is posted.") in manager.text
    await manager.get("/bureau/avis/nouveau")
    await manager.post("/bureau/avis/nouveau", **WINTER, id=id_in(manager.page.text))
    assert said("The notice is posted.") in manager.text
    resident = desk.browser()
    page = await resident.get("/fr/services/rues/trou")
    assert "Fermé pour l’hiver" in page.text
    ending = re.search(r'action="(/bureau/avis/[0-9a-f-]+/fin)"', manager.page.text)[1]
    await manager.post(ending)
    assert said("The notice has ended.") in manager.text
    assert "Fermé pour l’hiver" not in (await resident.get("/fr/services/rues/trou")).text


async def test_what_does_not_fit_together_is_said_at_its_question(desk):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/avis/nouveau")
    id = id_in(manager.page.text)
    wrong = {**WINTER, "answers__types": "", "answers__title_en": ""}
    page = await manager.post("/bureau/avis/nouveau", **wrong, id=id)
    assert page.status_code == 422
    assert 'href="#title_en"' in page.text
    assert "Fermé pour l’hiver" in page.text
    page = await manager.post("/bureau/avis/nouveau", **{**WINTER, "answers__types": ""}, id=id)
    assert 'href="#types"' in page.text
    page = await manager.post("/bureau/avis/nouveau", **{**WINTER, "answers__kind": "divert"}, id=id)
    assert 'href="#link"' in page.text


async def test_agents_and_managers_of_a_unit_close_nothing(desk):
    for clerk in (await desk.signed_in("agent"), await desk.signed_in("manager", "environment", name="Luc")):
        assert (await clerk.get("/bureau/avis")).status_code == 403
        assert (await clerk.post("/bureau/avis/nouveau", **WINTER)).status_code == 403


EACH_YEAR = WINTER | {
    "answers__since.day": "1",
    "answers__since.month": "12",
    "answers__since.year": "2026",
    "answers__until.day": "31",
    "answers__until.month": "3",
    "answers__until.year": "2027",
    "answers__every_year": "yes",
}
BEFORE = datetime(2026, 12, 1, 4, tzinfo=UTC)  # in this town, still November
WITHIN = datetime(2026, 12, 1, 6, tzinfo=UTC)
LAST_EVENING = datetime(2028, 4, 1, 3, 30, tzinfo=UTC)  # 31 March, the second winter
AFTER = datetime(2028, 4, 1, 5, tzinfo=UTC)


async def test_a_service_closes_each_winter_and_says_when_it_opens_again(desk):
    with clock.moved_to(BEFORE) as time:
        manager = await desk.signed_in("manager")
        await manager.get("/bureau/avis/nouveau")
        await manager.post("/bureau/avis/nouveau", **EACH_YEAR, id=id_in(manager.page.text))
        assert said("The notice is posted.") in manager.text
        assert (
            "Chaque année, du 1er décembre au 31 mars; la prochaine fois à partir du 1er décembre 2026" in manager.text
        )
        resident = desk.browser()
        page = "/fr/services/rues/trou"
        await resident.get(page)
        assert (
            "Fermé chaque année du 1er décembre au 31 mars (prochaine fois à partir du 1er décembre 2026)"
            in resident.text
        )
        assert "Fermé pour l’hiver" not in resident.text
        time.to(WITHIN)
        await resident.get(page)
        assert "Fermé pour l’hiver" in resident.text
        assert "Chaque année, du 1er décembre au 31 mars (en vigueur jusqu’au 31 mars 2027)" in resident.text
        assert "(rouvre le 1er avril 2027)" in resident.text
        refused = await desk.counter.submit("parvis", "hole", HOLE, channel="portal")
        assert "Ouvert de nouveau le 1er avril 2027." in refused.found[0].message.fr
        assert "Open again on April 1, 2027." in refused.found[0].message.en
        time.to(LAST_EVENING)
        assert "Fermé pour l’hiver" in (await resident.get(page)).text
        assert "(reopens on April 1, 2028)" in (await resident.get("/en/services/streets/hole")).text
        time.to(AFTER)
        assert "Fermé pour l’hiver" not in (await resident.get(page)).text
        notices = (await resident.get("/api/v1/request-types/hole")).json()["notices"]
        assert "desk-" not in str(notices)


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"answers__until.day": "", "answers__until.month": "", "answers__until.year": ""}, "until"),
        ({"answers__since.day": "", "answers__since.month": "", "answers__since.year": ""}, "since"),
        ({"answers__until.year": "2028"}, "until"),
        ({"answers__until.day": "29", "answers__until.month": "2", "answers__until.year": "2027"}, "until"),
    ],
)
async def test_what_comes_every_year_needs_two_days_less_than_a_year_apart(desk, changed, at):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/avis/nouveau")
    page = await manager.post("/bureau/avis/nouveau", **EACH_YEAR | changed, id=id_in(manager.page.text))
    assert page.status_code == 422
    assert re.search(rf'href="#(?:answers-)?{at}', page.text)
