"""Forged cookies, keys and tokens, and forms from elsewhere: every door of the installation is tried, none opens."""

import re
from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.people.agents import Grant, find_agent
from parvis.people.granting import set_active
from parvis.people.sessions import begin_session, digest_of
from parvis.people.tokens import make_token

from .conftest import clear

EVERYTHING = tuple(Grant(role=role, jurisdiction="parvis") for role in ("manager", "agent", "operator"))
SAFE = {"GET", "HEAD", "OPTIONS"}
# No forms: each brings a key, or a word that its sender has signed.
FOR_MACHINES = ("/api/", "/connexion/sortie/", "/oauth/", "/open311/")
PARTS = {
    "id": "018f0000-0000-7000-8000-000000000000",
    "theme": "rues-et-trottoirs",
    "slug": "nid-de-poule",
    "number": "1",
}


def doors(installation: Any, *, changing: bool) -> list[tuple[str, str]]:
    """Every method and path of the application that changes something, or only shows."""
    found = []
    for route in installation.app.routes:
        path = re.sub(r"{(\w+)}", lambda part: PARTS.get(part[1], "7K3M-9QXT-4"), route.path_format)
        found += [(method, path) for method in sorted(route.methods) if (method not in SAFE) == changing]
    return [(method, path) for method, path in found if not path.startswith("/static")]


def is_ours(path: str) -> bool:
    """Whether a page is for people of the town only."""
    return path.startswith(("/bureau", "/exploitation"))


async def test_every_form_of_the_house_refuses_what_comes_from_elsewhere(installation):
    cookies = await installation.signed_in("ana@parvis.example", *EVERYTHING)
    async with installation.http(cookies=cookies) as http, installation.http() as stranger:
        form = await stranger.get("/connexion")
        others_token = re.search(r'name="_csrf" value="([^"]+)"', form.text)[1]
        page = await http.get("/bureau/compte")
        own_token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
        tried = [each for each in doors(installation, changing=True) if not each[1].startswith(FOR_MACHINES)]
        assert len(tried) > 30
        for method, path in tried:
            for headers, token in (
                ({"accept": "text/html"}, ""),
                ({}, "x" * 88),
                ({}, others_token),
                ({"origin": "https://evil.example"}, own_token),
                ({"origin": "null"}, own_token),
                ({"sec-fetch-site": "cross-site"}, own_token),
                ({"sec-fetch-site": "same-site"}, own_token),
            ):
                answer = await http.request(method, path, data={"_csrf": token}, headers=headers)
                assert answer.status_code == 403, (method, path, headers, answer.status_code)
                clear(answer)
    await installation.is_well()


async def test_no_forged_session_opens_a_page_of_the_towns_people(installation):
    cookies = await installation.signed_in("ana@parvis.example", *EVERYTHING)
    person = await find_agent(installation.host.engine, "ana@parvis.example")
    good = cookies["parvis_session"]
    with clock.moved_to(clock.now() - timedelta(hours=13)):
        old = await begin_session(installation.host.engine, person.id, "yesterday")
    swapped = good[:-1] + ("A" if good[-1] != "A" else "B")
    forged = ("", "x", swapped, good[:-1], good + "a", good.swapcase(), digest_of(good), old, "%00", "é", "a" * 9000)
    shown = [
        (method, path) for method, path in doors(installation, changing=False) if is_ours(path) and method == "GET"
    ]
    assert len(shown) > 15
    async with installation.http() as http:
        for token in forged:
            for _, path in shown if token == swapped else shown[:2]:
                for accept, status in (("text/html", 303), ("application/json", 401)):
                    headers = {"accept": accept, "cookie": f"parvis_session={token}".encode()}
                    answer = await http.get(path, headers=headers)
                    assert answer.status_code == status, (token[:20], path)
                    assert answer.headers.get("location", "/connexion").startswith("/connexion")
        assert (await http.get("/bureau", headers={"cookie": f"parvis_session={good}"})).status_code == 200
        await installation.signed_in(
            "karim@parvis.example", Grant(role="operator", jurisdiction="parvis")
        )  # somebody must
        assert not await set_active(installation.host.engine, person.id, False)
        gone = await http.get("/bureau", headers={"accept": "text/html", "cookie": f"parvis_session={good}"})
        assert gone.status_code == 303
    await installation.is_well()


