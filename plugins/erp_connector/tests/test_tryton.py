"""Corners of Tryton’s protocol: sessions, refusals with status 200, passwords that are wrong, answers that are none."""

import base64
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from msgspec import structs

from parvis_erp_connector.port import Order, Stale, Work
from parvis_erp_connector.settings import System
from parvis_erp_connector.tryton import Tryton
from parvis_erp_connector.tryton_door import Door
from parvis_sdk.connectors import UNLOGGED, Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.testing.desk import MORNING

SYSTEM = System(kind="tryton", address="https://erp.example/ville/", login="parvis", company="7")
RPC = "/ville/rpc/"
WORK = Work(to="project.work", key="name", columns={"name": "type_title"}, read="status", over=("Done",))
ORDER = Order(id="3", number="12", key="", state="Open", version="1.5", changed_at=MORNING)


@pytest.fixture
def secret():
    return ["asphalte"]


@pytest.fixture
async def erp(exchange, secret):
    async with exchange.client() as http:
        yield Tryton(Door(SYSTEM, lambda: secret[0]), Connection(http=http, now=MORNING))


def signed_in(exchange, session="s1"):
    exchange.answer("POST", RPC, json={"id": 1, "result": [5, session, None]})


def says(exchange, **said):
    exchange.answer("POST", RPC, json={"id": 1, **said})


def sent(exchange):
    return [msgspec.json.decode(each.content) for each in exchange.requests]


async def test_a_session_serves_many_calls_and_its_sign_in_is_not_logged(exchange, erp):
    signed_in(exchange)
    says(exchange, result={"company.rec_name": "Ville"})
    says(exchange, result={"company": 7})
    assert await erp.greet() == "Tryton · parvis · Ville"
    assert await erp.greet() == "Tryton · parvis · 7"
    login, first, second = exchange.requests
    assert UNLOGGED.items() <= login.extensions.items()
    assert first.headers["authorization"] == second.headers["authorization"]
    assert base64.b64decode(first.headers["authorization"].split()[1]) == b"parvis:5:s1"
    assert sent(exchange)[1]["params"][-1] == {"company": 7, "companies": [7], "language": "fr"}


async def test_a_session_that_ended_is_renewed_once(exchange, erp):
    signed_in(exchange)
    exchange.answer("POST", RPC, status=401)
    signed_in(exchange, "s2")
    says(exchange, result={"company": 7})
    assert "7" in await erp.greet()


async def test_a_session_that_is_refused_at_once_is_not_asked_for_without_end(exchange, erp):
    for session in ("s1", "s2"):
        signed_in(exchange, session)
        exchange.answer("POST", RPC, status=401)
    with pytest.raises(SignInRefused, match="has just opened"):
        await erp.greet()


async def test_a_wrong_password_is_left_alone_until_it_is_another_one(exchange, erp, secret):
    exchange.answer("POST", RPC, status=401)
    for minutes in (0, 10, 29):
        erp.lent = structs.replace(erp.lent, now=MORNING + timedelta(minutes=minutes))
        with pytest.raises(SignInRefused, match="does not recognize 'parvis' with this password") as caught:
            await erp.greet()
        assert caught.value.retry_after == timedelta(minutes=30 - minutes)
    assert len(exchange.requests) == 1
    secret[0] = "froid"
    signed_in(exchange)
    says(exchange, result={"company": 7})
    assert "7" in await erp.greet()


async def test_a_wrong_password_is_tried_again_after_half_an_hour(exchange, erp):
    exchange.answer("POST", RPC, status=401, times=2)
    for minutes in (0, 30):
        erp.lent = structs.replace(erp.lent, now=MORNING + timedelta(minutes=minutes))
        with pytest.raises(SignInRefused):
            await erp.greet()


