"""What requests cost: estimates before they are made, and charges line by line with what was paid."""

from datetime import date, datetime
from typing import Any

from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.api.calls import Access, AnyRequest, Call, Given, body_of, shaped, unprocessable
from parvis.api.operations import operation
from parvis.api.shapes import Languages, languages
from parvis.requests.attached.attachments import waiting
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.drafting.estimating import Estimate, estimates_of_sent
from parvis.requests.offered import type_of
from parvis.requests.parts.fees import Charge, charges_of, fee_of, is_declared
from parvis.requests.parts.payments import Payment, payments_of
from parvis.requests.visibility import may
from parvis_sdk.charging import Calculation
from parvis_sdk.fees import Fee
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problems


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


class EstimateWanted(Struct, frozen=True, kw_only=True):
    """Answers and place as a request sends them, as far as they are known; `upload` where files are among them."""

    answers: dict[str, Any] = {}
    place: dict[str, Any] | None = None
    upload: str = ""


class PaymentShape(Struct, frozen=True, kw_only=True):
    """Money that moved for a charge, in cents; `kind` is "payment" or "refund"."""

    kind: str
    way: str
    state: str
    amount: int
    currency: str
    refunded: int
    receipt: str
    at: datetime


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
    made_at: datetime
    settled_at: datetime | None


class Charges(Struct, frozen=True, kw_only=True):
    """Every charge of a request, oldest first."""

    charges: list[ChargeShape]


@operation(
    "POST /request-types/{code}/estimate",
    "What a request would cost today by these answers, line by line; nothing is kept",
    body=EstimateWanted,
    pace="read",
    tag="request types",
)
async def estimate_fees(call: Given[Call], request: AnyRequest, code: FromPath[str]) -> list[EstimateShape]:
    kind = type_of(call.heart, call.town, code)
    if kind is None or (kind.opened_by == "town" and call.token is None):
        raise HTTPException(status_code=404, detail=f"This town offers no request type `{code[:60]}`.")
    wanted = shaped(await body_of(request), EstimateWanted)
    files = await waiting(holder_of(wanted.upload)) if wanted.upload else {}
    answers = as_programs_send(kind.form.fields(), wanted.answers)
    found = estimates_of_sent(call.town, kind, clock.now(), answers=answers, place=wanted.place, files=files)
    if isinstance(found, Problems):
        raise unprocessable(found, call.language)
    return [estimate_shape(each) for each in found]


@operation(
    "GET /requests/{reference}/charges",
    "What a request costs, line by line, and what was paid; the public sees none",
    key=True,
    tag="payments",
)
async def list_charges(call: Given[Call], public_access: Given[Access]) -> Charges:
    return await charges_shown(call, public_access)


async def charges_shown(call: Call, access: Access) -> Charges:
    """What the public sees of a request tells nothing of money."""
    record = access.record
    if access.viewer.kind != "holder" and not may(access.viewer, "money", record, call.heart.territory):
        return Charges(charges=[])
    kind = await type_of_record(call.heart, record)
    moved = await payments_of(record.id)
    paid = {each.charge for each in moved}
    charges = [each for each in await charges_of(record.id) if is_declared(kind, each) or each.id in paid]
    return Charges(charges=[charge_shape(each, fee_of(kind, each), moved) for each in charges])


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
        at=payment.settled_at or payment.made_at,
    )
