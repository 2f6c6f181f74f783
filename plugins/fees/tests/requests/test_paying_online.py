"""Paying on a provider's pages: whatever is repeated, late, forged, lost or killed, a charge is paid once.

The provider is the stand-in of the plugin, a server that is spoken to over HTTP.
"""

import dataclasses
import threading
from datetime import timedelta
from types import ModuleType
from uuid import UUID

import httpx
import msgspec
import pytest

from parvis import clock
from parvis.http_client import client
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_fees import paying
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.paying import Away, Links, PaidAlready, PaymentRedirect, come_back, pay_online
from parvis_fees.payments import payments_of
from parvis_fees.providers import PaymentCircuits, PaymentClient
from parvis_fees.reconciling import compare, look_due, mend
from parvis_fees.refunding import refund_online, refund_surplus
from parvis_fees.settling import settle
from parvis_fees.town_tariffs import PAYMENT, Payment
from parvis_sdk.errors import Refused
from parvis_sdk.fees import Fee
from parvis_sdk.hooks import hookimpl
from parvis_sdk.payments import Begun, Report, SignedCall
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_testing.modules import standing_in

from ..permit import ANA, ANSWERS, PERMIT, TABLE, TOTAL, charge_of, owing

provider_of = pytest.importorskip("parvis_hosted_payments.provider")
from parvis_hosted_payments.settings import Settings  # noqa: E402
from parvis_hosted_payments.stand_in.server import StandIn  # noqa: E402

LINKS = Links(back="http://town.example/retour/{payment}", calls="http://town.example/calls")
FEE = msgspec.structs.replace(PERMIT.of(Fee)[0], tariffs=(TABLE,))
ALWAYS = msgspec.structs.replace(PERMIT, parts=(FEE,))
SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"


class Provider:
    """The stand-in, its payer, and what it has sent to the town."""

    def __init__(self, server):
        self.server = server
        self.sent = []
        server.caller.send = self._catch

    def _catch(self, url, body, headers):
        self.sent.append(SignedCall(town="parvis", headers=headers, body=body, at=clock.now()))
        return 200

    async def press(self, url, what, calls="at_once"):
        async with httpx.AsyncClient() as payer:
            answer = await payer.post(url, data={"do": what, "calls": calls})
        assert answer.status_code == 303
        return answer.headers["location"]

    def behave(self, **wanted):
        for name, value in wanted.items():
            setattr(self.server, name, value)

    @property
    def sessions(self):
        return self.server.ledger.find("sk_test")


@pytest.fixture
def provider():
    server = StandIn(0, ("sk_test",), SECRET, now=lambda: clock.now().timestamp())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield Provider(server)
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
async def town(town, town_plugin, provider):
    """A town that is paid online."""
    module = ModuleType("a_town_plugin_with_fees")
    address = provider.server.address
    hosted = provider_of.HostedPayments(Settings(base_url=address, secret_key="sk_test", call_secret=SECRET))

    @hookimpl
    def request_types():
        return [ALWAYS]

    @hookimpl
    def payments():
        return [hosted]

    module.request_types, module.payments = request_types, payments
    module.subscriptions = town_plugin.plugin.subscriptions
    plugins = load_plugins([DiscoveredPlugin.of("town", module)])
    assert not plugins.troubles, plugins.troubles
    here = PAYMENT.put(town.host.jurisdictions.by_code["parvis"], Payment(provider="hosted_payments"))
    jurisdictions = msgspec.structs.replace(town.host.jurisdictions, by_code={"parvis": here})
    host = dataclasses.replace(
        town.host.without(Declarations, *standing_in(town.host), PaymentCircuits).having(PaymentClient(client)),
        plugins=plugins,
        jurisdictions=jurisdictions,
    )
    return dataclasses.replace(town, host=host, counter=RequestService(host))


@pytest.fixture
async def owed(town):
    """A request with a fee that is due."""
    return await owing(town, ANSWERS, at=clock.now())


def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def pay(town, reference):
    charge = await charge_of(town, reference)
    return await pay_online(town.host, here(town), reference, charge.id, language="fr", links=LINKS)


async def take(town, call):
    """What the host does with a call that came in; how each report was settled."""
    hosted = town.host.plugins.payments["hosted_payments"]
    return [await settle(town.host, here(town), "hosted_payments", report) for report in await hosted.understand(call)]


