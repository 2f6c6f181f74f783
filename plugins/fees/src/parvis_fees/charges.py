"""Fees of a request: charged when a move makes them due, by the tariff of the day, and kept with their calculation."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.changing import Situation, Write
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis.requests.parts.part_kinds import EffectContext, Effects, about
from parvis.requests.records import Record, as_json
from parvis_fees.paid_before import SettledCharge, left_of
from parvis_fees.tables import Charge as ChargeRow
from parvis_fees.tables import Payment as PaymentRow
from parvis_fees.town_tariffs import TARIFFS
from parvis_sdk.amounts import money_shown
from parvis_sdk.charging import Calculation, backwards, calculate, kept_in_cents, looks_at
from parvis_sdk.days import day_text
from parvis_sdk.fees import Fee
from parvis_sdk.fields import LARGEST_DECLARED
from parvis_sdk.measuring import PLACE
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.tariffs import Tariff, in_force
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ChargeState = Literal["due", "pending", "paid", "failed", "waived", "refunded", "replaced"]
OWED = ("due", "pending", "failed")
PAID_BEFORE = "paid_before"  # in the entry of a move: of each fee whether what was paid before is the whole of it
PAID_BEFORE_WORDS = {
    "whole": Text(
        fr="{title}\u00a0: déjà réglé pour ce dossier, rien de plus n’est à payer.",
        en="{title}: settled for this file already, nothing more is to be paid.",
    ),
    "in_part": Text(
        fr="{title}\u00a0: réglé en partie pour ce dossier, seule la différence est à payer.",
        en="{title}: settled in part for this file, only the difference is to be paid.",
    ),
}
"""Why a fee that falls due again is not charged, or not whole. Amounts are for those who may see them: not here."""
CANNOT = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: le tarif dépend de questions que cette demande ne pose pas\u00a0: {codes}.",
    en="“{fee}”: the tariff depends on questions that this request does not ask: {codes}.",
)
BACKWARDS = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: «\u00a0{last}\u00a0» précède «\u00a0{first}\u00a0». Corrigez ces dates d’abord.",
    en="“{fee}”: “{last}” comes before “{first}”. Correct these dates first.",
)
TOO_MUCH = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: le montant calculé dépasse {limit}. Corrigez les quantités d’abord.",
    en="“{fee}”: the amount comes to more than {limit}. Correct the quantities first.",
)
NO_TARIFF = Text(
    fr="«\u00a0{fee}\u00a0»\u00a0: aucun tarif n’est en vigueur le {day}.",
    en="“{fee}”: no tariff is in force on {day}.",
)

FORMER = Text(fr="Frais d’un autre type de demande", en="Fee of another type of request")


class Charge(Struct, frozen=True, kw_only=True):
    """What one fee of one request came to, how it was calculated, and how it stands."""

    id: UUID
    request: UUID
    fee: str
    number: int
    state: ChargeState
    amount: int
    currency: str
    calculation: Calculation
    tariff: Tariff
    reason: str
    refund_due: int
    refunded: int
    made_at: datetime
    changed_at: datetime
    settled_at: datetime | None

    @property
    def is_owed(self) -> bool:
        """Whether money is still to come."""
        return self.state in OWED


JSON = {"calculation": Calculation, "tariff": Tariff}


def charge_of(row: Mapping[str, Any]) -> Charge:
    """The struct of one row."""
    values = {name: row[name] for name in Charge.__struct_fields__}
    return Charge(**values | {name: msgspec.json.decode(values[name], type=kind) for name, kind in JSON.items()})


async def charges_of(request: UUID) -> tuple[Charge, ...]:
    """Every charge of a request, oldest first; those that another one replaced as well."""
    rows = await ChargeRow.select().where(ChargeRow.request == request).order_by(ChargeRow.number)
    return tuple(charge_of(row) for row in rows)


def latest(charges: tuple[Charge, ...]) -> dict[str, Charge]:
    """The charge that stands for each fee, by its code."""
    return {charge.fee: charge for charge in charges if charge.state != "replaced"}


def fee_of(request_type: RequestType, charge: Charge) -> Fee:
    """The fee of a charge as it is declared; of a request that was of another type before, one that says no more."""
    declared = request_type.part(Fee, charge.fee)
    return declared or Fee(code=charge.fee, title=FORMER, tariffs=())


def is_declared(request_type: RequestType, charge: Charge) -> bool:
    """Whether requests of this type have such a fee."""
    return any(fee.code == charge.fee for fee in request_type.of(Fee))


def tariff_for(town: Jurisdiction, request_type: RequestType, fee: Fee, *, submitted: date, due: date) -> Tariff | None:
    """The tariff in force on the day that counts: the town's own where it has one."""
    ours = TARIFFS.of(town).get((request_type.code, fee.code))
    day = day_that_counts(town, request_type, fee, submitted=submitted, due=due)
    return in_force(ours.tariffs if ours else fee.tariffs, day)


