"""What the provider's words mean in ours, and ours in its: sessions, events and refunds; pure."""

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis_sdk.payments import Order, PaymentState, Refund, Report

Status = Literal["open", "paid", "declined", "cancelled", "expired", "refunded"]
STATES: dict[Status, PaymentState] = {
    "open": "open",
    "paid": "paid",
    "declined": "declined",
    "cancelled": "cancelled",
    "expired": "expired",
    "refunded": "refunded",
}


class Session(Struct, frozen=True, kw_only=True):
    """A hosted payment as the provider tells of it. Amounts are in cents, times in seconds since 1970."""

    id: str
    client_reference: str
    status: Status
    amount: int
    currency: str
    changed: int
    url: str = ""
    amount_refunded: int = 0


class Sessions(Struct, frozen=True, kw_only=True):
    """A page of a list; `next` leads on."""

    data: list[Session]
    next: str = ""


class Event(Struct, frozen=True, kw_only=True):
    """What a call-back holds; events that say nothing of a session have no data for us."""

    type: str
    data: msgspec.Raw = msgspec.Raw(b"null")


def order_sent(order: Order) -> dict[str, Any]:
    """What opens a session for an order."""
    return {
        "client_reference": order.key,
        "amount": order.amount,
        "currency": order.currency.lower(),
        "description": order.description,
        "locale": "fr-CA" if order.language == "fr" else "en-CA",
        "return_url": order.return_url,
        "callback_url": order.call_url,
        "metadata": {"reference": order.reference, "town": order.town},
    }


def refund_sent(refund: Refund) -> dict[str, Any]:
    """What gives money back."""
    return {"session": refund.id, "amount": refund.amount, "client_reference": refund.key}


def report_of(session: Session) -> Report:
    """How a payment stands."""
    return Report(
        key=session.client_reference,
        id=session.id,
        state=STATES[session.status],
        amount=session.amount,
        currency=session.currency.upper(),
        at=datetime.fromtimestamp(session.changed, UTC),
        refunded=session.amount_refunded,
        url=session.url if session.status == "open" else "",
    )


def reports_in(body: bytes) -> list[Report]:
    """What a call-back says of payments; `msgspec.MsgspecError` when it cannot be read."""
    event = msgspec.json.decode(body, type=Event)
    if not event.type.startswith("session."):
        return []
    return [report_of(msgspec.json.decode(event.data, type=Session))]