async def states(town, reference):
    record = await town.record(reference)
    payments = [each.state for each in await payments_of(record.id)]
    return (await charge_of(town, reference)).state, payments, record.state


async def why(town, reference):
    """What the desk reads beside the last payment, in French and in English."""
    *_, last = await payments_of((await town.record(reference)).id)
    return [last.trouble.to(language) for language in ("fr", "en")]


async def test_the_call_comes_before_the_payer_is_back(town, owed, provider):
    sent = await pay(town, owed)
    assert isinstance(sent, PaymentRedirect)
    assert await states(town, owed) == ("pending", ["open"], "approved")
    back = await provider.press(sent.url, "paid")
    assert back == f"http://town.example/retour/{sent.payment}"
    assert await take(town, provider.sent[0]) == ["settled"]
    assert await states(town, owed) == ("paid", ["paid"], "issued")
    record = await town.record(owed)
    assert await come_back(town.host, here(town), record, sent.payment) == "paid"
    assert [entry.kind for entry in await entries_of(record)].count("happened") == 1


async def test_the_payer_is_back_before_the_call_which_then_says_nothing_new(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid", calls="held")
    record = await town.record(owed)
    assert await come_back(town.host, here(town), record, sent.payment) == "paid"
    provider.server.caller.make(provider.server.caller.calls[0])
    assert await take(town, provider.sent[0]) == ["nothing_new"]
    assert await states(town, owed) == ("paid", ["paid"], "issued")


async def test_a_call_that_comes_twice_pays_once(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid", calls="twice")
    assert [await take(town, call) for call in provider.sent] == [["settled"], ["nothing_new"]]
    record = await town.record(owed)
    assert [entry.kind for entry in await entries_of(record)].count("happened") == 1
    assert await broken_at(record) is None


async def test_a_call_that_is_lost_is_found_by_asking(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid", calls="lost")
    assert await look_due(town.host) == 0
    with clock.moved_to(clock.now() + timedelta(minutes=3)):
        assert await look_due(town.host) == 1
        assert await look_due(town.host) == 0
    assert await states(town, owed) == ("paid", ["paid"], "issued")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"forged": True}, "none of ours"),
        ({"aged": 301}, "too long ago"),
        ({"aged": -301}, "not yet"),
    ],
)
async def test_a_forged_or_an_old_call_is_not_believed(town, owed, provider, how, why):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid", calls="held")
    provider.server.caller.make(provider.server.caller.calls[0], **how)
    with pytest.raises(Refused, match=why):
        await take(town, provider.sent[0])
    assert await states(town, owed) == ("pending", ["open"], "approved")


async def test_a_body_changed_on_its_way_is_not_believed(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "declined")
    call = provider.sent[0]
    changed = msgspec.structs.replace(call, body=call.body.replace(b"declined", b"paid"))
    with pytest.raises(Refused, match="none of ours"):
        await take(town, changed)


@pytest.mark.parametrize("changed", [{"amount": 100}, {"amount": TOTAL + 1}, {"currency": "usd"}])
async def test_another_amount_or_currency_pays_nothing_and_is_shown_to_the_operator(town, owed, provider, changed):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid", calls="held")
    provider.server.caller.make(provider.server.caller.calls[0], changed=changed)
    assert await take(town, provider.sent[0]) == ["settled"]
    assert await states(town, owed) == ("pending", ["wrong"], "approved")
    assert all(" ≠ " in words for words in await why(town, owed))
    record = await town.record(owed)
    assert (await entries_of(record))[-1].kind == "note"
    assert await take(town, provider.sent[0]) == ["nothing_new"]


@pytest.fixture
async def somebody_elses(town, provider):
    """The payment of another request, which waits for its payer."""
    other = await owing(town, ANSWERS, at=clock.now())
    sent = await pay(town, other)
    [theirs] = await payments_of((await town.record(other)).id)
    return other, sent, theirs


def answering(monkeypatch, town, **methods):
    """The provider of the town answers these calls as somebody who mixes payments up."""
    hosted = town.host.plugins.payments["hosted_payments"]
    for name, answer in methods.items():

        async def mixed_up(*_, answer=answer):
            return answer

        monkeypatch.setattr(type(hosted), name, lambda self, *_, mixed_up=mixed_up: mixed_up())


