"""Tokens and OAuth clients made, limited, renewed and revoked by operators, each within the towns that they run."""

import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.people.agents import Grant
from parvis.people.sessions import begin_session
from parvis.people.tokens import token_of, tokens
from parvis_api_access.clients import secrets_of


async def test_a_token_is_shown_once_works_and_is_revoked(site):
    await site.sign_in()
    sent = {
        "name": "Pont ERP",
        "where": "parvis/roads",
        "scopes": ["requests:read", "operate"],
        "lasts": "90",
        "types": "hole",
    }
    made = await site.post("/jetons", "/jetons", **sent)
    assert made.status_code == 200
    assert made.headers["cache-control"] == "private, no-store"
    key = re.search(r"parvis_[\w-]{40,}", made.text)[0]
    token = await token_of(site.host.engine, key)
    assert (token.jurisdiction, token.units, token.types) == ("parvis", ("roads",), ("hole",))
    assert token.scopes == ("requests:read", "operate")
    assert token.ends_at is not None
    page = await site.page("/jetons")
    assert key not in page
    assert token.handle in page
    await site.post("/jetons/revocation", "/jetons", handle=token.handle)
    assert await token_of(site.host.engine, key) is None
    assert "révoqué" in await site.page("/jetons")


async def test_a_token_without_name_place_scope_or_end_is_refused_with_every_reason(site):
    await site.sign_in(language="en")
    refused = await site.post("/jetons", "/jetons", name=" ", where="parvis/nowhere", scopes="all", lasts="9")
    assert refused.status_code == 422
    for words in (
        "the name of the program",
        "Choose a town, or units of it",
        "at least one scope",
        "Choose a validity",
    ):
        assert words in refused.text, words


async def test_an_operator_makes_and_revokes_tokens_of_their_own_towns_only(site):
    await site.sign_in()
    sent = {"name": "Pont", "where": "parvis", "scopes": "operate", "lasts": "0"}
    key = re.search(r"parvis_[\w-]{40,}", (await site.post("/jetons", "/jetons", **sent)).text)[0]
    handle = (await token_of(site.host.engine, key)).handle
    site.http.cookies.clear()
    await site.sign_in("jo@rivemont.example", grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert handle not in await site.page("/jetons")
    assert (await site.post("/jetons", "/jetons", **sent)).status_code == 422
    refused = await site.post("/jetons/revocation", "/jetons", handle=handle)
    assert refused.headers["location"].endswith("fait=refuse")
    assert await token_of(site.host.engine, key) is not None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"where": ["parvis/roads", "rivemont"]}, "units of one town only"),
        ({"types": ["hole", "nothing"]}, "does not offer one of these request types"),
        ({"where": ["parvis/roads", "parvis/x"]}, "Choose a town"),
    ],
)
async def test_limits_that_make_no_sense_are_refused_and_what_was_typed_stays(site, sent, words):
    await site.sign_in(language="en")
    given = {"name": "Pont ERP", "where": "parvis", "scopes": "operate", "lasts": "90"} | sent
    refused = await site.post("/jetons", "/jetons", **given)
    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="Pont ERP"' in refused.text
    assert await tokens(site.host.engine) == ()


async def test_a_token_of_several_units_and_types_says_so_and_a_whole_town_is_not_narrowed_by_its_units(site):
    await site.sign_in()
    sent = {"name": "Pont", "scopes": "requests:read", "lasts": "0"}
    await site.post("/jetons", "/jetons", where=["parvis/roads", "parvis/planning"], types=["hole", "quarrel"], **sent)
    [made] = await tokens(site.host.engine)
    assert (made.units, made.types) == (("roads", "planning"), ("hole", "quarrel"))
    page = await site.page(f"/jetons/{made.handle}")
    for words in ("Trou", "Querelle", "Voirie", "sans expiration"):
        assert words in page, words
    await site.post("/jetons", "/jetons", where=["parvis", "parvis/roads"], **sent)
    assert (await tokens(site.host.engine))[0].units == ()


