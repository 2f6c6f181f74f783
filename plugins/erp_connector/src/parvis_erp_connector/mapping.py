"""What stands where, pure: our request as the values of an order, our charge as an invoice, their words as ours."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from parvis_erp_connector.port import Bill, BillLine, Invoice, Order, Person, Work
from parvis_erp_connector.settings import Invoices, ItemBooking
from parvis_sdk.amounts import dollars_shown, money_shown
from parvis_sdk.errors import Refused
from parvis_sdk.mapping import row_for
from parvis_sdk.requests import Owed, ServiceRequest
from parvis_sdk.subscriptions import PaidThere
from parvis_sdk.text import Text

KEY = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z])(?:/([2-9]|[1-9][0-9]+))?(?:\s|$)")
CHARGE = re.compile(r"[0-9a-f]{32}")

STANDS = Text(
    fr="Bon de travail {number}\u00a0: «\u00a0{state}\u00a0»{cost}{note}",
    en="Work order {number}: “{state}”{cost}{note}",
)
COST = Text(fr=", coût {amount}", en=", cost {amount}")
NOTE = Text(fr="\n{words}", en="\n{words}")
POSTED = Text(fr="Facture {number} émise\u00a0: {total}.", en="Invoice {number} issued: {total}.")
PARTLY = Text(
    fr="Facture {number}\u00a0: il reste {left} à payer sur {total}.",
    en="Invoice {number}: {left} of {total} remaining to pay.",
)
PAID = Text(fr="Facture {number} payée\u00a0: {total}.", en="Invoice {number} paid: {total}.")
CANCELLED = Text(
    fr="Facture {number} annulée dans le système comptable.", en="Invoice {number} cancelled in the accounting system."
)


def key_for(reference: str, round: int) -> str:
    """What an order is known by there: our reference, and from the second order of a request on a number."""
    return reference if round < 2 else f"{reference}/{round}"


def reference_in(words: str) -> str:
    """Our reference at the beginning of their words; nothing where it is not ours."""
    found = KEY.match(words)
    return found[1] if found else ""


def key_in(words: str) -> str:
    """Our key at the beginning of their words."""
    found = KEY.match(words)
    return found[0].strip() if found else ""


def order_values(work: Work, request: ServiceRequest, key: str) -> dict[str, Any]:
    """Their columns with the values of a request, our key in its place."""
    row = row_for(work, request)
    words = row.get(work.key)
    return row | {work.key: f"{key} {words}" if words else key}


def changed_values(values: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """Those that are not what we wrote last: what people corrected there stays, unless we have something new to say."""
    return {name: value for name, value in values.items() if sent.get(name) != digest(value)}


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    """What to remember of the values that were written; not the values, for they may tell of a person."""
    return {name: digest(value) for name, value in values.items()}


def digest(value: Any) -> str:
    """A few characters that stand for a value."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:12]


def order_said(order: Order) -> Text:
    """How an order stands, for the desk."""
    nothing = Text(fr="", en="")
    cost = COST.format(amount=dollars_shown(order.cost)) if order.cost else nothing
    note = NOTE.format(words=order.note.strip()) if order.note.strip() else nothing
    return STANDS.format(number=order.number, state=order.state, cost=cost, note=note)


def given_by(work: Work, order: Order) -> dict[str, Any]:
    """The answers to the move that this state asks for; those that come to nothing are left out."""
    filled = {
        code: words.replace("{note}", order.note).strip() for code, words in work.given.get(order.state, {}).items()
    }
    return {code: words for code, words in filled.items() if words}


def charge_key(charge: str) -> str:
    """A charge as an invoice names it: 32 characters, for some systems bear no more than 35."""
    try:
        return UUID(charge).hex
    except ValueError:
        return charge  # one of a rehearsal


def amount_of(cents: int) -> Decimal:
    """Cents as dollars, exactly."""
    return Decimal(cents).scaleb(-2)


def cents_in(dollars: Decimal) -> int:
    """Dollars as whole cents; refused where something would be lost."""
    cents = dollars.scaleb(2)
    if cents != cents.to_integral_value():
        raise Refused(
            Text(fr=f"{dollars} n’est pas un nombre entier de cents", en=f"{dollars} is no whole number of cents")
        )
    return int(cents)


def booked_for(settings: Invoices, fee: str, item: str) -> ItemBooking | None:
    """Where an item is booked: the most exact of what the settings say."""
    named = (settings.lines.get(key) for key in (f"{fee}.{item}", item, "*"))
    return next((each for each in named if each is not None), None)


def bill_for(settings: Invoices, request: ServiceRequest, charge: Owed, party: str, language: str) -> Bill:
    """The invoice of a charge; refused where the settings do not say where an item is booked."""
    lines = []
    for item in charge.items:
        booked = booked_for(settings, charge.fee, item.code)
        if booked is None:
            raise Refused(
                Text(
                    fr=f'`lines` de {settings.name} ne dit pas où comptabiliser "{charge.fee}.{item.code}"',
                    en=f'`lines` of {settings.name} do not say where "{charge.fee}.{item.code}" is booked',
                )
            )
        if item.cents and not booked.by_tax:
            title, amount = item.title.to(language), amount_of(item.cents)
            where = {"account": booked.account, "product": booked.product}
            lines.append(BillLine(title=title, amount=amount, taxes=booked.taxes, **where))
    return Bill(
        key=charge_key(charge.id),
        reference=request.reference,
        title=f"{request.reference} {charge.title.to(language)}",
        party=party,
        currency=charge.currency,
        lines=tuple(lines),
        options=settings.options,
    )


def person_of(request: ServiceRequest) -> Person | None:
    """Who is to pay, if there is a name and a way by which they are found again."""
    who = request.requester
    if who is None or not who.name.strip() or not (who.email or who.phone):
        return None
    address = request.place.address if request.place else ""
    return Person(name=who.name.strip(), email=who.email.strip(), phone=who.phone.strip(), address=address)


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, however they are ordered, written large or accented."""
    return _words(one) == _words(other)


def invoice_said(invoice: Invoice) -> Text | None:
    """What is to be told of an invoice; nothing of a draft."""
    named = {"number": invoice.number, "total": _money(invoice.total), "left": _money(invoice.left)}
    match invoice.state:
        case "draft":
            return None
        case "open" if invoice.left != invoice.total:
            return PARTLY.format(**named)
        case "open":
            return POSTED.format(**named)
        case "paid":
            return PAID.format(**named)
        case "cancelled":
            return CANCELLED.format(**named)


def paid_by(invoice: Invoice, currency: str = "CAD") -> PaidThere | None:
    """The payment that an invoice tells of, once nothing is left to pay."""
    if invoice.state != "paid":
        return None
    return PaidThere(
        charge=str(UUID(invoice.key)), cents=cents_in(invoice.total), currency=currency, number=invoice.number
    )


def _money(amount: Decimal) -> Text:
    return money_shown(cents_in(amount))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return sorted(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))
