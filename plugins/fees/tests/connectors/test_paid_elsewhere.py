"""A fee that is paid through an invoice of another system is paid here, once; what does not fit is told to the desk."""

import pytest

from parvis.requests.history import entries_of
from parvis_connectors.unmatched_updates import take
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.payments import payments_of
from parvis_sdk.subscriptions import Outcome, PaidThere
from parvis_sdk.text import Text

from ..permit import ANA, ANSWERS, PERMIT, TOTAL, charge_of, facts_of, owing


@pytest.fixture
async def owed(make_town, connector):
    """A town with an invoicing system, a request whose fee is due, what the system was told of it, and the charge."""
    told = []

    async def invoice(event, request, connection):
        told.append(request.charges)
        return Outcome(external_reference="INV-1")

    town = make_town(connector(invoice, needs=("fees",)), types=(PERMIT,))
    reference = await owing(town, ANSWERS)
    await town.relay().drain()
    return town, reference, told, await charge_of(town, reference)


def paid(charge, key="paid-1", cents=TOTAL, number="PAY-7", **given):
    return {
        "key": key,
        "note": None,
        "external_reference": "INV-1",
        "paid": PaidThere(charge=str(charge.id), cents=cents, number=number, **given),
    }


async def last_note(town, reference):
    entry = (await entries_of(await town.record(reference)))[-1]
    return entry.personal["note"]["en"] if entry.kind == "external" and entry.personal else ""


async def test_a_connector_that_needs_fees_is_told_the_charge_line_by_line(owed):
    _, _, told, charge = owed
    (owing_there,) = told[-1]
    assert (owing_there.id, owing_there.state, owing_there.cents) == (str(charge.id), "due", TOTAL)
    assert sum(item.cents for item in owing_there.items) == TOTAL
    assert owing_there.title == Text(fr=owing_there.title.fr, en=owing_there.title.en)


async def test_a_payment_there_pays_the_charge_here_once(owed, news):
    town, reference, _, charge = owed
    assert await take(town.host, town.connector(), news(**paid(charge))) == "taken"
    assert await take(town.host, town.connector(), news(**paid(charge))) == "repeated"
    assert await take(town.host, town.connector(), news(**paid(charge, key="told again"))) == "taken"
    assert (await charge_of(town, reference)).state == "paid"
    assert "fee.permit.paid" in await facts_of(town, reference)
    [payment] = await payments_of(charge.request)
    assert (payment.way, payment.provider, payment.external_id) == ("invoice", "orders", "PAY-7")
    assert payment.receipt
    assert (await town.record(reference)).state == "issued"  # what waited for the money goes on


async def test_one_payment_there_never_pays_two_requests_here(owed, news):
    town, _, _, charge = owed
    other = await owing(town, ANSWERS)
    theirs = await charge_of(town, other)
    await take(town.host, town.connector(), news(**paid(charge)))
    strange = news(**{**paid(theirs, key="paid-2"), "reference": other, "external_reference": ""})
    assert await take(town.host, town.connector(), strange) == "taken"
    assert (await charge_of(town, other)).state == "due"
    assert (await last_note(town, other)).endswith(
        "(no. PAY-7) that is already recorded for another request. Nothing is recorded as paid."
    )


async def test_another_amount_pays_nothing_and_is_told(owed, news):
    town, reference, _, charge = owed
    await take(town.host, town.connector(), news(**paid(charge, cents=TOTAL - 1)))
    assert (await charge_of(town, reference)).state == "due"
    assert "The fee is still to be paid" in await last_note(town, reference)


async def test_another_currency_pays_nothing(owed, news):
    town, reference, _, charge = owed
    await take(town.host, town.connector(), news(**paid(charge, currency="USD")))
    assert (await charge_of(town, reference)).state == "due"


async def test_what_was_paid_at_the_counter_meanwhile_is_to_be_refunded_there(owed, news):
    town, reference, _, charge = owed
    await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA)
    await take(town.host, town.connector(), news(**paid(charge)))
    assert "nothing is owed" in await last_note(town, reference)
    assert [payment.way for payment in await payments_of(charge.request)] == ["cash"]


@pytest.mark.parametrize("unknown", ["", "no id", "01a2151328b87282bdeeb107282bc7a6", "💥"])
async def test_a_charge_that_does_not_exist_is_told(owed, news, unknown):
    town, reference, _, _ = owed
    about = PaidThere(charge=unknown, cents=TOTAL, number="PAY-7")
    update = news("1", note=None, external_reference="INV-1", paid=about)
    assert await take(town.host, town.connector(), update) == "taken"
    assert "unknown fee" in await last_note(town, reference)