async def test_nobody_is_sent_to_pay_the_payment_of_somebody_else(town, owed, somebody_elses, monkeypatch):
    other, sent, theirs = somebody_elses
    answering(monkeypatch, town, begin=Begun(id=theirs.external_id, url=sent.url))
    assert isinstance(await pay(town, owed), Away)
    assert await states(town, owed) == ("due", ["wrong"], "approved")
    assert await why(town, owed) == [
        "le prestataire répond au sujet d’un autre paiement",
        "the provider answered about another payment",
    ]
    assert await states(town, other) == ("pending", ["open"], "approved")


@pytest.mark.parametrize("key_of", ["ours", "theirs"])
async def test_a_payment_that_somebody_else_made_pays_nothing_of_ours(
    town, owed, provider, somebody_elses, monkeypatch, key_of
):
    other, _, theirs = somebody_elses
    sent = await pay(town, owed)
    key = str(sent.payment) if key_of == "ours" else str(theirs.id)
    money = {"amount": TOTAL, "currency": "CAD", "at": clock.now()}
    answering(monkeypatch, town, look_up=Report(key=key, id=theirs.external_id, state="paid", **money))
    standing = await come_back(town.host, here(town), await town.record(owed), sent.payment)
    assert standing == "waiting"
    assert (await charge_of(town, owed)).state == "pending"
    assert await states(town, other) == ("pending", ["open"], "approved")


async def test_a_refund_of_somebody_elses_payment_is_noted_as_none_of_ours(town, owed, provider, monkeypatch):
    await paid_online(town, owed, provider)
    charge = await charge_of(town, owed)
    money = {"amount": TOTAL, "currency": "CAD", "at": clock.now(), "refunded": 5000}
    answering(monkeypatch, town, refund=Report(key="somebody", id="cs_else", state="paid", **money))
    await refund_online(town.host, here(town), owed, charge.id, 5000, actor=ANA)
    assert (await charge_of(town, owed)).refunded == 0
    assert (await why(town, owed))[1].startswith("When asked to refund $50.00")
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert await look_due(town.host) == 0
        compared = await compare(town.host, here(town), clock.now() - timedelta(days=1), clock.now())
    assert [each.kind for each in compared.differences] == ["stuck"]


async def test_reports_out_of_order_end_as_the_payer_did(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "declined", calls="held")
    await provider.press(sent.url, "paid", calls="held")
    for number in (1, 0):
        provider.server.caller.make(provider.server.caller.calls[number])
    assert [await take(town, call) for call in provider.sent] == [["settled"], ["nothing_new"]]
    assert await states(town, owed) == ("paid", ["paid"], "issued")


async def test_a_refused_card_is_told_and_the_next_one_pays(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "declined")
    assert await take(town, provider.sent[0]) == ["settled"]
    assert await states(town, owed) == ("failed", ["failed"], "approved")
    assert await why(town, owed) == ["le paiement a été refusé", "the payment was declined"]
    again = await pay(town, owed)
    assert again.payment != sent.payment
    await provider.press(again.url, "paid")
    await take(town, provider.sent[1])
    assert await states(town, owed) == ("paid", ["failed", "paid"], "issued")


async def test_who_changes_their_mind_owes_what_they_owed(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "cancelled", calls="lost")
    record = await town.record(owed)
    assert await come_back(town.host, here(town), record, sent.payment) == "failed"
    assert await states(town, owed) == ("due", ["failed"], "approved")
    assert await why(town, owed) == ["le paiement a été annulé", "the payment was cancelled"]


async def test_a_second_press_goes_to_the_same_payment(town, owed, provider):
    first, second = await pay(town, owed), await pay(town, owed)
    assert first == second
    assert len(provider.sessions) == 1


async def test_a_crash_after_the_payment_was_opened_opens_no_second_one(town, owed, provider, monkeypatch):
    async def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(paying, "_opened", killed)
        with pytest.raises(KeyboardInterrupt):
            await pay(town, owed)
    assert await states(town, owed) == ("due", ["begun"], "approved")
    again = await pay(town, owed)
    assert isinstance(again, PaymentRedirect)
    assert len(provider.sessions) == 1
    await provider.press(again.url, "paid")
    await take(town, provider.sent[0])
    assert isinstance(await pay(town, owed), Denied)
    assert await states(town, owed) == ("paid", ["paid"], "issued")


