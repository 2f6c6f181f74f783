"""What a request costs, as words for a page: each charge line by line, how it stands, and its receipts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.i18n import format_date, format_datetime, format_money, gettext, local_day, say
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_fees.charges import Charge, charges_of, fee_of, is_declared
from parvis_fees.payments import Payment, payments_of
from parvis_sdk.charging import Calculation
from parvis_sdk.fees import Fee
from parvis_sdk.request_types import RequestType

SYMBOLS = {
    "paid": "done",
    "waived": "done",
    "refunded": "undo",
    "replaced": "undo",
    "due": "calendar",
    "pending": "clock",
}


class ShownLine(Struct, frozen=True, kw_only=True):
    """One item of a calculation in words."""

    title: str
    how: str
    amount: str
    kind: str


class ShownReceipt(Struct, frozen=True, kw_only=True):
    """One receipt: its number, and where it is shown."""

    number: str
    href: str
    words: str


class ShownCharge(Struct, frozen=True, kw_only=True):
    """One charge in words; `href` is where something can be done about it, `action` what that is."""

    id: str
    title: str
    amount: str
    state: str
    words: str
    symbol: str
    lines: tuple[ShownLine, ...]
    tariff: str
    receipts: tuple[ShownReceipt, ...] = ()
    href: str = ""
    action: str = ""


class Money(Struct, frozen=True, kw_only=True):
    """The charges that anybody may need to see, oldest first, and all money of a request."""

    charges: tuple[tuple[Charge, Fee], ...]
    payments: tuple[Payment, ...]


async def money_of(host: Host, record: Record, request_type: RequestType) -> Money | None:
    """None while nothing was ever charged. A charge for which money moved is shown whatever became of it since.

    Not asked where no type has fees, of which the request could have been one.
    """
    if not request_type.of(Fee) and not any(each.of(Fee) for each in host.plugins.request_types.values()):
        return None
    charges = await charges_of(record.id)
    payments = await payments_of(record.id) if charges else ()
    moved = {each.charge for each in payments if each.state != "failed"}
    kept = [
        each for each in charges if each.id in moved or (each.state != "replaced" and is_declared(request_type, each))
    ]
    shown = tuple((_now(request_type, each), fee_of(request_type, each)) for each in kept)
    return Money(charges=shown, payments=payments) if shown else None


def _now(request_type: RequestType, charge: Charge) -> Charge:
    """A charge as it stands for this type of request: of a fee that it does not have, nothing is owed."""
    return (
        structs.replace(charge, state="replaced")
        if charge.is_owed and not is_declared(request_type, charge)
        else charge
    )


def show_charge(
    charge: Charge,
    fee: Fee,
    payments: Iterable[Payment],
    receipt: Callable[[Payment], str],
    link: tuple[str, str] = ("", ""),
) -> ShownCharge:
    mine = [each for each in payments if each.charge == charge.id and each.receipt]
    return ShownCharge(
        id=str(charge.id),
        title=say(fee.title),
        amount=format_money(charge.amount, charge.currency),
        state=charge.state,
        words=words_of(charge),
        symbol=SYMBOLS.get(charge.state, "warning"),
        lines=shown_lines(charge.calculation),
        tariff=tariff_words(charge.calculation),
        receipts=tuple(
            ShownReceipt(number=each.receipt, href=receipt(each), words=", ".join(_receipt_words(each)))
            for each in mine
        ),
        href=link[0],
        action=link[1],
    )


def shown_lines(calculation: Calculation) -> tuple[ShownLine, ...]:
    """Every item with its explanation."""
    return tuple(
        ShownLine(title=say(item.title), how=say(item.how), amount=format_money(item.cents), kind=item.kind)
        for item in calculation.items
    )


def tariff_words(calculation: Calculation) -> str:
    """By which tariff it was calculated."""
    since = gettext("Tariff in force since {day}").format(day=format_date(calculation.since))
    return f"{since} ({say(calculation.basis)})" if calculation.basis else since


def words_of(charge: Charge) -> str:
    """Where a charge stands, in a sentence."""
    money, day = format_money, format_date(local_day(charge.settled_at)) if charge.settled_at else ""
    match charge.state:
        case "due":
            return gettext("To be paid.")
        case "pending":
            return gettext("A payment has been started online.")
        case "failed":
            return gettext("The last payment was declined. Nothing was charged.")
        case "waived":
            return gettext("Waived: {reason}").format(reason=charge.reason) if charge.reason else gettext("Waived.")
        case "refunded":
            return gettext("Refunded.")
        case "replaced":
            return gettext("No longer to be paid.")
    if charge.refund_due:
        return gettext("Paid on {day}. {amount} is to be refunded.").format(day=day, amount=money(charge.refund_due))
    if charge.refunded:
        return gettext("Paid on {day}, of which {amount} was refunded.").format(day=day, amount=money(charge.refunded))
    return gettext("Paid on {day}.").format(day=day) if charge.amount else gettext("Nothing to pay.")


def way_words(payment: Payment) -> str:
    """How money moved."""
    ways = {
        "cash": gettext("in cash"),
        "cheque": gettext("by cheque"),
        "terminal": gettext("by card at the counter"),
        "invoice": gettext("by an invoice"),
        "online": gettext("online"),
    }
    return ways[payment.way]


def _receipt_words(payment: Payment) -> Iterator[str]:
    """How and when money came; of what came when nothing was owed, that it goes back."""
    yield way_words(payment)
    yield when(payment)
    if payment.surplus:
        yield gettext("surplus, refunded") if payment.refunded else gettext("surplus, to be refunded")


def when(payment: Payment) -> str:
    return format_datetime(payment.settled_at or payment.made_at)


def receipt_values(record: Record, charge: Charge, payment: Payment, title: str) -> dict[str, Any]:
    """The content of a receipt, the same on the portal and at the desk."""
    items = charge.calculation.items
    refunded = payment.refunded if payment.surplus else charge.refunded
    return {
        "reference": record.reference,
        "title": title,
        "number": payment.receipt,
        "lines": shown_lines(charge.calculation),
        "tariff": tariff_words(charge.calculation),
        "total": format_money(charge.amount, charge.currency),
        "taxed": any(item.kind == "tax" for item in items),
        "paid": format_money(payment.amount, payment.currency),
        "way": way_words(payment),
        "when": when(payment),
        "note": payment.note,
        "by": payment.by_name,
        "refunded": format_money(refunded, payment.currency) if refunded else "",
    }


def receipt_among(money: Money | None, id: str) -> tuple[Charge, Fee, Payment] | None:
    """The payment of that id with its charge, when it has a receipt."""
    if money is None:
        return None
    payment = next((each for each in money.payments if str(each.id) == id and each.receipt), None)
    found = next((each for each in money.charges if payment and each[0].id == payment.charge), None)
    return (*found, payment) if found and payment else None


def charge_among(money: Money | None, id: str) -> tuple[Charge, Fee] | None:
    """The charge of that id."""
    return next((each for each in money.charges if str(each[0].id) == id), None) if money else None


def is_id(given: str) -> UUID | None:
    """The identifier, when it is one."""
    try:
        return UUID(given)
    except ValueError:
        return None
