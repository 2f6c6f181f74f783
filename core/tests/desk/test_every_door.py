"""Each address of the desk, tried by each role: nobody opens what is not theirs, no secret of others comes out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from parvis.people.roles import ROLES, permissions_of
from parvis.requests.work.conversation import note
from parvis_testing.desk import ANA

from .doors import ALSO, APART, OPENED_BY

PERSON = ("Zoé Côté", "zoe@exemple.ca", "5145550101", "555-0101")
SECRETS = (*PERSON, "FRACTURE-DU-TIBIA", "MOT-ENTRE-NOUS", "PLAINTE-SECRETE")
NO_ID = "01a21300-0000-7000-8000-000000000000"
FILLED = {"transition": "start", "code": "nothing"}
WHO = {
    "a stranger": None,
    "an agent of another unit": ("agent", "lighting"),
    "an observer of another unit": ("observer", "parks"),
    "the operator": ("operator", ""),
    "a manager of another town": ("manager", ""),
}


@pytest.fixture
async def secrets(desk) -> dict[str, str]:
    """Two requests of the inspection unit, one confidential, full of things that only that unit may know."""
    answers = {"danger": False, "words": "PLAINTE-SECRETE", "health": "FRACTURE-DU-TIBIA"}
    hole = await desk.request("hole", "noise", answers=answers)
    quarrel = await desk.request("quarrel", "noise", answers={"kind": "noise", "words": "PLAINTE-SECRETE"})
    for record in (hole, quarrel):
        await note(desk.host, record.reference, "MOT-ENTRE-NOUS", actor=ANA)
    return {"hole": hole.reference, "quarrel": quarrel.reference}


def addresses(desk, reference: str) -> Iterator[tuple[str, str]]:
    """Every route of the desk, its parameters filled in: with the id of nothing where no other value is named."""
    filled = FILLED | {"reference": reference}
    for route in desk.app.routes:
        if route.path.startswith("/bureau"):
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: filled.get(found[1], NO_ID), route.path_format)
            for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
                yield method, path


async def test_the_desk_has_addresses_to_try(desk):
    tried = list(addresses(desk, "7K3M-9QXT-4"))
    assert ("GET", "/bureau") in tried
    assert ("POST", "/bureau/requete/7K3M-9QXT-4/etape/start") in tried
    assert len(tried) > 20


@pytest.mark.parametrize("who", WHO)
async def test_nothing_of_another_units_requests_comes_out_by_any_address(desk, secrets, who):
    clerk = await _come(desk, who)
    before = {name: (await desk.record(reference)).version for name, reference in secrets.items()}
    for reference in secrets.values():
        for method, path in addresses(desk, reference):
            answer = await _try(desk, clerk, method, path, reference)
            assert not [secret for secret in SECRETS if secret in answer.text], (method, path)
            assert answer.status_code < 500, (method, path)
            if reference in path:
                assert answer.status_code in (303, 403, 404), (method, path, answer.status_code)
                assert reference not in answer.text or answer.status_code == 303
    for search in ("q=PLAINTE-SECRETE", "q=Côté&ouvertes=toutes", "q=zoe@exemple.ca", f"q={secrets['hole']}"):
        for path in ("/bureau", "/bureau/liste.csv"):
            answer = await clerk.http.get(f"{path}?{search}&tri=newest")
            assert not [secret for secret in SECRETS if f">{secret}<" in answer.text or f",{secret}," in answer.text]
            assert "Trou" not in re.sub(r"(?s)<select.*?</select>", "", answer.text)
    assert {name: (await desk.record(reference)).version for name, reference in secrets.items()} == before


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_each_role_does_what_it_may_and_nothing_else(desk, secrets, role):
    rights = permissions_of(role)
    clerk = await desk.signed_in(role, "" if role == "operator" else "environment")
    reference = secrets["hole"]
    base = f"/bureau/requete/{reference}"
    wanted = {
        (method, path.format(base=base)): bool(rights & by) and ALSO.get((method, path), set()) <= rights
        for (method, path), by in OPENED_BY.items()
    }
    apart = tuple(each.format(base=base) for each in APART)
    wanted |= {each: False for each in addresses(desk, reference) if each[1].startswith(apart) and each not in wanted}
    untried = {method_path for method_path in addresses(desk, reference) if "compte" not in method_path[1]}
    untried -= {("GET", f"/bureau/fichiers/{NO_ID}"), ("POST", f"{base}/evenement")}
    assert untried <= wanted.keys()
    for (method, path), allowed in wanted.items():
        answer = await _try(desk, clerk, method, path, reference)
        if allowed:
            assert answer.status_code in (200, 303, 422), (method, path, answer.status_code)
        else:
            assert answer.status_code in (403, 404), (method, path, answer.status_code)
            assert not [secret for secret in SECRETS if secret in answer.text]


async def test_colleagues_see_what_is_theirs_and_a_confidential_person_only_by_a_reveal(desk, secrets):
    agent = await desk.signed_in("agent", "environment")
    shown = await agent.get(f"/bureau/requete/{secrets['hole']}")
    assert "Zoé Côté" in shown.text
    assert "MOT-ENTRE-NOUS" in shown.text
    assert "FRACTURE-DU-TIBIA" not in shown.text  # sensitive: only who may reveal
    hidden = await agent.get(f"/bureau/requete/{secrets['quarrel']}")
    assert not [secret for secret in PERSON if secret in hidden.text]
    assert "identite" not in hidden.text
    manager = await desk.signed_in("manager", "environment", name="Hélène")
    assert "FRACTURE-DU-TIBIA" not in (await manager.get(f"/bureau/requete/{secrets['hole']}")).text
    why = {"reason": "Réclamation au contentieux"}
    assert "FRACTURE-DU-TIBIA" in (await manager.post(f"/bureau/requete/{secrets['hole']}/identite", **why)).text
    page = await manager.get(f"/bureau/requete/{secrets['quarrel']}")
    assert not [secret for secret in PERSON if secret in page.text]
    found = await manager.get("/bureau?q=Zoé Côté&ouvertes=toutes")
    assert secrets["quarrel"] not in found.text
    assert secrets["hole"] in found.text


async def _come(desk, who: str) -> Any:
    if WHO[who] is None:
        return desk.browser(follow_redirects=False)
    role, unit = WHO[who]
    town = "rivemont" if "town" in who else "parvis"
    clerk = await desk.signed_in(role, unit, jurisdiction=town)
    clerk.http.follow_redirects = False
    return clerk


async def _try(desk, clerk, method: str, path: str, reference: str) -> Any:
    clerk.http.follow_redirects = False
    if method == "GET":
        return await clerk.http.get(path)
    if clerk.page is None:
        await clerk.get("/bureau/compte")
    version = str((await desk.record(reference)).version)
    return await clerk.http.post(path, data={"_csrf": clerk.token, "unit": "noise", "version": version})
