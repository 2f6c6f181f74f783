"""Fees of a request: charged by the tariff of the day, paid over the counter, waived, refunded, kept as calculated."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from parvis import clock
from parvis.requests.amendments import amend
from parvis.requests.changing import Conflict
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_fees.at_the_desk import give_back, take_at_counter, waive
from parvis_fees.charges import charges_of
from parvis_fees.payments import payments_of
from parvis_fees.town_tariffs import TARIFFS, TownFee
from parvis_my_requests.archive import as_data, gather
from parvis_sdk.charging import calculate
from parvis_sdk.fees import Fee
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_sdk.workflow import Denied

from ..permit import (
    ANA,
    ANSWERS,
    LATER,
    MONDAY,
    PERMIT,
    TABLE,
    TOTAL,
    charge_of,
    facts_of,
    owing,
    said,
)


@pytest.fixture
async def approved(town_of):
    """A town with a request whose fee fell due on a Monday, and its reference."""
    town = town_of(PERMIT)
    return town, await owing(town, ANSWERS)


async def test_a_move_makes_a_fee_due_by_the_tariff_of_the_day(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    assert (charge.state, charge.amount, charge.currency) == ("due", TOTAL, "CAD")
    assert [(item.code, item.cents) for item in charge.calculation.items] == [
        ("study", 5000),
        ("works", 2500),
        ("signs", 6000),
        ("gst", 300),
        ("qst", 599),
        ("deposit", 20000),
    ]
    assert charge.calculation.items[2].how.fr == "3\u00a0enseignes × 20,00\u00a0$"
    assert await facts_of(town, reference) == {"fee.permit.due"}


async def test_a_charge_is_reproduced_from_what_it_keeps(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    again = calculate(charge.tariff, charge.calculation.looked_at, ("value",))
    assert again == charge.calculation
    assert charge.calculation.basis == said("Règlement 1234")


async def test_money_over_the_counter_pays_once_and_the_workflow_follows(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    became = await take_at_counter(town.host, reference, charge.id, way="cheque", note="0042", actor=ANA)
    assert isinstance(became, Record)
    assert became.state == "issued"
    again = await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA)
    assert isinstance(again, Denied)
    (payment,) = await payments_of(became.id)
    assert (payment.way, payment.note, payment.by_name, payment.receipt) == (
        "cheque",
        "0042",
        "Ana Tremblay",
        f"{reference}/1",
    )
    assert [entry.kind for entry in await entries_of(became)][-2:] == ["happened", "moved"]
    assert await broken_at(became) is None
    assert await facts_of(town, reference) == {"fee.permit.paid"}


async def test_two_people_at_the_desk_take_one_payment(approved):
    town, reference = approved
    charge, record = await charge_of(town, reference), await town.record(reference)
    first = await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA, expected=record.version)
    second = await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA, expected=record.version)
    assert isinstance(first, Record)
    assert isinstance(second, Conflict)
    assert len(await payments_of(record.id)) == 1


async def test_a_waived_fee_counts_as_paid_and_says_why(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    became = await waive(town.host, reference, charge.id, "Sinistre du 3 septembre", actor=ANA)
    assert isinstance(became, Record)
    assert became.state == "issued"
    assert await facts_of(town, reference) == {"fee.permit.waived", "fee.permit.paid"}
    lines = await story(town.host, became, HOLDER, "en")
    assert ("Permit: waived", "Sinistre du 3 septembre") in [(line.title, line.words) for line in lines]
    assert (await charge_of(town, reference)).reason == "Sinistre du 3 septembre"


async def test_a_fee_of_nothing_is_paid_at_once(town_of):
    nothing = msgspec.structs.replace(TABLE, lines=TABLE.lines[:3])
    free = msgspec.structs.replace(
        PERMIT, parts=(Fee(code="permit", title=said("Permis", "Permit"), tariffs=(nothing,)),)
    )
    town = town_of(free)
    reference = await owing(town, ANSWERS | {"charity": "yes"})
    record = await town.record(reference)
    assert record.state == "issued"
    assert (await charge_of(town, reference)).state == "paid"
    assert await payments_of(record.id) == ()


async def test_a_deposit_falls_due_again_and_is_given_back(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA)
    await make_move(town.host, reference, "finish", {}, actor=ANA, mover="agent")
    assert "fee.permit.refund_due" in await facts_of(town, reference)
    assert (await charge_of(town, reference)).refund_due == 20_000
    too_much = await give_back(town.host, reference, charge.id, TOTAL + 1, way="cheque", actor=ANA)
    assert isinstance(too_much, Denied)
    became = await give_back(town.host, reference, charge.id, 20_000, way="cheque", note="77", actor=ANA)
    assert isinstance(became, Record)
    charge = await charge_of(town, reference)
    assert (charge.state, charge.refunded, charge.refund_due) == ("paid", 20_000, 0)
    assert [(each.kind, each.amount) for each in await payments_of(became.id)] == [
        ("payment", TOTAL),
        ("refund", 20_000),
    ]


@pytest.mark.parametrize(("dated", "amount"), [("submitted", TOTAL), ("due", 6000)])
async def test_the_day_that_counts_is_declared(town_of, dated, amount):
    fee = Fee(code="permit", title=said("Permis", "Permit"), tariffs=(TABLE, LATER), dated=dated)
    town = town_of(msgspec.structs.replace(PERMIT, parts=(fee,)))
    with clock.moved_to(MONDAY):
        reference = (await town.submit("sign", answers=ANSWERS)).reference
    # Four hours before October begins in the town, it has begun by Greenwich.
    with clock.moved_to(datetime(2026, 10, 1, 4, tzinfo=UTC)):
        await make_move(town.host, reference, "approve", {}, actor=ANA, mover="agent")
    assert (await charge_of(town, reference)).amount == amount


async def test_a_town_charges_by_its_own_tariff(town_of):
    town = town_of(PERMIT)
    own = Tariff(since=date(2020, 1, 1), lines=(Fixed(code="flat", title=said("Forfait"), amount=Decimal("12.34")),))
    here = town.host.jurisdictions.by_code["parvis"]
    changed = TARIFFS.put(here, {("sign", "permit"): TownFee(tariffs=(own,))})
    jurisdictions = msgspec.structs.replace(town.host.jurisdictions, by_code={"parvis": changed})
    town = dataclasses.replace(town, host=dataclasses.replace(town.host, jurisdictions=jurisdictions))
    reference = await owing(town, ANSWERS)
    assert (await charge_of(town, reference)).amount == 1234


async def test_a_move_that_has_no_tariff_is_refused_and_says_so(town_of):
    town = town_of(PERMIT)
    with clock.moved_to(datetime(2025, 6, 1, tzinfo=UTC)):
        reference = (await town.submit("sign", answers=ANSWERS)).reference
        denied = await make_move(town.host, reference, "approve", {}, actor=ANA, mover="agent")
    assert isinstance(denied, Denied)
    assert denied.reason.fr.endswith("aucun tarif n’est en vigueur le 31 mai 2025.")
    assert denied.reason.en.endswith("no tariff is in force on May 31, 2025.")
    assert (await town.record(reference)).state == "received"


async def test_quantities_that_make_a_fee_no_column_can_hold_are_refused_in_words_and_charge_nothing(town_of):
    town = town_of(PERMIT)
    with clock.moved_to(MONDAY):
        reference = (await town.submit("sign", answers=ANSWERS | {"signs": 10**12})).reference
        denied = await make_move(town.host, reference, "approve", {}, actor=ANA, mover="agent")
    assert isinstance(denied, Denied)
    assert "dépasse 9\u00a0999\u00a0999\u00a0999\u00a0999,99\u00a0$" in denied.reason.fr
    assert "comes to more than $9,999,999,999,999.99" in denied.reason.en
    assert await charges_of((await town.record(reference)).id) == ()


async def test_erasure_keeps_the_amounts_and_forgets_what_was_looked_at_and_by_which_cheque(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    await take_at_counter(town.host, reference, charge.id, way="cheque", note="0042", actor=ANA)
    await erase(town.host, reference, actor=ANA)
    charge = await charge_of(town, reference)
    assert charge.amount == TOTAL
    assert charge.calculation.looked_at == {}
    (payment,) = await payments_of(charge.request)
    assert (payment.amount, payment.way, payment.note) == (TOTAL, "cheque", "")


async def test_the_archive_of_a_person_says_what_they_paid_for_line_by_line(approved):
    town, reference = approved
    charge = await charge_of(town, reference)
    await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA)
    here = town.host.jurisdictions.jurisdiction("parvis")
    archive = await gather(town.host, here, "zoe@exemple.ca", "en")
    (request,) = msgspec.json.decode(as_data(archive))["requests"]
    (told,) = request["charges"]
    assert (told["state"], told["amount"]) == ("paid", TOTAL)
    assert {"title": "Works", "how": "$10,000 at $2.50 per $1,000", "amount": 2500} in told["items"]


@pytest.fixture
async def paid_once(town_of):
    """A town whose permit is paid once by a file, with a request that was paid."""
    fee = msgspec.structs.replace(PERMIT.of(Fee)[0], once=True)
    town = town_of(msgspec.structs.replace(PERMIT, parts=(fee,)))
    reference = await owing(town, ANSWERS)
    await paying(town, reference)
    return town, reference


async def paying(town, reference):
    charge = await charge_of(town, reference)
    assert isinstance(await take_at_counter(town.host, reference, charge.id, way="cash", actor=ANA), Record)


async def reckoned(town, reference, **answers):
    """The answers corrected, and what the fee comes to calculated again."""
    await amend(town.host, reference, answers=ANSWERS | answers, actor=ANA)
    became = await make_move(town.host, reference, "reckon", {}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    return became


async def test_a_fee_that_is_paid_once_asks_for_the_difference_item_by_item(paid_once):
    town, reference = paid_once
    record = await reckoned(town, reference, signs=5, value="20 000")
    assert record.state == "approved"
    charge = await charge_of(town, reference)
    assert [(item.code, item.cents) for item in charge.calculation.items] == [
        ("works", 2500),
        ("signs", 4000),
        ("gst", 200),
        ("qst", 399),
    ]
    assert charge.calculation.items[1].how.fr == "100,00\u00a0$ − 60,00\u00a0$ déjà payés"
    assert (charge.state, charge.amount, charge.calculation.deposit) == ("due", 7099, 0)
    await paying(town, reference)
    assert (await town.record(reference)).state == "issued"
    lines = await story(town.host, await town.record(reference), HOLDER, "en")
    said_of_it = [line.words for line in lines if "partly paid" in line.words]
    assert said_of_it == ["Permit: partly paid for this file. Only the difference is owed."]
    # What the amounts are is for those who may see amounts, and the story for everybody of the town.
    noted = [entry.body["paid_before"] for entry in await entries_of(record) if "paid_before" in entry.body]
    assert noted == [{"permit": "in_part"}]


async def test_a_fee_that_was_paid_and_has_become_lower_asks_for_nothing_and_takes_back_what_it_asked(paid_once):
    town, reference = paid_once
    await reckoned(town, reference, signs=5)
    assert (await reckoned(town, reference, signs=1)).state == "issued"
    charges = await charges_of((await town.record(reference)).id)
    assert [(each.state, each.amount) for each in charges] == [("paid", TOTAL), ("replaced", 4599)]
    assert await facts_of(town, reference) == {"fee.permit.paid"}


async def test_a_deposit_goes_back_from_the_charge_that_holds_it_and_is_asked_again_after_that(paid_once):
    town, reference = paid_once
    await reckoned(town, reference, signs=5)
    await paying(town, reference)
    await make_move(town.host, reference, "finish", {}, actor=ANA, mover="agent")
    first, second = await charges_of((await town.record(reference)).id)
    assert (first.refund_due, second.refund_due) == (20_000, 0)
    await give_back(town.host, reference, first.id, first.refund_due, way="cheque", actor=ANA)
    await make_move(town.host, reference, "again", {}, actor=ANA, mover="agent")
    again = await charge_of(town, reference)
    assert [(item.code, item.cents) for item in again.calculation.items] == [("deposit", 20_000)]


async def test_what_was_let_off_once_is_not_asked_again(town_of):
    fee = msgspec.structs.replace(PERMIT.of(Fee)[0], once=True)
    town = town_of(msgspec.structs.replace(PERMIT, parts=(fee,)))
    reference = await owing(town, ANSWERS)
    await waive(town.host, reference, (await charge_of(town, reference)).id, "Sinistre", actor=ANA)
    assert (await reckoned(town, reference)).state == "issued"
    assert (await charge_of(town, reference)).state == "waived"


async def test_a_fee_that_is_not_paid_once_is_charged_each_time_it_falls_due(approved):
    town, reference = approved
    await paying(town, reference)
    assert (await reckoned(town, reference)).state == "approved"
    assert [each.amount for each in await charges_of((await town.record(reference)).id)] == [TOTAL, TOTAL]


async def test_a_move_lets_off_what_is_owed_and_is_the_reason(approved):
    town, reference = approved
    await make_move(town.host, reference, "let_off", {}, actor=ANA, mover="agent")
    charge = await charge_of(town, reference)
    assert (charge.state, charge.reason) == ("waived", "Renoncer")
    assert "fee.permit.waived" in await facts_of(town, reference)
    again = await make_move(town.host, reference, "let_off", {}, actor=ANA, mover="agent")
    assert isinstance(again, Denied)