def day_that_counts(town: Jurisdiction, request_type: RequestType, fee: Fee, *, submitted: date, due: date) -> date:
    """The day of submission or that of falling due, as the town says, or the author."""
    ours = TARIFFS.of(town).get((request_type.code, fee.code))
    dated = (ours.dated if ours else None) or fee.dated
    return submitted if dated == "submitted" else due


def as_measured(answers: Mapping[str, Any], place: Place | None) -> dict[str, Any]:
    """The answers with the place of the request among them, as tariffs look at them."""
    return {PLACE: place.as_answer() if place else {}, **answers}


async def bring(bringing: EffectContext, fee: Fee, word: str) -> Effects | Denied:
    """Plan what becomes of the charges when a fee falls due, is let off, or is to be given back."""
    charges = await charges_of(bringing.here.record.id)
    stands = latest(charges).get(fee.code)
    match word:
        case "due":
            return _due(bringing, fee, charges, stands)
        case "waived":
            return _waived(bringing, fee, stands)
    return _refund_due(bringing, fee, charges, stands)


def _due(bringing: EffectContext, fee: Fee, charges: tuple[Charge, ...], standing: Charge | None) -> Effects | Denied:
    here = bringing.here
    submitted, due = (local_day(here.town.calendar, at) for at in (here.record.submitted_at, here.at))
    tariff = tariff_for(here.town, here.request_type, fee, submitted=submitted, due=due)
    if tariff is None:
        day = day_that_counts(here.town, here.request_type, fee, submitted=submitted, due=due)
        return Denied(code="not_possible", reason=NO_TARIFF.format(fee=fee.title, day=day_text(day)))
    fields = bringing.fields
    unasked = set(looks_at(tariff)) - fields.keys() - {PLACE}
    if unasked:
        codes = ", ".join(sorted(unasked))
        return Denied(code="not_possible", reason=CANNOT.format(fee=fee.title, codes=codes))
    answers = as_measured(bringing.answers, here.record.place)
    if wrong := backwards(tariff, answers):
        labels = [fields[code].label for code in wrong]
        asked = {"first": labels[0], "last": labels[-1]}
        return Denied(code="not_possible", reason=BACKWARDS.format(fee=fee.title, **asked))
    calculation = calculate(tariff, answers, kept_in_cents(fields.values()))
    if calculation.total > LARGEST_DECLARED:  # quantities that are each possible, multiplied
        limit = money_shown(LARGEST_DECLARED)
        return Denied(code="not_possible", reason=TOO_MUCH.format(fee=fee.title, limit=limit))
    owed = standing if standing is not None and standing.is_owed else None
    settled = _settled(fee, charges)
    if settled:
        calculation = left_of(calculation, settled)
        if calculation.total <= 0:
            return _nothing_more(here, fee, owed)
    if owed is not None and owed.calculation.total == calculation.total:
        return Effects()
    write = partial(_charge, here, fee, len(charges) + 1, tariff, calculation, owed)
    word = "due" if calculation.total else "paid"
    body = {PAID_BEFORE: {fee.code: "in_part"}} if settled else {}
    return Effects(writes=(write,), facts=about(fee, word, {"amount": money_shown(calculation.total)}), body=body)


def _settled(fee: Fee, charges: tuple[Charge, ...]) -> tuple[SettledCharge, ...]:
    """What was paid or let off of a fee that is paid once, without what went back of it or is to."""
    return tuple(
        SettledCharge(calculation=each.calculation, given_back=max(each.refunded + each.refund_due, 0))
        for each in charges
        if fee.once and each.fee == fee.code and each.amount and each.state in ("paid", "waived")
    )


def _nothing_more(here: Situation, fee: Fee, owed: Charge | None) -> Effects:
    """Nothing is charged: the charge that was settled stands, with the deposit that it may hold."""
    gone = (partial(change_charge, owed.id, here.at, {ChargeRow.state: "replaced"}),) if owed is not None else ()
    return Effects(
        writes=gone,
        facts=about(fee, "paid", {"amount": money_shown(0)}),
        body={PAID_BEFORE: {fee.code: "whole"}},
    )


