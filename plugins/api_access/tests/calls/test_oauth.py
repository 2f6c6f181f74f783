"""Client credentials as a client of others meets them, and as somebody meets them who should get nothing."""

import asyncio
import base64
import json
import sys
from datetime import timedelta

import pytest

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import TokenLimits, make_token, revoke_token, token_of, tokens
from parvis.settings import Settings
from parvis_api_access.chores import forget
from parvis_api_access.clients import new_secret, secrets_of
from parvis_api_access.portal.endpoints import METADATA, MOST_WRONG, REVOCATION, TOKEN
from parvis_testing.browsing import served
from parvis_testing.modules import switch
from parvis_testing.ports import free_port

READ, WRITE = "requests:read", "requests:write"
OTHERS_CLIENT = """
import json, sys
from oauthlib.oauth2 import BackendApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
root, client_id, secret, how, scope = sys.argv[1:]
asked = json.loads(OAuth2Session(client=BackendApplicationClient(client_id=client_id)).get(
    f"{root}/.well-known/oauth-authorization-server", withhold_token=True).text)
session = OAuth2Session(client=BackendApplicationClient(client_id=client_id, scope=scope.split()))
in_form = {"include_client_id": True, "client_secret": secret}
way = {"auth": HTTPBasicAuth(client_id, secret)} if how == "basic" else in_form
token = session.fetch_token(token_url=asked["token_endpoint"], **way)
told = session.get(f"{root}/api/v1/token").json()
listed = session.get(f"{root}/api/v1/requests")
print(json.dumps({"token": token, "told": told, "listed": listed.status_code}))
"""


@pytest.fixture
def client(api):
    """Makes a client with its first secret."""

    async def make(*scopes, **given):
        limits = TokenLimits(**{"types": ("hole",), "is_client": True} | given.pop("limits", {}))
        what = {"name": "Pont", "jurisdiction": "parvis", "scopes": scopes or (READ, WRITE), "limits": limits}
        _, made = await make_token(api.host.engine, **what | given)
        return made.handle, await new_secret(api.host.engine, made.handle)

    return make


async def ask(api, client_id="", secret="", *, how="basic", path=TOKEN, headers=None, **form):
    sent = {"grant_type": "client_credentials"} | form
    given = dict(headers or {})
    if how == "basic" and client_id:
        given["authorization"] = "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    elif how == "post":
        sent |= {"client_id": client_id, "client_secret": secret}
    return await api.http.post(path, data=sent, headers=given)


@pytest.mark.parametrize("how", ["basic", "post"])
async def test_a_client_gets_an_access_token_of_an_hour_with_its_own_limits(api, client, both, how):
    name, secret = await client()
    answer = await ask(api, name, secret, how=how)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert {each: told[each] for each in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": f"{READ} {WRITE}",
    }
    token = {"Authorization": f"Bearer {told['access_token']}"}
    listed = (await api.get("/requests", token)).json()["items"]
    assert [each["reference"] for each in listed] == [both[0]]
    assert (await api.get(f"/requests/{both[1]}", token)).status_code == 404
    with clock.moved_to(clock.now() + timedelta(minutes=61)):
        assert (await api.get("/requests", token)).status_code == 401
    assert secret not in str(await secrets_of(name))


async def test_fewer_scopes_may_be_asked_for_and_never_more(api, client):
    name, secret = await client()
    told = (await ask(api, name, secret, scope=READ)).json()
    assert told["scope"] == READ
    token = {"Authorization": f"Bearer {told['access_token']}"}
    refused = await api.post("/requests/0000-0000-0/notes", {"words": "x"}, token)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    for scope in ("operate", f"{READ} contacts:read", "x" * 500):
        answer = await ask(api, name, secret, scope=scope)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope"), scope


async def test_who_is_no_client_is_refused_in_the_same_words(api, client):
    name, secret = await client()
    revoked, its_secret = await client()
    await revoke_token(api.host.engine, revoked)
    ended, end_secret = await client(ends_at=clock.now() - timedelta(days=1))
    elsewhere, other_secret = await client(jurisdiction="rivemont")
    key, plain = await make_token(api.host.engine, name="x", jurisdiction="parvis", scopes=[READ])
    answers = [
        await ask(api, *given)
        for given in (
            (name, secret + "x"),
            (name, its_secret),
            ("000000000000", secret),
            (revoked, its_secret),
            (ended, end_secret),
            (elsewhere, other_secret),
            (plain.handle, key),
            (name, "é\n" * 40),
        )
    ]
    assert {(each.status_code, each.json()["error"]) for each in answers} == {(401, "invalid_client")}
    assert len({each.text for each in answers}) == 1
    assert all(each.headers["www-authenticate"].startswith("Basic") for each in answers)
    assert (await ask(api, name, secret)).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_secret": "x"}, "invalid_request"),
        ({"scope": [READ, WRITE]}, "invalid_request"),
    ],
)
async def test_what_is_asked_wrongly_has_the_code_of_the_standard(api, client, form, error):
    answer = await ask(api, *await client(), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"{}", b"a&" * 4000, b"%ff=%fe&grant_type=client_credentials"])
async def test_bytes_that_are_no_form_break_nothing(api, body):
    for kind in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", ""):
        answer = await api.http.post(TOKEN, content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 401), (kind, answer.text)


async def test_wrong_secrets_are_counted_for_their_address_and_the_right_one_waits_too(api, client):
    name, secret = await client()
    for _ in range(MOST_WRONG):
        assert (await ask(api, name, "wrong", how="post")).status_code == 401
    waiting = await ask(api, name, secret)
    assert waiting.status_code == 429
    assert int(waiting.headers["retry-after"]) > 0
    other = await client()
    assert (await ask(api, *other)).status_code == 200
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert (await ask(api, name, secret)).status_code == 200


