"""Money given back by hand or by the provider: both books say the same of it, whatever comes first or not at all."""

import re
from datetime import timedelta

import httpx
import pytest

from parvis import clock
from parvis.requests.parts.payments import payments_of
from parvis.requests.paying import Links, look, pay_online
from parvis.requests.payments import give_back
from parvis.requests.reconciling import compare, mend
from parvis.requests.records import Record
from parvis.requests.refunding import refund_online

from ..requests.permit_with_fee import ANA, ANSWERS, owing  # isort: skip

LINKS = Links(back="http://town.example/retour/{payment}", calls="http://town.example/calls")
TOTAL = 6000


@pytest.fixture
def town(here):
    return here.heart.territory.jurisdiction("parvis")


async def to_pay(here, reference):
    """Where a charge is paid, on the provider's pages."""
    charge, town = await here.charge(reference), here.heart.territory.jurisdiction("parvis")
    return await pay_online(here.heart, town, reference, charge.id, language="fr", links=LINKS)


async def press(url, what="paid"):
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": what, "calls": "lost"})


async def paid(here):
    """A request that was paid online, and its payment."""
    reference = await owing(here, ANSWERS, at=clock.now())
    sent = await to_pay(here, reference)
    await press(sent.url)
    (payment,) = await payments_of((await here.record(reference)).id)
    await look(here.heart, here.heart.territory.jurisdiction("parvis"), payment)
    assert (await here.charge(reference)).state == "paid"
    return reference, payment


async def differences(here, town, **around):
    """What differs of the days around now."""
    now = clock.now()
    compared = await compare(here.heart, town, now - timedelta(days=1), now + timedelta(days=1))
    return [(each.kind, each.ours, each.theirs) for each in compared.differences]


async def test_cash_given_back_for_an_online_payment_is_nothing_to_the_provider(here, town):
    reference, payment = await paid(here)
    charge = await here.charge(reference)
    back = await give_back(here.heart, reference, charge.id, 4000, way="cash", actor=ANA)
    assert isinstance(back, Record)
    assert await differences(here, town) == []
    assert not await mend(here.heart, town, str(payment.id))
    # The rest goes back online, and the provider tells of it before it answers.
    here.provider.away = 1
    await refund_online(here.heart, town, reference, charge.id, 2000, actor=ANA)
    *_, refund = await payments_of(back.id)
    (session,) = here.provider.ledger.find("sk_test")
    here.provider.ledger.refund("sk_test", str(refund.id), {"session": session.id, "amount": 2000})
    assert await mend(here.heart, town, str(payment.id))
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
    await give_back(here.heart, reference, (await here.charge(reference)).id, 4000, way="cash", actor=ANA)
    clerk = await here.agent()
    receipt = await clerk.get(f"/bureau/requete/{reference}/recus/{payment.id}")
    assert re.search(r"Remboursé.{0,80}40,00\s\$", receipt.text, re.S), receipt.text
