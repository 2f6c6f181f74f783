"""The protocol: errors inside HTTP 200, tokens from wherever they are had, one renewal for everybody."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from parvis_gis_arcgis.client import BadRequest, Client
from parvis_gis_arcgis.feature_layers import attachments_of, numbered
from parvis_gis_arcgis.mapping import Layer
from parvis_gis_arcgis.settings import Settings
from parvis_gis_arcgis.tokens import access_of
from parvis_sdk.connectors import UNLOGGED
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.testing import Exchange

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
SERVICE = "https://sig.example/arcgis/rest/services/Ville/FeatureServer"
PATH = "/arcgis/rest/services/Ville/FeatureServer"
INFO = "/arcgis/rest/info"
LATER = int((NOW + timedelta(minutes=60)).timestamp() * 1000)


def settings(**given):
    return Settings(features_url=SERVICE, **given)


def client(exchange, **given):
    known = settings(**given)
    return Client(exchange.client(), NOW, access_of(known), known.referer)


def form(request):
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"json": {"error": {"code": 400, "message": "Bad", "details": ["why"]}}}, BadRequest, r"\(400 Bad · why\)"),
        ({"json": {"error": {"code": 404, "message": "Layer not found"}}}, Refused, "Layer not found"),
        ({"json": {"error": {"code": 500, "message": "Oups", "details": None}}}, Later, "reports a problem"),
        ({"json": {"error": {"code": "Internal_ServerError"}}}, Later, "reports a problem"),
        ({"json": {"error": {"code": 403, "message": "No"}}}, SignInRefused, "our rights"),
        ({"json": [1, 2]}, Later, "cannot be read"),
        ({"text": "<html>Connexion</html>"}, Later, "cannot be read"),
        ({"status": 404, "text": "<html>"}, Refused, "is the address right"),
        ({"status": 401, "text": ""}, SignInRefused, "our rights"),
        ({"status": 503, "text": ""}, Later, "asks to wait"),
        ({"error": httpx.ConnectError("nobody")}, Later, "cannot be reached"),
    ],
)
async def test_what_an_answer_says_is_found_wherever_it_says_it(answer, kind, words):
    exchange = Exchange()
    exchange.answer("POST", "/x", **answer)
    with pytest.raises(kind, match=words):
        await client(exchange).ask(dict, "/x", {})


async def test_a_sign_in_finds_the_portal_that_owns_the_server():
    exchange = Exchange()
    exchange.answer("POST", INFO, json={"owningSystemUrl": "https://portail.example/portal/"})
    exchange.answer("POST", "/portal/sharing/rest/generateToken", json={"token": "t-1", "expires": LATER})
    exchange.answer("POST", "/x", json={})
    await client(exchange, username="ana", password="p4ss").ask(dict, "/x", {"where": "1=1", "none": None})
    _, signed_in, asked = exchange.requests
    assert signed_in.url.host == "portail.example"
    assert form(signed_in) == {
        "username": "ana",
        "password": "p4ss",
        "client": "referer",
        "referer": "https://parvis.invalid",
        "expiration": "60",
        "f": "json",
    }
    assert signed_in.extensions.items() >= UNLOGGED.items()
    assert form(asked) == {"f": "json", "where": "1=1", "token": "t-1"}
    assert asked.headers["referer"] == "https://parvis.invalid"


async def test_no_password_goes_where_anybody_could_read_it():
    exchange = Exchange()
    exchange.answer("POST", INFO, json={"authInfo": {"tokenServicesUrl": "http://sig.example/tokens"}})
    with pytest.raises(Later, match="anybody could read"):
        await client(exchange, username="ana", password="p4ss").ask(dict, "/x", {})


async def test_an_application_without_a_portal_is_told_to_name_it():
    exchange = Exchange()
    exchange.answer("POST", INFO, json={"authInfo": {"tokenServicesUrl": "https://sig.example/tokens"}})
    with pytest.raises(Later, match="portal_url"):
        await client(exchange, client_id="app", client_secret="s").ask(dict, "/x", {})


@pytest.mark.parametrize("portal", ["https://p.example/portal", "https://p.example/portal/sharing/rest/"])
async def test_an_application_signs_in_at_its_portal_however_much_of_it_is_named(portal):
    exchange = Exchange()
    exchange.answer("POST", "/portal/sharing/rest/oauth2/token", json={"access_token": "t-1", "expires_in": 7200})
    exchange.answer("POST", "/x", json={})
    await client(exchange, client_id="app", client_secret="s", portal_url=portal).ask(dict, "/x", {})
    assert form(exchange.requests[0])["grant_type"] == "client_credentials"


async def test_a_token_that_ends_for_all_at_once_is_renewed_once():
    given = []

    async def answer(request):
        await asyncio.sleep(0)
        if request.url.path == "/tokens":
            given.append(f"t-{len(given)}")
            return httpx.Response(200, json={"token": given[-1], "expires": LATER})
        is_over = form(request)["token"] == "t-0"
        return httpx.Response(200, json={"error": {"code": 498, "message": "Invalid Token"}} if is_over else {})

    known = settings(username="ana", password="p", token_url="https://sig.example/tokens")
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        speaking = Client(http, NOW, access_of(known), known.referer)
        await asyncio.gather(*(speaking.ask(dict, f"{SERVICE}/0", {}) for _ in range(5)))
    assert given == ["t-0", "t-1"]


async def test_a_token_that_is_refused_twice_waits_for_the_operator():
    exchange = Exchange()
    exchange.answer("POST", "/x", json={"error": {"code": 499, "message": "Token Required"}}, times=2)
    with pytest.raises(SignInRefused, match="499"):
        await client(exchange).ask(dict, "/x", {})


async def test_a_key_that_was_changed_in_its_file_is_read_again(tmp_path):
    (tmp_path / "key").write_text("old\n")
    exchange = Exchange()
    speaking = client(exchange, api_key="first", api_key_file=str(tmp_path / "key"))
    exchange.answer("POST", "/x", json={})
    await speaking.ask(dict, "/x", {})
    (tmp_path / "key").write_text("new\n")
    exchange.answer("POST", "/x", json={"error": {"code": 498, "message": "Invalid Token"}})
    exchange.answer("POST", "/x", json={})
    await speaking.ask(dict, "/x", {})
    assert [form(each)["token"] for each in exchange.requests] == ["old", "old", "new"]


@pytest.mark.parametrize(
    ("ahead", "expires", "lasts"),
    [(timedelta(0), 60, 59), (timedelta(hours=5), 60, 59), (timedelta(0), 10, 9), (timedelta(0), 9999, 59)],
)
async def test_the_life_of_a_token_is_reckoned_by_the_clock_of_whoever_gave_it(ahead, expires, lasts):
    exchange, theirs = Exchange(), NOW + ahead
    said = {"token": "t", "expires": int((theirs + timedelta(minutes=expires)).timestamp() * 1000)}
    headers = {"date": theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    exchange.answer("POST", "/tokens", json=said, headers=headers, times=2)
    access = access_of(settings(username="ana", token_url="https://sig.example/tokens"))
    async with exchange.client() as http:
        for minutes in (0, lasts - 0.1, lasts + 0.1):
            await access.token(http, NOW + timedelta(minutes=minutes))
    assert len(exchange.requests) == 2


async def test_a_layer_is_found_by_its_name_and_a_wrong_name_waits_for_the_operator():
    exchange = Exchange()
    service = {"layers": [{"id": 3, "name": "Trous"}], "tables": [{"id": 4, "name": "Notes"}]}
    exchange.answer("POST", PATH, json=service, times=3)
    speaking = client(exchange)
    assert [await numbered(speaking, SERVICE, to) for to in ("7", "Trous", "Notes")] == [7, 3, 4]
    with pytest.raises(Later, match=r"no layer 'Trou', only Trous \(3\), Notes \(4\)"):
        await numbered(speaking, SERVICE, "Trou")


async def test_a_server_too_old_to_tell_of_many_is_asked_for_the_files_of_each():
    exchange = Exchange()
    layer = Layer(number=0, name="a", url=f"{SERVICE}/0", fields={}, object_id="OID", has_attachments=True)
    invalid = {"error": {"code": 400, "message": "Invalid URL", "details": []}}
    exchange.answer("POST", f"{PATH}/0/queryAttachments", json=invalid)
    exchange.answer("POST", f"{PATH}/0/1/attachments", json={"attachmentInfos": [{"id": 5, "name": "a.jpg"}]})
    exchange.answer("POST", f"{PATH}/0/2/attachments", json={"error": {"code": 404, "message": "Feature not found"}})
    found = await attachments_of(client(exchange), layer, [1, 2])
    assert {number: [file.id for file in files] for number, files in found.items()} == {1: [5], 2: []}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"features_url": "sig.example"}, "no address of the web"),
        ({"username": "ana", "api_key": "k"}, "username and api_key are given"),
        ({"mappings": [{"to": "0", "columns": {"A": "state"}}]}, "no column for 'reference'"),
        ({"without_point": "somewhere"}, "Invalid enum value"),
    ],
)
def test_settings_that_cannot_be_are_named(wrong, words):
    with pytest.raises((ValueError, msgspec.ValidationError), match=words):
        msgspec.convert(wrong, Settings)
