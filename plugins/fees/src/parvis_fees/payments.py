"""Money that moved for a charge, to the town or back: the rows, and what of them a charge shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.requests.changing import Situation
from parvis.troubles import Trouble, read_back
from parvis_fees.charges import Charge
from parvis_fees.tables import Payment as PaymentRow

Way = Literal["cash", "cheque", "terminal", "online", "invoice"]
PaymentState = Literal["begun", "open", "paid", "failed", "wrong"]
UNDER_WAY = ("begun", "open")
LONGEST_NUMBER = 120  # characters of a provider’s number that are kept


class Payment(Struct, frozen=True, kw_only=True):
    """One payment, or one refund `of` a payment. Its id is our key at the provider."""

    id: UUID
    charge: UUID
    request: UUID
    jurisdiction: str
    kind: Literal["payment", "refund"]
    of: UUID | None
    way: Way
    provider: str
    external_id: str
    state: PaymentState
    amount: int
    currency: str
    refunded: int
    surplus: bool
    receipt: str
    note: str
    by: str
    by_name: str
    trouble: Trouble | None
    made_at: datetime
    changed_at: datetime
    settled_at: datetime | None
    look_at: datetime | None

    @property
    def is_refund_begun(self) -> bool:
        """Whether money was asked back of a provider that has not answered yet."""
        return self.kind == "refund" and self.state in UNDER_WAY


def payment_of(row: Mapping[str, Any]) -> Payment:
    """The struct of one row."""
    found = {name: row[name] for name in Payment.__struct_fields__}
    return Payment(**{**found, "trouble": read_back(row["trouble"])})


async def payments_of(request: UUID) -> tuple[Payment, ...]:
    """All money that moved, or was to move, for a request, oldest first."""
    rows = await PaymentRow.select().where(PaymentRow.request == request).order_by(PaymentRow.id)
    return tuple(payment_of(row) for row in rows)


async def payment_with(id: UUID) -> Payment | None:
    """The payment of that id."""
    rows = await PaymentRow.select().where(PaymentRow.id == id)
    return payment_of(rows[0]) if rows else None


async def is_of_another(payment: Payment, external_id: str) -> bool:
    """Whether what a provider calls by this number is another payment than ours: it, or another of ours, has one."""
    if not external_id:
        return False
    if payment.external_id:
        return payment.external_id != external_id[:LONGEST_NUMBER]
    table = PaymentRow
    others = (table.external_id == external_id[:LONGEST_NUMBER]) & (table.provider == payment.provider)
    return await table.exists().where(others & (table.id != payment.id) & (table.kind == "payment"))


async def is_payment_of_another(provider: str, external_id: str, request: UUID) -> bool:
    """Whether the payment that a system calls by this number was one of another request."""
    table = PaymentRow
    same = (table.external_id == external_id[:LONGEST_NUMBER]) & (table.provider == provider[:60])
    return bool(external_id) and await table.exists().where(same & (table.request != request))


def new_payment(here: Situation, charge: Charge, **values: Any) -> dict[str, Any]:
    """A row for a payment of a charge, all of it unless an amount is given."""
    return _row(here, charge.id, charge.amount, charge.currency) | values


def new_refund(here: Situation, source: Payment, cents: int, **values: Any) -> dict[str, Any]:
    """A row for so much of a payment that goes back the way it came."""
    back = {"of": source.id, "way": source.way, "provider": source.provider, "surplus": source.surplus}
    return _row(here, source.charge, cents, source.currency) | {"kind": "refund"} | back | values


def _row(here: Situation, charge: UUID, cents: int, currency: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "charge": charge,
        "request": here.record.id,
        "jurisdiction": here.record.jurisdiction,
        "kind": "payment",
        "of": None,
        "provider": "",
        "external_id": "",
        "amount": cents,
        "currency": currency,
        "refunded": 0,
        "surplus": False,
        "receipt": "",
        "note": "",
        "by": "",
        "by_name": "",
        "url": "",
        "trouble": "",
        "made_at": here.at,
        "changed_at": here.at,
        "settled_at": None,
        "look_at": None,
    }


async def add_payment(row: Mapping[str, Any]) -> None:
    """Inside a transaction: write a new payment."""
    await insert_values(PaymentRow, row)


async def change_payment(id: UUID, at: datetime, values: Row) -> None:
    """Inside a transaction: new values for columns of a payment."""
    await PaymentRow.update({**values, PaymentRow.changed_at: at}).where(PaymentRow.id == id)


def next_receipt(here: Situation, payments: tuple[Payment, ...]) -> str:
    """The number of a new receipt: the reference of the request, and a count."""
    return f"{here.record.reference}/{1 + sum(1 for each in payments if each.receipt)}"
