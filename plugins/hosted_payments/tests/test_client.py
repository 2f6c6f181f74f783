"""The provider's protocol, spoken to a scripted network and to the stand-in."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from parvis_hosted_payments.provider import HostedPayments
from parvis_hosted_payments.settings import Settings
from parvis_sdk.errors import Foreign, Later, Refused
from parvis_sdk.payments import Begun, Order, Refund
from parvis_sdk.testing import Exchange

SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
ORDER = Order(
    key="019281aa-0000-7000-8000-000000000001",
    town="parvis",
    amount=34_399,
    description="Permis, 7K3M-9QXT-4",
    reference="7K3M-9QXT-4",
    language="fr",
    return_url="https://town.example/retour",
    call_url="https://town.example/calls",
)
SESSION = {
    "id": "cs_1",
    "client_reference": ORDER.key,
    "status": "open",
    "amount": 34_399,
    "currency": "cad",
    "changed": 1_790_000_000,
    "url": "https://pay.example/pay/cs_1",
    "unknown_to_us": True,
}


@pytest.fixture
def hosted():
    return HostedPayments(Settings(base_url="https://pay.example/", secret_key="sk_test", call_secret=SECRET))


async def test_an_order_goes_out_under_our_key(hosted):
    exchange = Exchange()
    exchange.answer("POST", "/v1/sessions", status=201, json=SESSION)
    async with exchange.client() as http:
        assert await hosted.begin(ORDER, http) == Begun(id="cs_1", url="https://pay.example/pay/cs_1")
    (sent,) = exchange.requests
    assert sent.headers["idempotency-key"] == ORDER.key
    assert sent.headers["authorization"] == "Bearer sk_test"
    assert b'"amount":34399' in sent.content.replace(b" ", b"")


async def test_the_payment_of_somebody_else_is_never_opened_for_our_order(hosted):
    exchange = Exchange()
    exchange.answer("POST", "/v1/sessions", json=SESSION | {"client_reference": "somebody-else"})
    async with exchange.client() as http:
        with pytest.raises(Foreign, match=f"other than {ORDER.key}: cs_1 · somebody-else"):
            await hosted.begin(ORDER, http)


async def test_of_several_payments_that_it_answers_ours_is_taken_or_none(hosted):
    exchange, other = Exchange(), SESSION | {"client_reference": "somebody-else", "id": "cs_0"}
    exchange.answer("GET", "/v1/sessions", json={"data": [other, SESSION]})
    exchange.answer("GET", "/v1/sessions", json={"data": [other]})
    async with exchange.client() as http:
        assert (await hosted.look_up(ORDER.key, "parvis", http)).id == "cs_1"
        assert await hosted.look_up(ORDER.key, "parvis", http) is None


async def test_a_refund_that_it_says_to_have_made_of_another_payment_is_not_ours(hosted):
    wanted = Refund(key="r-1", payment=ORDER.key, id="cs_1", town="parvis", amount=100)
    for wrong in ({"id": "cs_2"}, {"client_reference": "somebody-else"}):
        exchange = Exchange()
        exchange.answer("POST", "/v1/refunds", json=SESSION | {"status": "paid"} | wrong)
        async with exchange.client() as http:
            with pytest.raises(Foreign):
                await hosted.refund(wanted, http)


async def test_a_payment_of_another_amount_under_our_key_is_refused(hosted):
    exchange = Exchange()
    exchange.answer("POST", "/v1/sessions", json=SESSION | {"amount": 100})
    async with exchange.client() as http:
        with pytest.raises(Refused, match="another amount"):
            await hosted.begin(ORDER, http)


@pytest.mark.parametrize(
    ("answer", "error", "why"),
    [
        ({"status": 503, "headers": {"retry-after": "7"}}, Later, "wait"),
        ({"status": 429}, Later, "wait"),
        ({"status": 401}, Later, "key"),
        ({"status": 422, "json": {"error": {"message": "amount too small"}}}, Refused, "amount too small"),
        ({"status": 400, "text": "<html>"}, Refused, "without a reason"),
        ({"status": 302}, Refused, "302"),
        ({"status": 200, "text": "not json"}, Later, "cannot be read"),
        ({"error": httpx.ConnectError("no route")}, Later, "no route"),
        ({"error": httpx.ReadTimeout("")}, Later, "in time"),
    ],
)
async def test_every_answer_says_whose_turn_it_is(hosted, answer, error, why):
    exchange = Exchange()
    exchange.answer("POST", "/v1/sessions", **answer)
    async with exchange.client() as http:
        with pytest.raises(error, match=why) as raised:
            await hosted.begin(ORDER, http)
    assert "sk_test" not in str(raised.value)


async def test_without_an_account_it_waits_for_one():
    async with Exchange().client() as http:
        with pytest.raises(Later, match="no account"):
            await HostedPayments(Settings()).look_up(ORDER.key, "parvis", http)


async def test_lists_are_read_to_their_end(hosted):
    exchange = Exchange()
    for number, following in ((1, "1"), (2, "")):
        session = SESSION | {"id": f"cs_{number}", "status": "paid"}
        exchange.answer("GET", "/v1/sessions", json={"data": [session], "next": following})
    now = datetime(2026, 9, 14, tzinfo=UTC)
    async with exchange.client() as http:
        found = await hosted.listed("parvis", now - timedelta(days=1), now, http)
    assert [report.id for report in found] == ["cs_1", "cs_2"]
    assert [report.state for report in found] == ["paid", "paid"]


@pytest.fixture
def stand_in(tmp_path):
    """The stand-in as a process of its own, and how to start it again on what it wrote down."""
    started = []
    keys = {"PARVIS_HOSTED_PAYMENTS_SECRET_KEY": "sk_test", "PARVIS_HOSTED_PAYMENTS_CALL_SECRET": SECRET}
    command = [sys.executable, "-m", "parvis_hosted_payments.stand_in.command"]

    def start():
        arguments = ["--port", "0", "--file", str(tmp_path / "sessions.json")]
        process = subprocess.Popen([*command, *arguments], env=os.environ | keys, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process.stdout.readline().strip()

    def kill():
        started[-1].kill()
        started[-1].wait()
        started[-1].stdout.close()

    yield start, kill
    if started[-1].poll() is None:
        started[-1].terminate()
        assert started[-1].wait(10) == 0
        started[-1].stdout.close()


async def test_the_stand_in_keeps_the_protocol_and_remembers_when_it_is_killed(stand_in):
    start, kill = stand_in
    async with httpx.AsyncClient() as http:
        hosted = at(start())
        begun = await hosted.begin(ORDER, http)
        assert await hosted.begin(ORDER, http) == begun
        assert "343,99" in (await http.get(begun.url)).text
        assert (await http.post(begun.url, data={"do": "paid", "calls": "lost"})).headers[
            "location"
        ] == ORDER.return_url
        kill()
        hosted = at(start())
        report = await hosted.look_up(ORDER.key, "parvis", http)
        assert (report.state, report.amount, report.currency) == ("paid", 34_399, "CAD")
        assert await hosted.look_up("unknown", "parvis", http) is None
        refund = Refund(key="r1", payment=ORDER.key, id=report.id, town="parvis", amount=399)
        for _ in range(2):
            assert (await hosted.refund(refund, http)).refunded == 399
        with pytest.raises(Refused, match="so much"):
            await hosted.refund(Refund(key="r2", payment="", id=report.id, town="parvis", amount=34_001), http)
        (listed,) = await hosted.listed(
            "parvis", datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC), http
        )
        assert listed.refunded == 399


def at(address):
    return HostedPayments(Settings(base_url=address, secret_key="sk_test", call_secret=SECRET))
