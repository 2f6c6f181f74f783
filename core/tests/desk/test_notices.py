"""Notices at the desk: a manager closes a service for a season, opens it again, lifts one of the files."""

import re

from .conftest import said

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
    assert said("No notice from the desk stands.") in manager.text
    await manager.get("/bureau/avis/nouveau")
    await manager.post("/bureau/avis/nouveau", **WINTER, id=id_in(manager.page.text))
    assert said("The notice stands.") in manager.text
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


async def test_a_notice_of_the_files_is_lifted_from_the_page(desk):
    manager = await desk.signed_in("manager")
    await manager.get("/bureau/avis")
    code = re.search(r'name="code" value="([^"]+)"', manager.page.text)[1]
    await manager.post("/bureau/avis/lever", code=code)
    assert said("The notice is lifted.") in manager.text
    assert said("Put it back") in manager.text
    assert (await manager.post("/bureau/avis/lever", code="nothing")).status_code == 404


async def test_agents_and_managers_of_a_unit_close_nothing(desk):
    for clerk in (await desk.signed_in("agent"), await desk.signed_in("manager", "environment", name="Luc")):
        assert (await clerk.get("/bureau/avis")).status_code == 403
        assert (await clerk.post("/bureau/avis/nouveau", **WINTER)).status_code == 403