async def test_a_session_that_somebody_chose_for_another_is_never_adopted(installation):
    await installation.signed_in("ana@parvis.example", *EVERYTHING)
    async with installation.http(cookies={"parvis_session": "chosen-by-an-attacker"}) as http:
        form = await http.get("/connexion")
        token = re.search(r'name="_csrf" value="([^"]+)"', form.text)[1]
        sent = {"_csrf": token, "email": "ana@parvis.example", "password": "quatre chevaux verts"}
        answer = await http.post("/connexion", data={**sent, "next": "//evil.example/"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/bureau")
        made = re.search(r"parvis_session=([^;]+)", answer.headers["set-cookie"])[1]
        assert made != "chosen-by-an-attacker"
        assert "HttpOnly" in answer.headers["set-cookie"]


async def test_a_forged_second_step_opens_nothing(installation):
    await installation.signed_in("ana@parvis.example", *EVERYTHING)
    person = await find_agent(installation.host.engine, "ana@parvis.example")
    async with installation.http(headers={"accept": "text/html"}) as http:
        token = re.search(r'name="_csrf" value="([^"]+)"', (await http.get("/connexion")).text)[1]
        for ticket in ("", ".", "..", f"{person.id}.9999999999.", f"{person.id}.x.y", "é.é.é", "\x00", "a" * 5000):
            for step in ("/connexion/code", "/connexion/nouveau-code"):
                sent = {"_csrf": token, "ticket": ticket, "code": "000000", "secret": "A" * 32}
                answer = await http.post(step, data=sent)
                assert answer.status_code == 422, (step, ticket[:20])
                assert "parvis_session=" not in answer.headers.get("set-cookie", "")
    await installation.is_well()


async def test_addresses_given_in_headers_buy_no_more_tries(installation, monkeypatch):
    monkeypatch.setattr("parvis.people.sign_in.BY_ADDRESS", 5)
    async with installation.http(headers={"accept": "text/html"}) as http:
        token = re.search(r'name="_csrf" value="([^"]+)"', (await http.get("/connexion")).text)[1]
        answers = []
        for number in range(6):
            headers = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
            sent = {"_csrf": token, "email": f"{number}@parvis.example", "password": "guess"}
            answers.append((await http.post("/connexion", data=sent, headers=headers)).status_code)
        assert answers == [422] * 5 + [429]
    await installation.is_well()


async def test_no_forged_key_opens_the_private_view_of_a_request(installation):
    requester = {"mode": "named", "name": "Zoé Côté-Secrète", "email": "zoe@exemple.ca"}
    [mine, other] = [(await installation.file(requester=requester)).json() for _ in "12"]
    good, reference = mine["key"], mine["reference"]
    swapped = good[:-1] + ("a" if good[-1] != "a" else "b")
    forged = ("x", other["key"], swapped, good[:-1], good + "a", "é", "%00", "a" * 9000, reference)
    async with installation.http(headers={"accept": "text/html"}) as http:
        for key in forged:
            page = await http.get(f"/fr/suivi/{reference}", params={"cle": key}, follow_redirects=True)
            assert "Secrète" not in page.text, key[:20]
            assert "parvis_key" not in http.cookies
            by_cookie = await http.get(f"/fr/suivi/{reference}", headers={"cookie": f"parvis_key={key}".encode()})
            assert by_cookie.status_code in (303, 404)
            for path in ("", "/story"):
                answer = await http.get(f"/api/v1/requests/{reference}{path}", params={"key": key})
                assert answer.status_code == 404, (key[:20], path)
                clear(answer)
            told = await http.post(f"/api/v1/requests/{reference}/messages?key={key[:500]}", json={"words": "x"})
            assert told.status_code in (400, 404)
        opened = await http.get(f"/fr/suivi/{reference}", params={"cle": good}, follow_redirects=True)
        assert "Secrète" in opened.text
    await installation.is_well()


async def test_no_forged_token_of_a_machine_is_heard(installation):
    key, _ = await make_token(installation.host.engine, name="Pont", jurisdiction="parvis", scopes=["requests:read"])
    ended, _ = await make_token(
        installation.host.engine,
        name="Vieux",
        jurisdiction="parvis",
        scopes=["operate"],
        ends_at=clock.now() - timedelta(days=1),
    )
    foreign, _ = await make_token(installation.host.engine, name="Loin", jurisdiction="atlantide", scopes=["operate"])
    forged = (
        "Bearer",
        "Bearer x",
        f"Bearer {key[:-1]}",
        f"Bearer {key}a",
        f"Bearer {key.swapcase()}",
        f"Bearer {ended}",
        f"Bearer {foreign}",
        f"Basic {key}",
        "Bearer parvis_" + "a" * 9000,
        "Bearer \xe9\xff",
    )
    async with installation.http() as http:
        for given in forged:
            headers = {"authorization": given.encode("latin-1")}
            for path in ("/api/v1/requests", "/api/v1/deliveries", "/api/v1/request-types"):
                answer = await http.get(path, headers=headers)
                assert answer.status_code == 401, (given[:20], path)
                assert answer.headers["www-authenticate"].startswith("Bearer")
                clear(answer)
        for method, path in doors(installation, changing=True):
            if path.startswith("/api/"):
                answer = await http.request(method, path, json={}, headers={"authorization": forged[3]})
                assert answer.status_code == 401, (method, path)
        lacking = await http.get("/api/v1/deliveries", headers={"authorization": f"Bearer {key}"})
        assert lacking.status_code == 403
        clear(lacking)
    await installation.is_well()