async def test_a_crash_after_the_money_moved_charges_once_and_loses_nothing(town, owed, provider, monkeypatch):
    """Killed before it was written that the person was sent, then paid, then everything lost but our key."""

    async def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(paying, "_opened", killed)
        with pytest.raises(KeyboardInterrupt):
            await pay(town, owed)
    (session,) = provider.sessions
    await provider.press(f"{provider.server.address}/pay/{session.id}", "paid", calls="lost")
    assert isinstance(await pay(town, owed), PaidAlready)
    assert await states(town, owed) == ("paid", ["paid"], "issued")
    assert len(provider.sessions) == 1


async def test_an_answer_that_never_comes_opens_no_second_payment(town, owed, provider):
    provider.behave(hang_up=True)
    assert isinstance(await pay(town, owed), Away)
    assert isinstance(await pay(town, owed), PaymentRedirect)
    assert len(provider.sessions) == 1


async def test_a_provider_that_is_away_is_left_alone_and_the_charge_stays_due(town, owed, provider):
    provider.behave(away=100)
    for _ in range(4):
        assert isinstance(await pay(town, owed), Away)
    assert provider.server.away == 97  # after three failures it is not even asked
    assert (await charge_of(town, owed)).state == "due"


async def test_cash_and_card_at_once_pay_once_and_the_surplus_goes_back(town, owed, provider):
    sent = await pay(town, owed)
    charge = await charge_of(town, owed)
    await take_at_counter(town.host, owed, charge.id, way="cash", actor=ANA)
    await provider.press(sent.url, "paid")
    assert await take(town, provider.sent[0]) == ["settled"]
    record = await town.record(owed)
    online, cash = await payments_of(record.id)
    assert (cash.way, cash.surplus, online.surplus, online.state) == ("cash", False, True, "paid")
    assert [entry.body.get("facts") for entry in await entries_of(record)].count(["fee.permit.paid"]) == 1
    assert isinstance(await refund_surplus(town.host, here(town), online, actor=ANA), Record)
    assert isinstance(await refund_surplus(town.host, here(town), online, actor=ANA), Denied)
    assert provider.sessions[0].amount_refunded == TOTAL
    assert (await charge_of(town, owed)).refunded == 0


async def test_two_presses_at_the_same_moment_open_one_payment(town, owed, provider):
    from asyncio import gather

    first, second = await gather(pay(town, owed), pay(town, owed))
    assert isinstance(first, PaymentRedirect)
    assert first == second
    assert len(provider.sessions) == 1


async def paid_online(town, reference, provider):
    sent = await pay(town, reference)
    await provider.press(sent.url, "paid")
    await take(town, provider.sent[-1])
    return sent.payment


async def test_a_refund_goes_through_the_provider_once(town, owed, provider):
    await paid_online(town, owed, provider)
    charge = await charge_of(town, owed)
    assert isinstance(await refund_online(town.host, here(town), owed, charge.id, 5000, actor=ANA), Record)
    charge = await charge_of(town, owed)
    assert (charge.state, charge.refunded) == ("paid", 5000)
    # The provider tells of it as well.
    assert await take(town, provider.sent[-1]) == ["nothing_new"]
    rest = await refund_online(town.host, here(town), owed, charge.id, TOTAL - 5000, actor=ANA)
    assert isinstance(rest, Record)
    assert (await charge_of(town, owed)).state == "refunded"
    assert isinstance(await refund_online(town.host, here(town), owed, charge.id, 1, actor=ANA), Denied)


async def test_a_refund_that_meets_no_answer_is_asked_for_again_under_the_same_key(town, owed, provider):
    await paid_online(town, owed, provider)
    charge = await charge_of(town, owed)
    provider.behave(away=1)
    await refund_online(town.host, here(town), owed, charge.id, 5000, actor=ANA)
    assert (await charge_of(town, owed)).refunded == 0
    assert isinstance(await refund_online(town.host, here(town), owed, charge.id, 5000, actor=ANA), Denied)
    with clock.moved_to(clock.now() + timedelta(minutes=3)):
        assert await look_due(town.host) == 1
    assert (await charge_of(town, owed)).refunded == 5000
    assert provider.sessions[0].amount_refunded == 5000


