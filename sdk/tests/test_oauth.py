"""Signing in as an application: a token for everybody, renewed in time, one renewal at a time, its secret unlogged."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from parvis_sdk.calling import called
from parvis_sdk.connectors import UNLOGGED
from parvis_sdk.errors import Later
from parvis_sdk.oauth import ClientCredentials, SignInRefused, secret_in
from parvis_sdk.testing import Exchange

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
URL = "https://login.example/town/oauth2/v2.0/token"


def access(secret=lambda: "asphalte", **more):
    return ClientCredentials(URL, "parvis", secret, scope="https://crm.example/.default", **more)


def grants(exchange, token="t-1", seconds=3600, **more):
    exchange.answer("POST", "/town/oauth2/v2.0/token", json={"access_token": token, "expires_in": seconds}, **more)


@pytest.mark.parametrize(("seconds", "used"), [(3600, 3539), (60, 53), ("3600", 3539)])
async def test_a_token_is_used_until_shortly_before_its_end(seconds, used):
    exchange, signed_in = Exchange(), access()
    grants(exchange, "t-1", seconds)
    grants(exchange, "t-2", seconds)
    async with exchange.client() as http:
        assert await signed_in.token(http, NOW) == "t-1"
        assert await signed_in.token(http, NOW + timedelta(seconds=used)) == "t-1"
        assert await signed_in.token(http, NOW + timedelta(seconds=used + 1.5)) == "t-2"
    asked = exchange.requests[0]
    assert asked.content == (
        b"grant_type=client_credentials&scope=https%3A%2F%2Fcrm.example%2F.default&client_id=parvis"
        b"&client_secret=asphalte"
    )
    assert UNLOGGED.items() <= asked.extensions.items()


async def test_whoever_asks_while_it_is_renewed_waits_for_the_same_one():
    asked = []

    async def slowly(request):
        asked.append(request)
        await asyncio.sleep(0)
        return httpx.Response(200, json={"access_token": f"t-{len(asked)}"})

    signed_in = access()
    async with httpx.AsyncClient(transport=httpx.MockTransport(slowly)) as http:
        tokens = await asyncio.gather(*(signed_in.token(http, NOW) for _ in range(9)))
    assert (set(tokens), len(asked)) == ({"t-1"}, 1)


async def test_a_refused_token_is_renewed_and_the_call_made_once_more():
    exchange, signed_in = Exchange(), access()
    grants(exchange, "t-1")
    exchange.answer("GET", "/orders", status=401)
    grants(exchange, "t-2")
    exchange.answer("GET", "/orders", json=[])
    async with exchange.client() as http:
        answer = await signed_in.called(http, "GET", "/orders", now=NOW, headers={"accept": "application/json"})
    assert answer.json() == []
    said = [request.headers.get("authorization") for request in exchange.requests if request.method == "GET"]
    assert said == ["Bearer t-1", "Bearer t-2"]


async def test_a_token_that_is_refused_at_once_is_not_asked_for_without_end():
    exchange, signed_in = Exchange(), access()
    grants(exchange, times=2)
    exchange.answer("GET", "/orders", status=401, times=2)
    async with exchange.client() as http:
        with pytest.raises(SignInRefused, match="just given"):
            await signed_in.called(http, "GET", "/orders", now=NOW)
    assert exchange.unplayed() == ()


async def test_the_refusal_of_an_older_token_leaves_the_newer_one():
    exchange, signed_in = Exchange(), access()
    grants(exchange, "t-2")
    async with exchange.client() as http:
        await signed_in.token(http, NOW)
        signed_in.forget("t-1")
        assert await signed_in.token(http, NOW) == "t-2"


async def test_a_secret_that_became_another_one_needs_no_restart(tmp_path):
    kept = tmp_path / "secret"
    kept.write_text("old\n")
    exchange, signed_in = Exchange(), access(secret_in("old", str(kept)))
    exchange.answer(
        "POST", "/town/oauth2/v2.0/token", status=401, json={"error": "invalid_client", "error_description": "AADSTS7"}
    )
    grants(exchange)
    async with exchange.client() as http:
        with pytest.raises(SignInRefused, match="invalid_client · AADSTS7"):
            await signed_in.token(http, NOW)
        kept.write_text("new\n")
        assert await signed_in.token(http, NOW) == "t-1"
    assert exchange.requests[1].content.endswith(b"client_secret=new")


def test_a_secret_whose_file_is_gone_is_the_one_of_the_start(tmp_path):
    assert secret_in("old", str(tmp_path / "gone"))() == "old"
    assert secret_in("old")() == "old"


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "<h1>Connexion</h1>"},
        {"json": {"expires_in": 5}},
        {"json": {"access_token": ""}},
        {"json": {"access_token": "x", "expires_in": "soon"}},
        {"json": {"access_token": "x", "expires_in": 1e300}},
        {"status": 500, "text": "x"},
        {"error": httpx.ConnectError("refused")},
    ],
)
async def test_a_sign_in_in_trouble_is_for_later(answer):
    exchange = Exchange()
    exchange.answer("POST", "/town/oauth2/v2.0/token", **answer)
    async with exchange.client() as http:
        with pytest.raises(Later):
            await access().token(http, NOW)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("Wed, 25 Nov 2026 09:00:30 GMT", 30), ("Wed, 25 Nov 2026 08:00:00 GMT", 0), ("soon", None), ("", None)],
)
async def test_a_busy_system_says_how_long_to_wait(said, seconds):
    exchange = Exchange()
    exchange.answer("GET", "/orders", status=429, headers={"retry-after": said})
    async with exchange.client() as http:
        with pytest.raises(Later, match="HTTP 429") as caught:
            await called(http, "GET", "/orders", now=NOW)
    assert caught.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_a_refusal_is_an_answer_to_be_read():
    exchange = Exchange()
    exchange.answer("GET", "/orders", status=404)
    async with exchange.client() as http:
        assert (await called(http, "GET", "/orders", now=NOW)).status_code == 404


async def test_no_answer_in_time_is_for_later():
    exchange = Exchange()
    exchange.answer("GET", "/orders", error=httpx.ReadTimeout("slow"))
    async with exchange.client() as http:
        with pytest.raises(Later, match="no answer in time"):
            await called(http, "GET", "/orders", now=NOW)
