"""Money given back by hand or by the provider: both books say the same of it, whatever comes first or not at all."""

import re
from datetime import timedelta

import httpx
import pytest

from parvis import clock
from parvis.requests.amendments import amend
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.records import Record
from parvis_fees import reconciling
from parvis_fees.at_the_desk import give_back, take_at_counter
from parvis_fees.paying import Links, look, pay_online
from parvis_fees.payments import payments_of
from parvis_fees.reconciling import compare, look_due, mend
from parvis_fees.refunding import refund_online, refund_surplus

from ..permit import ANA, ANSWERS, owing

LINKS = Links(back="http://town.example/retour/{payment}", calls="http://town.example/calls")
TOTAL = 6000


@pytest.fixture
def town(here):
    return here.host.jurisdictions.jurisdiction("parvis")


async def to_pay(here, reference):
    """Where a charge is paid, on the provider's pages."""
    charge, town = await here.charge(reference), here.host.jurisdictions.jurisdiction("parvis")
    return await pay_online(here.host, town, reference, charge.id, language="fr", links=LINKS)


async def press(url, what="paid"):
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": what, "calls": "lost"})


async def paid(here):
    """A request that was paid online, and its payment."""
    reference = await owing(here, ANSWERS, at=clock.now())
    sent = await to_pay(here, reference)
    await press(sent.url)
    (payment,) = await payments_of((await here.record(reference)).id)
    await look(here.host, here.host.jurisdictions.jurisdiction("parvis"), payment)
    assert (await here.charge(reference)).state == "paid"
    return reference, payment


async def differences(here, town, **around):
    """What differs of the days around now."""
    now = clock.now()
    compared = await compare(here.host, town, now - timedelta(days=1), now + timedelta(days=1))
    return [(each.kind, each.ours, each.theirs) for each in compared.differences]


async def test_cash_given_back_for_an_online_payment_is_nothing_to_the_provider(here, town):
    reference, payment = await paid(here)
    charge = await here.charge(reference)
    back = await give_back(here.host, reference, charge.id, 4000, way="cash", actor=ANA)
    assert isinstance(back, Record)
    assert await differences(here, town) == []
    assert not await mend(here.host, town, str(payment.id))
    # The rest goes back online, and the provider tells of it before it answers.
    here.provider.away = 1
    await refund_online(here.host, town, reference, charge.id, 2000, actor=ANA)
    *_, refund = await payments_of(back.id)
    (session,) = here.provider.ledger.find("sk_test")
    here.provider.ledger.refund("sk_test", str(refund.id), {"session": session.id, "amount": 2000})
    assert await mend(here.host, town, str(payment.id))
    charge = await here.charge(reference)
    assert (charge.state, charge.refunded) == ("refunded", TOTAL)
    moved = [(each.kind, each.way, each.amount, each.state) for each in await payments_of(back.id)]
    assert moved == [
        ("payment", "online", TOTAL, "paid"),
        ("refund", "cash", 4000, "paid"),
        ("refund", "online", 2000, "paid"),
    ]


async def test_a_receipt_says_all_that_was_given_back_however_it_went(here):
    reference, payment = await paid(here)
    await give_back(here.host, reference, (await here.charge(reference)).id, 4000, way="cash", actor=ANA)
    clerk = await here.agent()
    receipt = await clerk.get(f"/bureau/requete/{reference}/recus/{payment.id}")
    assert re.search(r"Remboursé.{0,80}40,00\s\$", receipt.text, re.S), receipt.text


async def moved(here, reference):
    """All money of a request, and the charge, as they stand."""
    payments = await payments_of((await here.record(reference)).id)
    charge = await here.charge(reference)
    return [(each.kind, each.state, each.refunded) for each in payments], charge.state, charge.refunded


async def erased(here, reference):
    """Erase a request; what its history says at that moment."""
    await erase(here.host, reference, actor=ANA)
    return [entry.kind for entry in await entries_of(await here.record(reference))]


async def a_while_later(here):
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        return await look_due(here.host)


