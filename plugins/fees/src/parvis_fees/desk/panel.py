"""What was charged for a request, as a panel of its page at the desk."""

from functools import partial

from parvis.i18n import gettext
from parvis.requests.records import Record
from parvis.requests.rows_there import RowsOf
from parvis.web.desk.context import DeskContext, case_path
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_fees.charges import Charge
from parvis_fees.payments import Payment
from parvis_fees.shown import money_of, show_charge


async def fees_panel(room: DeskContext, case: Case) -> Panel | None:
    """Every charge with its state; None while nothing was charged."""
    record = case.record
    money = await money_of(room.host, record, case.request_type)
    if money is None:
        return None
    receipt = partial(receipt_address, record)
    shown = [show_charge(*each, money.payments, receipt, _link(room, record, each[0])) for each in money.charges]
    return Panel(template="fees/box.html", values={"charges": shown})


def _link(room: DeskContext, record: Record, charge: Charge) -> tuple[str, str]:
    if not may_see(room, record):
        return "", ""
    action = gettext("Record a payment or waive the fee") if charge.is_owed else gettext("Payments and refunds")
    return case_path(record.reference, "frais", str(charge.id)), action


def may_see(room: DeskContext, record: Record) -> bool:
    """Whether the person sees payments and takes them."""
    return room.may("money", record) and (room.may("work", record) or room.may("intake", record))


def receipt_address(record: Record, payment: Payment) -> str:
    return case_path(record.reference, "recus", str(payment.id))


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="fees",
    after="conditions",
    title=lambda: gettext("Fees"),
    right="money",
    rows=(RowsOf("charge"),),
    draw=fees_panel,
)
