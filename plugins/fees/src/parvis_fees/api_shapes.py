"""What the API says of fees, as shapes: estimates, charges line by line, money that moved for them."""

from datetime import date
from typing import Any

from msgspec import Struct

from parvis.api.shapes import Languages, ListAnswer, Moment, languages
from parvis_fees.charges import Charge
from parvis_fees.estimating import Estimate
from parvis_fees.payments import Payment
from parvis_sdk.charging import Calculation
from parvis_sdk.fees import Fee


class ChargeItemShape(Struct, frozen=True, kw_only=True):
    """One line of a calculation, its amount in cents; `explanation` says how it comes to that."""

    code: str
    kind: str
    title: Languages
    explanation: Languages
    amount: int


class TariffLine(Struct, frozen=True, kw_only=True):
    """One line of a tariff in words."""

    title: Languages
    words: Languages


class EstimateShape(Struct, frozen=True, kw_only=True):
    """What a fee comes to by these answers, in cents; `missing` names questions that decide it and have no answer."""

    fee: str
    title: Languages
    tariff_since: date
    tariff: list[TariffLine]
    items: list[ChargeItemShape]
    total: int
    deposit: int
    missing: list[str]


class Estimates(ListAnswer, frozen=True, kw_only=True):
    """Each fee of a type by these answers."""

    items: list[EstimateShape]


class EstimateWanted(Struct, frozen=True, kw_only=True):
    """Answers and place as a request sends them, as far as they are known; `upload` where files are among them."""

    answers: dict[str, Any] = {}
    place: dict[str, Any] | None = None
    upload: str = ""


class PaymentShape(Struct, frozen=True, kw_only=True):
    """Money that moved for a charge, in cents; `kind` is "payment" or "refund".

    `surplus`: it came when nothing was owed any more and goes back, or it is the refund of such a payment.
    """

    kind: str
    way: str
    state: str
    amount: int
    currency: str
    refunded: int
    receipt: str
    surplus: bool
    at: Moment


class ChargeShape(Struct, frozen=True, kw_only=True):
    """What a fee of a request came to, in cents, how, and how it stands."""

    number: int
    fee: str
    title: Languages
    state: str
    amount: int
    currency: str
    deposit: int
    refund_due: int
    refunded: int
    reason: str
    tariff_since: date
    items: list[ChargeItemShape]
    payments: list[PaymentShape]
    made_at: Moment
    settled_at: Moment | None


class Charges(ListAnswer, frozen=True, kw_only=True):
    """Every charge of a request, oldest first."""

    items: list[ChargeShape]


def items_of(calculation: Calculation) -> list[ChargeItemShape]:
    return [
        ChargeItemShape(
            code=item.code,
            kind=item.kind,
            title=languages(item.title),
            explanation=languages(item.how),
            amount=item.cents,
        )
        for item in calculation.items
    ]


def estimate_shape(estimate: Estimate) -> EstimateShape:
    return EstimateShape(
        fee=estimate.fee.code,
        title=languages(estimate.fee.title),
        tariff_since=estimate.tariff.since,
        tariff=[TariffLine(title=languages(one.title), words=languages(one.words)) for one in estimate.words],
        items=items_of(estimate.calculation),
        total=estimate.calculation.total,
        deposit=estimate.calculation.deposit,
        missing=list(estimate.missing),
    )


def charge_shape(charge: Charge, fee: Fee, payments: tuple[Payment, ...]) -> ChargeShape:
    return ChargeShape(
        number=charge.number,
        fee=charge.fee,
        title=languages(fee.title),
        state=charge.state,
        amount=charge.amount,
        currency=charge.currency,
        deposit=charge.calculation.deposit,
        refund_due=charge.refund_due,
        refunded=charge.refunded,
        reason=charge.reason,
        tariff_since=charge.calculation.since,
        items=items_of(charge.calculation),
        payments=[payment_shape(each) for each in payments if each.charge == charge.id],
        made_at=charge.made_at,
        settled_at=charge.settled_at,
    )


def payment_shape(payment: Payment) -> PaymentShape:
    return PaymentShape(
        kind=payment.kind,
        way=payment.way,
        state=payment.state,
        amount=payment.amount,
        currency=payment.currency,
        refunded=payment.refunded,
        receipt=payment.receipt,
        surplus=payment.surplus,
        at=payment.settled_at or payment.made_at,
    )
