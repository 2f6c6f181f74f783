"""Headers on every answer, and forms that come from nowhere else."""

import re

import pytest
from msgspec.structs import replace

from parvis.jurisdictions.base_map import BaseMap
from parvis.web.security import content_policy, csrf_token, is_token
from parvis_sdk.text import Text

TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


@pytest.mark.parametrize(
    "path", ["/fr/bonjour", "/nulle/part/ici", "/casse", "/fr/formulaire", "/static/built/none.css"]
)
async def test_every_answer_carries_the_headers(client, path):
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "max-age" in headers["strict-transport-security"]
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-request-id"] if path != "/nulle/part/ici" else True


async def test_without_encryption_no_browser_is_told_to_insist_on_it(app):
    from .conftest import opened

    async with opened(app, base_url="http://parvis.test") as client:
        assert "strict-transport-security" not in (await client.get("/fr/bonjour")).headers


def test_only_the_base_map_of_the_town_may_be_loaded_from_elsewhere():
    url = "https://{s}.cartes.example/{z}/{x}/{y}.png"
    tiles = BaseMap(url=url, attribution=Text(fr="©"), subdomains=("a", "b"))
    assert "img-src 'self' data: blob: https://a.cartes.example https://b.cartes.example;" in content_policy(
        tiles.origins
    )
    assert "img-src 'self' data: blob:;" in content_policy()
    assert "img-src 'self' data: blob:;" in content_policy(replace(tiles, url="/tuiles/{z}/{x}/{y}.png").origins)
    dark = replace(tiles, url="https://clair.example/{z}/{x}/{y}.png", dark_url="https://nuit.example/{z}/{x}/{y}.png")
    assert "blob: https://clair.example https://nuit.example;" in content_policy(dark.origins)


async def sent(client, token=None, headers=None, path="/fr/formulaire"):
    page = await client.get(path)
    token = TOKEN.search(page.text)[1] if token is None else token
    return await client.post(path, data={"_csrf": token}, headers=headers or {})


async def test_a_form_of_ours_is_heard(client):
    assert (await sent(client)).status_code == 200


async def test_a_form_is_heard_with_its_token_in_a_header(client):
    token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
    assert (await client.post("/fr/formulaire", headers={"x-csrf-token": token})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "https://parvis.test.elsewhere.example"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_even_with_its_token(client, headers):
    answer = await sent(client, headers=headers)
    assert answer.status_code == 403
    assert "Vous ne pouvez pas faire cette action" in answer.text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "https://parvis.test"}])
async def test_a_form_from_here_may_say_so(client, headers):
    assert (await sent(client, headers=headers)).status_code == 200


@pytest.mark.parametrize("token", ["", "é", "AAAA", "A" * 88, "-" * 88])
async def test_a_made_up_token_is_refused(client, token):
    assert (await sent(client, token=token)).status_code == 403


async def test_the_token_of_another_visitor_is_refused(app):
    from .conftest import opened

    async with opened(app) as one:
        theirs = TOKEN.search((await one.get("/fr/formulaire")).text)[1]
        one.cookies.clear()
        assert (await sent(one, token=theirs)).status_code == 403


async def test_a_session_changes_the_token(client):
    token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
    client.cookies.set("parvis_session", "somebody", domain="parvis.test")
    assert (await client.post("/fr/formulaire", data={"_csrf": token})).status_code == 403
    assert (await sent(client)).status_code == 200


async def test_the_visitor_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = (await client.get("/fr/formulaire")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "set-cookie" not in (await client.get("/fr/bonjour")).headers


def test_a_token_is_new_each_time_and_good_for_one_visitor():
    one, other = csrf_token(b"k", "visitor"), csrf_token(b"k", "visitor")
    assert one != other
    assert is_token(b"k", "visitor", one)
    assert is_token(b"k", "visitor", other)
    assert not is_token(b"k", "visitor2", one)
    assert not is_token(b"other", "visitor", one)