def _waived(bringing: EffectContext, fee: Fee, standing: Charge | None) -> Effects:
    """What is still owed is let off; the step that does so is the reason."""
    here = bringing.here
    if standing is None or not standing.is_owed:
        return Effects()
    step = here.request_type.workflow.transition(bringing.move) if bringing.move else None
    why = step.title if step is not None else fee.title
    values: Row = {
        ChargeRow.state: "waived",
        ChargeRow.reason: why.to(here.record.language),
        ChargeRow.settled_at: here.at,
    }
    write = partial(change_charge, standing.id, here.at, values)
    return Effects(writes=(write,), facts=about(fee, "waived", {"amount": money_shown(standing.amount), "reason": why}))


async def _charge(
    here: Situation, fee: Fee, number: int, tariff: Tariff, calculation: Calculation, replaced: Charge | None
) -> None:
    if replaced is not None:
        await change_charge(replaced.id, here.at, {ChargeRow.state: "replaced"})
    row = {
        "id": new_id(),
        "request": here.record.id,
        "jurisdiction": here.record.jurisdiction,
        "fee": fee.code,
        "number": number,
        "state": "due" if calculation.total else "paid",
        "amount": calculation.total,
        "currency": "CAD",
        "calculation": as_json(calculation),
        "tariff": as_json(tariff),
        "reason": "",
        "refund_due": 0,
        "refunded": 0,
        "made_at": here.at,
        "changed_at": here.at,
        "settled_at": None if calculation.total else here.at,
    }
    await insert_values(ChargeRow, row)


def _refund_due(bringing: EffectContext, fee: Fee, charges: tuple[Charge, ...], standing: Charge | None) -> Effects:
    of_fee = [each for each in charges if each.fee == fee.code] if fee.once else [standing] if standing else []
    paid = [each for each in of_fee if each.state == "paid"]
    own = {each.id: each.calculation.deposit if fee.refund == "deposit" else each.amount for each in paid}
    left = sum(own.values())
    asked = bringing.given.get(fee.refund_asked)
    if fee.refund_asked and isinstance(asked, int):
        left, own = asked, {each.id: each.amount for each in paid}
    wanted, writes = 0, list[Write]()
    for each in reversed(paid):  # what was paid last goes back first
        back = min(left - wanted, own[each.id], each.amount - each.refunded)
        if back > 0:
            wanted += back
            writes.append(partial(change_charge, each.id, bringing.here.at, {ChargeRow.refund_due: back}))
    if not writes:
        return Effects()
    return Effects(writes=tuple(writes), facts=about(fee, "refund_due", {"amount": money_shown(wanted)}))


async def change_charge(id: UUID, at: datetime, values: Row) -> None:
    """Inside a transaction: new values for columns of a charge."""
    await ChargeRow.update({**values, ChargeRow.changed_at: at}).where(ChargeRow.id == id)


async def standing(record: Record, request_type: RequestType) -> frozenset[str]:
    """Facts of the charges that stand; what was waived needs no payment any more, and counts as paid."""
    facts: set[str] = set()
    for code, charge in latest(await charges_of(record.id)).items():
        words: dict[ChargeState, tuple[str, ...]] = {"pending": ("due",), "failed": ("due", "failed")}
        said = words.get(charge.state, (charge.state,))
        said += ("paid",) if charge.state == "waived" else ()
        said += ("refund_due",) if charge.refund_due else ()
        facts.update(f"{Fee.part}.{code}.{word}" for word in said)
    return frozenset(facts)


async def forget(request: UUID) -> None:
    """The answers looked at go, and the numbers of cheques; amounts stay, for the town must account for them."""
    await PaymentRow.update({PaymentRow.note: ""}).where(PaymentRow.request == request)
    for charge in await charges_of(request):
        kept = msgspec.structs.replace(charge.calculation, looked_at={})
        await ChargeRow.update({ChargeRow.calculation: as_json(kept), ChargeRow.reason: ""}).where(
            ChargeRow.id == charge.id
        )


def _paid_before(request_type: RequestType, entry: Entry) -> Iterator[Text]:
    """Of each fee that fell due again, what is not charged because it was paid before."""
    titles = {fee.code: fee.title for fee in request_type.of(Fee)}
    for code, how in entry.body.get(PAID_BEFORE, {}).items():
        if code in titles:
            yield PAID_BEFORE_WORDS[how].format(title=titles[code])


WORDS = EntryWords(
    titles={
        "refunded": Text(fr="Paiement en trop remboursé", en="Surplus payment refunded"),
        "unpaid": Text(fr="Paiement en ligne sans suite", en="Online payment came to nothing"),
    },
    lines=_paid_before,
)
