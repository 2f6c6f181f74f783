"""Webhooks as a receiver sees them: signed by the standard, filtered, without what nobody needs, tried again."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator
from standardwebhooks import webhooks as judge
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Foreign, Later, Refused
from parvis_sdk.signatures import signature
from parvis_sdk.testing.connected import told_of
from parvis_sdk.testing.desk import MORNING
from parvis_webhooks import plugin
from parvis_webhooks.mapping import payload_of, ping_at
from parvis_webhooks.schema import schema
from parvis_webhooks.settings import EventName, Settings, secrets_in

from .conftest import KIND, NEWER, RAW, SECRET, settings_for

PATH = "/parvis"
COMMITTED = Path(__file__).parent.parent / "schema" / "payload-1.json"
EVERYTHING = ("contact", "personal", "attachments", "fees")


class Morning(datetime):
    """The clock of the judge, who believes nothing older than five minutes."""

    @classmethod
    def now(cls, tz=None):
        return MORNING


@pytest.fixture(autouse=True)
def judged_in_the_morning(monkeypatch):
    monkeypatch.setattr(judge, "datetime", Morning)


async def told(desk, exchange, **given):
    exchange.answer("POST", PATH, **given)
    return await desk.submit("sample", RAW)


def body_of(exchange):
    return json.loads(exchange.requests[-1].content)


async def test_the_library_of_the_standard_believes_it(at_desk, exchange):
    await told(at_desk(), exchange, status=204)
    (sent,) = exchange.requests
    believed = Webhook(SECRET).verify(sent.content, dict(sent.headers))
    assert believed["type"] == "request.submitted"
    assert sent.headers["webhook-id"] == believed["id"] == "event-1"
    with pytest.raises(WebhookVerificationError):
        Webhook(NEWER).verify(sent.content, dict(sent.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(sent.content.replace(b"rouge", b"verte"), dict(sent.headers))


def test_the_example_of_the_standard_is_signed_as_it_says():
    secret, body = secrets_in(SECRET)[0], b'{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_while_a_secret_is_changed_both_sign(at_desk, exchange):
    await told(at_desk(f"{NEWER} {SECRET}"), exchange)
    (sent,) = exchange.requests
    assert len(sent.headers["webhook-signature"].split(" ")) == 2
    for secret in (SECRET, NEWER):
        Webhook(secret).verify(sent.content, dict(sent.headers))


async def test_a_secret_in_a_file_is_changed_without_a_restart(at_desk, exchange, tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    desk = at_desk(secret_file=str(file))
    await told(desk, exchange)
    file.write_text(f"{NEWER}\n")
    await told(desk, exchange)
    Webhook(NEWER).verify(exchange.requests[1].content, dict(exchange.requests[1].headers))
    file.unlink()
    await desk.submit("sample", RAW)
    assert str(desk.played[-1].error) == "its secret cannot be read: No such file or directory"
    assert isinstance(desk.played[-1].error, Later)


async def test_nothing_of_a_person_goes_where_no_need_is_stated(at_desk, exchange):
    await told(at_desk(), exchange)
    words = exchange.requests[0].content.decode()
    assert not [each for each in ("Zoé", "zoe@", "Yvon", "cle=", "requester") if each in words]
    data = body_of(exchange)["data"]
    assert data["answers"] == {"colour": "rouge"}
    assert data["place"]["address"] == "12, rue Sainte"


async def test_what_is_needed_goes(at_desk, exchange):
    await told(at_desk(needs=("contact", "personal")), exchange)
    data = body_of(exchange)["data"]
    assert data["requester"] == {"mode": "named", "name": "Zoé Demanderesse", "email": "zoe@exemple.com"}
    assert data["answers"]["witness"] == "Yvon Témoin"


async def test_only_events_that_were_asked_for_go(at_desk, exchange):
    desk = at_desk(events=("moved",))
    case = await desk.submit("sample", RAW)
    exchange.answer("POST", PATH)
    await desk.move(case, "close")
    assert [body_of(exchange)["type"]] == ["request.moved"]
    assert body_of(exchange)["data"]["change"] == {"transition": "close", "source": "received", "target": "closed"}


def test_who_holds_personal_data_hears_of_its_end():
    def heard(**given):
        return {event.__name__ for event in plugin.connectors(settings_for(events=("moved",), **given))[0].events}

    assert heard() == {"Moved"}
    assert heard(needs=("contact",)) == {"Moved", "Erased"}


@pytest.mark.parametrize("needs", [(), EVERYTHING])
def test_every_event_of_the_sample_fits_the_schema(needs):
    every = EventName.__args__
    connector = plugin.connectors(settings_for(events=every, needs=needs))[0]
    validator = Draft202012Validator(strict(schema()), format_checker=Draft202012Validator.FORMAT_CHECKER)
    types = set()
    for _, event, request in told_of(connector, [KIND]):
        payload = msgspec.json.decode(msgspec.json.encode(payload_of(event, request, needs)))
        validator.validate(payload)
        types.add(payload["type"])
        assert payload["timestamp"] == payload["data"]["submitted_at"] == "2026-06-15T13:00:00Z"
    assert {f"request.{name}" for name in every if name not in ("happened", "let_in", "joined")} <= types
    validator.validate(msgspec.json.decode(msgspec.json.encode(ping_at(MORNING))))


def strict(part):
    """The schema with nothing allowed that it does not name, so that the test sees what it forgot."""
    if isinstance(part, list):
        return [strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "properties" in part and "additionalProperties" not in part else {}
    return {key: strict(each) for key, each in part.items()} | closed


def test_the_schema_beside_the_plugin_is_that_of_what_is_sent():
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (410, {}, Refused, None),
        (400, {}, Later, None),
        (302, {"location": "https://elsewhere.example"}, Later, None),
        (404, {"retry-after": "60"}, Later, timedelta(seconds=60)),
        (503, {"retry-after": "90"}, Later, timedelta(seconds=90)),
        (500, {}, Later, None),
    ],
)
async def test_what_is_not_taken_is_tried_again_and_what_is_gone_is_not(
    at_desk, exchange, status, headers, error, wait
):
    desk = at_desk()
    await told(desk, exchange, status=status, headers=headers)
    raised = desk.played[0].error
    assert type(raised) is error
    assert getattr(raised, "retry_after", None) == wait
    assert str(status) in str(raised)


@pytest.mark.parametrize(
    "answer",
    [
        {"headers": {"webhook-id": "event-of-somebody-else"}},
        {"json": {"reference": "2222-2222-2"}},
        {"json": {"data": {"reference": "2222-2222-2", "town": "essai"}}},
        {"json": {"reference": "2222-2222-2", "data": "ok"}},
        {"json": {"reference": None, "data": {"reference": "2222-2222-2"}}},
        {"json": [{"reference": "2222-2222-2"}]},
        {"text": '\ufeff{"reference": "2222-2222-2"}'},
    ],
)
async def test_thanks_for_somebody_elses_event_are_none_for_ours(at_desk, exchange, answer):
    desk = at_desk()
    await told(desk, exchange, **answer)
    assert type(desk.played[0].error) is Foreign


@pytest.mark.parametrize(
    "answer",
    [{"text": "ok"}, {"json": ["ok"]}, {"json": {"id": 7}}, {"json": {"reference": ""}}, {"text": "{"}],
)
async def test_whatever_else_an_endpoint_says_is_thanks(at_desk, exchange, answer):
    desk = at_desk()
    await told(desk, exchange, **answer)
    assert desk.played[0].error is None


async def test_the_same_event_is_sent_again_with_the_same_id(at_desk, exchange):
    desk = at_desk()
    case = await told(desk, exchange)
    exchange.answer("POST", PATH)
    connector = desk.connectors["webhook_observatory"]
    await desk._deliver(case, connector, desk.events[0])
    first, again = exchange.requests
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.content == again.content


async def test_a_trial_sends_a_signed_ping(exchange):
    (connector,) = plugin.connectors(settings_for())
    exchange.answer("POST", PATH, status=202, text="merci")
    async with exchange.client() as http:
        assert await connector.trial(Connection(http=http, now=MORNING)) == "HTTP 202 merci"
    sent = exchange.requests[0]
    ping = Webhook(SECRET).verify(sent.content, dict(sent.headers))
    assert (ping["type"], ping["version"], ping["data"]) == ("ping", "1", None)


async def test_a_check_says_whether_there_is_a_secret_and_an_answer(exchange, tmp_path):
    (connector,) = plugin.connectors(settings_for(secret_file=str(tmp_path / "none")))
    exchange.answer("HEAD", PATH, status=405)
    async with exchange.client() as http:
        settings, reachable = await connector.check(Connection(http=http, now=MORNING))
    assert (settings.ok, reachable.ok) == (False, True)
    assert "No such file" in settings.said.to("en")
    assert "405" in reachable.said.to("fr")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"url": "http://observatory.example"}, "no address of https"),
        ({"url": "https://observatory.example:84430"}, "no address of https"),
        ({"url": "https://key@observatory.example"}, "a secret does not belong into an address"),
        ({"secret": "secret"}, "a secret is `whsec_` and base64"),
        ({"secret": "whsec_c2hvcnQ="}, "at least 24 bytes"),
        ({"secret": ""}, "neither `secrets` nor `secret_file`"),
    ],
)
def test_wrong_settings_are_said(given, what):
    with pytest.raises(ValueError, match=what):
        settings_for(**given)


def test_two_endpoints_of_one_name_are_said():
    endpoint = settings_for().endpoints[0]
    with pytest.raises(ValueError, match="two endpoints are called 'observatory'"):
        Settings(endpoints=(endpoint, endpoint), secrets={"observatory": SECRET})


def test_two_endpoints_with_one_secret_are_said_without_it():
    """What one is told, it could tell the other as ours."""
    with pytest.raises(ValueError, match="observatory and other have one secret") as error:
        Settings(secrets={"observatory": SECRET, "other": f"{NEWER} {SECRET}"})
    assert SECRET not in str(error.value)


def test_no_secret_is_shown_in_what_is_wrong():
    with pytest.raises(ValueError, match="a secret is") as error:
        settings_for("whsec_hush")
    assert "hush" not in str(error.value)
