"""Fees of a request: charged when a move makes them due, by the tariff of the day, and kept with their calculation."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
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
from parvis_fees.tables import Charge as ChargeRow
from parvis_fees.tables import Payment as PaymentRow
from parvis_fees.town_tariffs import TARIFFS
from parvis_sdk.amounts import money_shown
from parvis_sdk.charging import Calculation
from parvis_sdk.fee_rules import (
    OWED,
    ChargeState,
    as_measured,
    comes_to,
    credited,
    fallen_due,
    latest,
    owed_of,
    refunds_due,
    words_of,
)
from parvis_sdk.fees import Fee
from parvis_sdk.request_types import RequestType
from parvis_sdk.tariffs import Tariff, in_force
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

PAID_BEFORE = "paid_before"  # in the entry of a move: of each fee whether what was paid before is the whole of it
PAID_BEFORE_WORDS = {
    "whole": Text(
        fr="{title}\u00a0: déjà payé pour ce dossier. Rien de plus n’est à payer.",
        en="{title}: already paid for this file. Nothing more is owed.",
    ),
    "in_part": Text(
        fr="{title}\u00a0: payé en partie pour ce dossier. Seule la différence est à payer.",
        en="{title}: partly paid for this file. Only the difference is owed.",
    ),
    "too_much": Text(
        fr="{title}\u00a0: déjà payé pour ce dossier, et moins élevé maintenant. La différence est à rembourser.",
        en="{title}: already paid for this file, and lower now. The difference is to be refunded.",
    ),
}
"""Why a fee that falls due again is not charged, or not whole. Amounts are for those who may see them: not here."""
FORMER = Text(fr="Frais d’un autre type de requête", en="Fee for another request type")


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


async def bring(bringing: EffectContext, fee: Fee, word: str) -> Effects | Denied:
    """Plan what becomes of the charges when a fee falls due, is let off, or is to be given back."""
    charges = await charges_of(bringing.here.record.id)
    stands = latest(charges).get(fee.code)
    match word:
        case "due":
            return _due(bringing, fee, charges)
        case "waived":
            return _waived(bringing, fee, stands)
    return _refund_due(bringing, fee, charges)


def _due(bringing: EffectContext, fee: Fee, charges: tuple[Charge, ...]) -> Effects | Denied:
    here = bringing.here
    submitted, due = (local_day(here.town.calendar, at) for at in (here.record.submitted_at, here.at))
    tariff = tariff_for(here.town, here.request_type, fee, submitted=submitted, due=due)
    day = day_that_counts(here.town, here.request_type, fee, submitted=submitted, due=due)
    cost = comes_to(fee, tariff, day, bringing.fields, as_measured(bringing.answers, here.record.place))
    if isinstance(cost, Denied) or tariff is None:
        return cost if isinstance(cost, Denied) else Effects()
    fallen = fallen_due(fee, cost, charges)
    if fallen is None:
        return Effects()
    owed, writes = owed_of(fee, charges), list[Write]()
    if owed is not None:
        writes.append(partial(change_charge, owed.id, here.at, {ChargeRow.state: "replaced"}))
    if fallen.calculation is not None:
        writes.append(partial(_charge, here, fee, len(charges) + 1, tariff, fallen.calculation))
    facts = about(fee, fallen.word, {"amount": money_shown(fallen.cents)})
    back = credited(fee, cost, charges)
    if back:
        writes += [
            partial(change_charge, each.id, here.at, {ChargeRow.refund_due: each.refund_due + cents})
            for each, cents in back
        ]
        facts |= about(fee, "refund_due", {"amount": money_shown(sum(cents for _, cents in back))})
    how = "too_much" if back else fallen.paid_before
    return Effects(writes=tuple(writes), facts=facts, body={PAID_BEFORE: {fee.code: how}} if how else {})


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


async def _charge(here: Situation, fee: Fee, number: int, tariff: Tariff, calculation: Calculation) -> None:
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


def _refund_due(bringing: EffectContext, fee: Fee, charges: tuple[Charge, ...]) -> Effects:
    back = refunds_due(fee, charges, bringing.given)
    if not back:
        return Effects()
    writes = tuple(partial(change_charge, each.id, bringing.here.at, {ChargeRow.refund_due: one}) for each, one in back)
    wanted = sum(cents for _, cents in back)
    return Effects(writes=writes, facts=about(fee, "refund_due", {"amount": money_shown(wanted)}))


async def change_charge(id: UUID, at: datetime, values: Row) -> None:
    """Inside a transaction: new values for columns of a charge."""
    await ChargeRow.update({**values, ChargeRow.changed_at: at}).where(ChargeRow.id == id)


async def standing(record: Record, request_type: RequestType) -> frozenset[str]:
    """Facts of the charges that stand, also of fees that the type of the request no longer has."""
    stands = latest(await charges_of(record.id)).items()
    return frozenset(f"{Fee.part}.{code}.{word}" for code, charge in stands for word in words_of(charge))


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
        "unpaid": Text(fr="Paiement en ligne non abouti", en="Online payment not completed"),
    },
    lines=_paid_before,
)