async def test_two_secrets_work_while_one_replaces_the_other(api, client):
    name, first = await client()
    with clock.moved_to(clock.now()) as moved:
        second = await new_secret(api.host.engine, name, others_end=clock.now() + timedelta(hours=24))
        assert [(await ask(api, name, each)).status_code for each in (first, second)] == [200, 200]
        moved.forward(hours=25)
        assert [(await ask(api, name, each)).status_code for each in (first, second)] == [401, 200]


async def test_revoked_a_client_ends_with_its_access_tokens_and_one_of_them_alone_by_the_client(api, client):
    name, secret = await client()
    one, two = [(await ask(api, name, secret)).json()["access_token"] for _ in range(2)]
    other, its_secret = await client()
    theirs = await ask(api, other, its_secret, path=REVOCATION, token=one)
    assert theirs.status_code == 200  # and nothing has happened
    assert await token_of(api.host.engine, one) is not None
    assert (await ask(api, name, "wrong", path=REVOCATION, token=one)).status_code == 401
    assert (await ask(api, name, secret, path=REVOCATION)).json()["error"] == "invalid_request"
    assert (await ask(api, name, secret, path=REVOCATION, token=one)).status_code == 200
    assert await token_of(api.host.engine, one) is None
    assert await token_of(api.host.engine, two) is not None
    await revoke_token(api.host.engine, name)
    assert await token_of(api.host.engine, two) is None


async def test_a_new_token_for_each_call_keeps_the_keys_of_idempotency_of_its_client(api, client):
    name, secret = await client()
    one, two = [(await ask(api, name, secret)).json()["access_token"] for _ in range(2)]
    first = await api.file(key="k1", token={"Authorization": f"Bearer {one}"})
    again = await api.file(key="k1", token={"Authorization": f"Bearer {two}"})
    assert (first.status_code, again.json()["reference"]) == (201, first.json()["reference"])


async def test_access_tokens_that_are_over_are_forgotten(api, client):
    name, secret = await client()
    with clock.moved_to(clock.now()) as moved:
        token = (await ask(api, name, secret)).json()["access_token"]
        await token_of(api.host.engine, token)
        moved.forward(days=2)
        assert await forget(api.host) == 1
        [left] = await tokens(api.host.engine)
        assert left.handle == name
        assert left.used_at is not None


async def test_metadata_name_what_there_is(api):
    told = (await api.http.get(METADATA)).json()
    assert told["issuer"] == "http://127.0.0.1:8000"
    assert told["token_endpoint"] == f"{told['issuer']}{TOKEN}"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert {READ, "token:renew"} <= {*told["scopes_supported"]}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["basic", "post"])
async def test_a_library_of_others_signs_in_from_a_process_of_its_own(
    database_url, tmp_path, town_plugin, modules, how
):
    """The server is a real one, and so is the client, which shares no code with it."""
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    given = {"territory": town_folder(), "secret_key": "s" * 40, "data": tmp_path, "database": database_url}
    app = create_app(Settings(**given, base_url=root, worker=False), plugins=[town_plugin], modules=modules)
    async with served(app, port=port):
        host = app.state.deployment.host
        await switch(host, "on")
        limits = TokenLimits(types=("hole",), is_client=True)
        _, made = await make_token(host.engine, name="Pont", jurisdiction="parvis", scopes=[READ], limits=limits)
        secret = await new_secret(host.engine, made.handle)
        using = (sys.executable, "-c", OTHERS_CLIENT, root, made.handle, secret, how, READ)
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
        run = await asyncio.create_subprocess_exec(*using, **pipes, env={"OAUTHLIB_INSECURE_TRANSPORT": "1"})
        out, err = await run.communicate()
    assert run.returncode == 0, err.decode()[-2000:]
    told = json.loads(out)
    assert told["listed"] == 200
    assert told["told"]["handle"] == made.handle
    assert told["token"]["scope"] == [READ]


async def test_who_is_not_known_or_has_a_wrong_secret_hears_the_same(api, client):
    client_id, _ = await client()
    for answer in (await ask(api, client_id, "wrong"), await ask(api, "nobody", "wrong"), await ask(api)):
        assert answer.status_code == 401
        told = {"error": "invalid_client", "error_description": "The client is unknown, or its secret is wrong."}
        assert answer.json() == told
        assert answer.headers["www-authenticate"] == 'Basic realm="parvis"'
        assert answer.headers.get_list("cache-control") == ["no-store"]


async def test_a_name_that_is_no_text_is_answered_as_the_standard_says(api):
    bytes_of_nothing = base64.b64encode(b"\xff\xfe").decode()
    answer = await ask(api, headers={"authorization": f"Basic {bytes_of_nothing}"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_two_clients_in_one_call_are_none(api, client):
    client_id, secret = await client()
    basic = "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    for named, status in (("another", 400), (client_id, 200)):
        form = {"grant_type": "client_credentials", "client_id": named}
        answer = await api.http.post(TOKEN, data=form, headers={"authorization": basic})
        assert answer.status_code == status, named


async def test_a_scope_of_blanks_is_no_scope(api, client):
    client_id, secret = await client()
    answer = await ask(api, client_id, secret, scope="  ")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert answer.headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "anything"])
async def test_a_hint_about_a_token_that_is_not_known_is_ignored(api, client, hint):
    client_id, secret = await client()
    key = (await ask(api, client_id, secret)).json()["access_token"]
    answer = await ask(api, client_id, secret, path=REVOCATION, token=key, token_type_hint=hint)
    assert answer.status_code == 200, answer.text
    assert (await api.get("/token", {"Authorization": f"Bearer {key}"})).status_code == 401