async def test_whoever_is_locked_out_waits_although_nobody_says_how_long(exchange, erp):
    exchange.answer("POST", RPC, status=429)
    with pytest.raises(Later, match="sign-in") as caught:
        await erp.greet()
    assert caught.value.retry_after == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("error", "raised", "words"),
    [
        (["UserError", ["Le journal manque.", "", None]], Refused, "it says: Le journal manque."),
        (["UserWarning", ["name", "Date future", ""]], Refused, "asks a person to confirm: Date future"),
        (["'shoe_size'", ""], Refused, "does not recognize model.res.user.get_preferences: 'shoe_size'"),
        (["ConcurrencyException", "Records were modified in the meanwhile"], Stale, "^$"),
        (7, Later, "cannot be read"),
    ],
)
async def test_a_refusal_has_status_200(exchange, erp, error, raised, words):
    signed_in(exchange)
    says(exchange, error=error)
    with pytest.raises(raised, match=words):
        await erp.greet()


@pytest.mark.parametrize(
    ("answer", "raised", "words"),
    [
        ({"text": "<h1>Connexion</h1>"}, Later, "`address`"),
        ({"status": 403}, SignInRefused, "not open to our user"),
        ({"status": 422}, Refused, "HTTP 422"),
        ({"status": 429, "headers": {"retry-after": "7"}}, Later, "HTTP 429"),
        ({"status": 503}, Later, "HTTP 503"),
    ],
)
async def test_an_answer_that_is_none_is_said_in_words(exchange, erp, answer, raised, words):
    signed_in(exchange)
    exchange.answer("POST", RPC, **answer)
    with pytest.raises(raised, match=words):
        await erp.greet()


async def test_a_change_names_the_timestamp_it_was_made_from_and_values_as_the_model_has_them(exchange, erp):
    kinds = {
        "cost": {"type": "numeric"},
        "hours": {"type": "float"},
        "day": {"type": "date"},
        "urgent": {"type": "boolean"},
        "status": {"type": "many2one", "relation": "project.work.status"},
        "parent": {"type": "many2one", "relation": "project.work"},
        "comment": {"type": "text"},
    }
    signed_in(exchange)
    says(exchange, result=kinds)
    says(exchange, result=[{"id": 9}])
    says(exchange, result=None)
    values = {"cost": Decimal("1.10"), "hours": "2", "day": "2026-06-15T09:00", "urgent": "true", "status": "Done"}
    await erp.change_order(WORK, ORDER, values | {"parent": "4", "comment": ""})
    ids, written, context = sent(exchange)[-1]["params"]
    assert (ids, context["_timestamp"]) == ([3], {"project.work,3": "1.5"})
    assert written == {
        "cost": {"__class__": "Decimal", "decimal": "1.10"},
        "hours": 2.0,
        "day": {"__class__": "date", "year": 2026, "month": 6, "day": 15},
        "urgent": True,
        "status": 9,
        "parent": 4,
        "comment": None,
    }


async def test_a_creation_that_is_refused_is_tried_again_but_not_for_ever(exchange, erp):
    signed_in(exchange)
    says(exchange, result={"name": {"type": "char"}, "status": {"type": "selection"}})
    for _ in range(3):
        says(exchange, error=["UserError", ["The number on work must be unique.", "", None]])
    with pytest.raises(Refused, match="must be unique"):
        await erp.make_order(WORK, {"name": "7K3M-9QXT-4 Trou"})


@pytest.mark.parametrize("result", [None, {}, 7, "x", [None], [{}], [[]]])
async def test_records_of_another_shape_are_for_later(exchange, erp, result):
    signed_in(exchange)
    says(exchange, result=result)
    with pytest.raises(Later, match="not a list of records"):
        await erp.invoices("aa")


@pytest.mark.parametrize("result", [None, {}, [], ["x"], [None]])
async def test_a_creation_without_a_number_is_for_later(exchange, erp, result):
    signed_in(exchange)
    says(exchange, result={"name": {"type": "char"}})
    says(exchange, result=result)
    with pytest.raises(Later, match="answer to a creation"):
        await erp.make_order(WORK, {"name": "7K3M-9QXT-4 Trou"})
