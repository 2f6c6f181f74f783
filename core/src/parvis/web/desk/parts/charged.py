"""What was charged for a request, as a panel of its page at the desk."""

from functools import partial

from parvis.i18n import gettext
from parvis.requests.parts.fees import Charge
from parvis.requests.parts.payments import Payment
from parvis.requests.records import Record
from parvis.web.desk.room import Room, case_path
from parvis.web.fees import money_of, show_charge
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType


async def fees_desk_panel(room: Room, record: Record, kind: RequestType) -> Panel | None:
    """Every charge with its state; None while nothing was charged."""
    money = await money_of(room.heart, record, kind) if room.may("money", record) else None
    if money is None:
        return None
    receipt = partial(receipt_address, record)
    shown = [show_charge(*each, money.payments, receipt, _link(room, record, each[0])) for each in money.charges]
    return Panel(template="parts/fees.html", values={"charges": shown})


def _link(room: Room, record: Record, charge: Charge) -> tuple[str, str]:
    if not may_see(room, record):
        return "", ""
    action = gettext("Take a payment or waive it") if charge.is_owed else gettext("Payments and refunds")
    return case_path(record.reference, "frais", str(charge.id)), action


def may_see(room: Room, record: Record) -> bool:
    """Whether the person sees payments and takes them."""
    return room.may("money", record) and (room.may("work", record) or room.may("intake", record))


def receipt_address(record: Record, payment: Payment) -> str:
    return case_path(record.reference, "recus", str(payment.id))