async def test_a_token_is_renewed_with_an_overlap_and_the_page_shows_the_new_key_once(site):
    me = await site.sign_in()
    with clock.moved_to(clock.now()) as moved:
        sent = {"name": "Pont", "where": "parvis", "scopes": "operate", "lasts": "30"}
        first = re.search(r"parvis_[\w-]{40,}", (await site.post("/jetons", "/jetons", **sent)).text)[0]
        [made] = await tokens(site.host.engine)
        moved.forward(days=20)
        site.http.cookies.set("parvis_session", await begin_session(site.host.engine, me.id, "tests"))
        assert "1 jeton d’API expire d’ici 14 jours" in await site.page()
        assert "expire bientôt" in await site.page("/jetons")
        here = f"/jetons/{made.handle}"
        renewed = await site.post(f"{here}/renouvellement", here, lasts="90", overlap="24")
        assert renewed.status_code == 200
        assert renewed.headers["cache-control"] == "private, no-store"
        second = re.search(r"parvis_[\w-]{40,}", renewed.text)[0]
        assert second != first
        assert second not in await site.page(here)
        assert "expire bientôt" not in await site.page("/jetons")
        assert [(await token_of(site.host.engine, each)).handle for each in (first, second)] == [made.handle] * 2
        moved.forward(hours=25)
        assert await token_of(site.host.engine, first) is None
        assert await token_of(site.host.engine, second) is not None
    for wrong in ({"lasts": "7", "overlap": "24"}, {"lasts": "90", "overlap": "5"}):
        answer = await site.post(f"{here}/renouvellement", here, **wrong)
        assert answer.headers["location"].endswith("fait=refuse")


async def test_a_client_has_two_secrets_at_most_and_each_is_shown_once(site):
    await site.sign_in()
    sent = {"name": "Pont", "where": "parvis", "scopes": "operate", "lasts": "365", "kind": "client"}
    made = (await site.post("/jetons", "/jetons", **sent)).text
    secret = re.search(r"parvis_secret_[\w-]{40,}", made)[0]
    [client] = await tokens(site.host.engine)
    assert client.is_client
    assert client.handle in made
    assert await token_of(site.host.engine, secret) is None
    here = f"/jetons/{client.handle}"
    assert secret not in await site.page(here)
    other = re.search(r"parvis_secret_[\w-]{40,}", (await site.post(f"{here}/secrets", here, overlap="168")).text)[0]
    first, second = (await secrets_of(client.handle))[::-1]
    assert first.ends_at - clock.now() > timedelta(days=6)
    assert second.ends_at is None
    third = await site.post(f"{here}/secrets", here, overlap="24")
    assert third.headers["location"].endswith("fait=deux")
    assert "Deux secrets sont déjà valides" in await site.page(here, fait="deux")
    await site.post(f"{here}/secrets/fin", here, secret=first.handle)
    assert [each.handle for each in await secrets_of(client.handle)] == [second.handle]
    assert (
        (await site.post(f"{here}/renouvellement", here, lasts="90", overlap="24"))
        .headers["location"]
        .endswith("refuse")
    )
    await site.post(f"{here}/secrets", here, overlap="0")
    assert other not in await site.page(here)
    assert len(await secrets_of(client.handle)) == 1


async def test_the_page_of_a_token_of_another_town_is_not_there(site):
    await site.sign_in()
    sent = {"name": "Pont", "where": "parvis", "scopes": "operate", "lasts": "0"}
    await site.post("/jetons", "/jetons", **sent)
    [made] = await tokens(site.host.engine)
    site.http.cookies.clear()
    await site.sign_in("jo@rivemont.example", grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert (await site.get(f"/jetons/{made.handle}")).status_code == 404
    for path in ("renouvellement", "secrets", "secrets/fin"):
        answer = await site.post(f"/jetons/{made.handle}/{path}", "/jetons", lasts="90", overlap="24")
        assert answer.status_code == 404, path
    assert (await site.get("/jetons/000000000000")).status_code == 404