async def test_why_a_refund_was_refused_is_said_in_both_languages(town, owed, provider, monkeypatch):
    await paid_online(town, owed, provider)
    charge = await charge_of(town, owed)

    async def refuse(self, refund, http):
        raise Refused(Text(fr="la période est close", en="the period is closed"))

    monkeypatch.setattr(type(town.host.plugins.payments["hosted_payments"]), "refund", refuse)
    denied = await refund_online(town.host, here(town), owed, charge.id, 5000, actor=ANA)
    assert isinstance(denied, Denied)
    assert denied.reason.fr.endswith("de 50,00\u00a0$\u00a0: la période est close")
    assert denied.reason.en.endswith("of $50.00: the period is closed")
    assert await why(town, owed) == ["la période est close", "the period is closed"]


async def test_reconciliation_finds_what_differs_and_mends_it(town, owed, provider):
    now = clock.now()
    whole_day = (now - timedelta(hours=12), now + timedelta(hours=12))
    await paid_online(town, owed, provider)
    lost = await owing(town, ANSWERS, at=now)
    sent = await pay(town, lost)
    await provider.press(sent.url, "paid", calls="lost")
    # Somebody was paid at the provider under a key that we never gave out.
    provider.server.ledger.open("sk_test", "k", strange_order())
    provider.server.ledger.become(provider.sessions[-1].id, "paid")
    compared = await compare(town.host, here(town), *whole_day)
    assert {(each.kind, each.reference) for each in compared.differences} == {("missed", lost), ("unknown", "")}
    assert (compared.ours, compared.theirs, compared.paid) == (2, 3, TOTAL)
    (missed,) = (each for each in compared.differences if each.can_be_mended)
    assert await mend(town.host, here(town), missed.key)
    assert await states(town, lost) == ("paid", ["paid"], "issued")
    after = await compare(town.host, here(town), *whole_day)
    assert [each.kind for each in after.differences] == ["unknown"]


def strange_order():
    return {
        "client_reference": "somebody-else",
        "amount": 4200,
        "currency": "cad",
        "return_url": "http://town.example",
        "callback_url": "",
    }


async def test_money_given_back_on_the_providers_pages_is_found(town, owed, provider):
    await paid_online(town, owed, provider)
    provider.server.ledger.refund("sk_test", "by hand", {"session": provider.sessions[0].id, "amount": 700})
    now = clock.now()
    compared = await compare(town.host, here(town), now - timedelta(hours=1), now + timedelta(hours=1))
    (difference,) = compared.differences
    assert (difference.kind, difference.ours, difference.theirs) == ("refunded", 0, 700)
    assert await mend(town.host, here(town), difference.key)
    assert (await charge_of(town, owed)).refunded == 700


async def test_what_changed_at_the_provider_long_after_is_found_in_the_period_of_the_change(town, owed, provider):
    now = clock.now()
    payment = await paid_online(town, owed, provider)
    with clock.moved_to(now + timedelta(days=30)):
        provider.server.ledger.refund("sk_test", "by hand", {"session": provider.sessions[0].id, "amount": 700})
        then = await compare(town.host, here(town), now - timedelta(days=1), now + timedelta(days=1))
        assert (then.ours, then.paid, then.differences) == (1, TOTAL, ())
        later = await compare(town.host, here(town), now + timedelta(days=29), now + timedelta(days=31))
        (difference,) = later.differences
        assert (difference.kind, difference.key, difference.reference) == ("refunded", str(payment), owed)
        assert (difference.ours, difference.theirs) == (0, 700)
        assert await mend(town.host, here(town), difference.key)
        for period in ((0, 2), (29, 31)):
            since, until = (now + timedelta(days=days - 1) for days in period)
            assert (await compare(town.host, here(town), since, until)).differences == ()


async def test_a_report_of_nothing_of_ours_changes_nothing(town, owed, provider):
    hosted = town.host.plugins.payments["hosted_payments"]
    await paid_online(town, owed, provider)
    (report,) = await hosted.understand(provider.sent[0])
    for key in ("somebody-else", str(UUID(int=7))):
        strange = msgspec.structs.replace(report, key=key)
        assert await settle(town.host, here(town), "hosted_payments", strange) == "unknown"
    assert await settle(town.host, here(town), "another", report) == "unknown"


async def test_the_word_given_to_one_town_pays_nothing_in_another(town, owed, provider):
    sent = await pay(town, owed)
    await provider.press(sent.url, "paid")
    (report,) = await town.host.plugins.payments["hosted_payments"].understand(provider.sent[0])
    elsewhere = msgspec.structs.replace(here(town), code="rivemont")
    assert await settle(town.host, elsewhere, "hosted_payments", report) == "unknown"
    assert await states(town, owed) == ("pending", ["open"], "approved")