@pytest.mark.parametrize(
    ("away", "refund", "charge"), [(1, ("refund", "paid", 0), 2000), ("no", ("refund", "failed", 0), 0)]
)
async def test_a_refund_under_way_ends_though_the_request_is_erased(here, town, away, refund, charge):
    reference, _ = await paid(here)
    here.provider.away = 1
    await refund_online(here.host, town, reference, (await here.charge(reference)).id, 2000, actor=ANA)
    if away == "no":  # by now the provider gave everything back, and refuses to give more
        (session,) = here.provider.ledger.find("sk_test")
        here.provider.ledger.refund("sk_test", "by hand", {"session": session.id, "amount": TOTAL})
    history = await erased(here, reference)
    assert await a_while_later(here) == 1
    assert await moved(here, reference) == ([("payment", "paid", charge), refund], "paid", charge)
    assert await a_while_later(here) == 0
    record = await here.record(reference)
    assert [entry.kind for entry in await entries_of(record)] == history
    assert await broken_at(record) is None


async def test_money_that_comes_and_goes_after_erasure_is_written_down_and_told_to_nobody(here, town):
    reference = await owing(here, ANSWERS, at=clock.now())
    sent = await to_pay(here, reference)
    history = await erased(here, reference)
    await press(sent.url)
    assert await a_while_later(here) == 1
    (payment,) = await payments_of((await here.record(reference)).id)
    assert (payment.state, payment.surplus) == ("paid", True)
    assert await differences(here, town) == [("surplus", TOTAL, TOTAL)]
    assert isinstance(await refund_surplus(here.host, town, payment, actor=ANA), Record)
    assert (await moved(here, reference))[0] == [("payment", "paid", TOTAL), ("refund", "paid", 0)]
    assert await differences(here, town) == []
    assert [entry.kind for entry in await entries_of(await here.record(reference))] == history


async def test_what_the_provider_gave_back_after_erasure_is_written_down(here, town):
    reference, payment = await paid(here)
    await erased(here, reference)
    (session,) = here.provider.ledger.find("sk_test")
    here.provider.ledger.refund("sk_test", "by hand", {"session": session.id, "amount": 700})
    assert await mend(here.host, town, str(payment.id))
    assert await moved(here, reference) == ([("payment", "paid", 700), ("refund", "paid", 0)], "paid", 700)


async def test_nobody_asks_for_ever_after_a_payment_of_an_erased_request_that_came_to_nothing(here):
    reference = await owing(here, ANSWERS, at=clock.now())
    sent = await to_pay(here, reference)
    await erased(here, reference)
    await press(sent.url, "cancelled")
    assert await a_while_later(here) == 1
    (payment,) = await payments_of((await here.record(reference)).id)
    assert (payment.state, payment.look_at) == ("failed", None)


async def test_one_payment_that_cannot_be_asked_after_does_not_hold_up_the_others(here, monkeypatch):
    for _ in range(2):
        await to_pay(here, await owing(here, ANSWERS, at=clock.now()))
    asked = []

    async def breaking(host, town, payment):
        asked.append(payment.id)
        raise RuntimeError(payment.id)

    monkeypatch.setattr(reconciling, "look", breaking)
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await look_due(here.host)
        assert await look_due(here.host) == 0
    assert len(set(asked)) == 2


async def test_a_surplus_goes_back_though_the_request_is_of_another_type_by_now(here, town):
    reference = await owing(here, ANSWERS, at=clock.now())
    sent = await to_pay(here, reference)
    await take_at_counter(here.host, reference, (await here.charge(reference)).id, way="cash", actor=ANA)
    days = {"first": "2027-05-01", "last": "2027-05-02"}
    assert isinstance(await amend(here.host, reference, type="terrace", answers=days, actor=ANA), Record)
    await press(sent.url)
    await a_while_later(here)
    online, _ = await payments_of((await here.record(reference)).id)
    assert online.surplus
    assert isinstance(await refund_surplus(here.host, town, online, actor=ANA), Record)
    assert (await moved(here, reference))[0] == [
        ("payment", "paid", TOTAL),
        ("payment", "paid", 0),
        ("refund", "paid", 0),
    ]
    assert (await entries_of(await here.record(reference)))[-1].kind == "refunded"
