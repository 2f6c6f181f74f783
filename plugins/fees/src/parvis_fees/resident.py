"""What a person pays for their request: panel, page with every line and the ways to pay, coming back, receipts."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.requests.declarations import is_offered
from parvis.requests.links import town_url
from parvis.requests.rows_there import RowsOf
from parvis.requests.visibility import is_of_viewer
from parvis.web.addresses import in_each, patterns
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import render
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address, private
from parvis_fees.charges import Charge
from parvis_fees.paying import Away, Links, PaidAlready, PaymentRedirect, come_back, may_pay_online, pay_online
from parvis_fees.payments import Payment
from parvis_fees.providers import provider_of
from parvis_fees.shown import ShownCharge, charge_among, is_id, money_of, receipt_among, receipt_values, show_charge
from parvis_fees.town_tariffs import PAYMENT
from parvis_sdk.fees import Fee
from parvis_sdk.requests import Phase

AnyRequest = Request[Any, Any, Any]
FEES = {"fr": "frais", "en": "fees"}
BACK = {"fr": "retour", "en": "return"}
REMAINS = {"remains": Fee.part}  # who went to pay comes back, and who paid has the receipt, although fees are off now
CALLS = "/api/v1/payments/{provider}/calls"
WAITING, FAILED, PAID, AWAY = "attente", "echec", "paye", "absent"


async def fees_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """What is due first; None while nothing was charged. Where fees are off, what was paid, with its receipts."""
    money = await money_of(here.host, found.record, found.request_type)
    if money is None:
        return None
    charges = sorted(money.charges, key=lambda each: not each[0].is_owed)
    if not asks_for_fees(here):
        paid = {each.charge for each in money.payments if each.receipt}
        charges = [each for each in charges if each[0].id in paid]
        if not charges:
            return None
    # Everyone with access to the request sees what it costs; those who may act on it pay, and have the receipts.
    receipt = partial(receipt_address, here, found)
    shown = [show_charge(*each, money.payments, receipt, _link(here, found, each[0])) for each in charges]
    return Panel(template="fees/box.html", values={"charges": shown})


def _link(here: Visit, found: TrackedRequest, charge: Charge) -> tuple[str, str]:
    if not can_be_paid(here, found, charge):
        return "", ""
    return own_address(here, found, FEES, str(charge.id)), gettext("See how to pay")


def has_receipt(found: TrackedRequest, payment: Payment) -> bool:
    """Whether they may have the receipt: a new holder has none of what the one before paid."""
    in_time = is_of_viewer(found.viewer, found.record, payment.settled_at or payment.made_at)
    return found.viewer.holds("act") and in_time


def asks_for_fees(here: Visit) -> bool:
    """Whether the module is on in this town."""
    return here.host.modules.of(here.town).has("fees")


def can_be_paid(here: Visit, found: TrackedRequest, charge: Charge) -> bool:
    """Whether the town still takes money for it."""
    gone = not is_offered(here.host, found.record) or found.record.erased_at is not None
    gone = gone or not asks_for_fees(here) or not found.viewer.holds("act")
    return charge.is_owed and not gone and found.record.phase is not Phase.CLOSED


def receipt_address(here: Visit, found: TrackedRequest, payment: Payment) -> str:
    """Where the receipt is shown; None for viewers it is not for."""
    if not has_receipt(found, payment):
        return ""
    return own_address(here, found, FEES, str(payment.id), ":receipt")


@get(patterns(":track", "{reference:str}", FEES, "{id:str}"), name="fee-page")
async def fee_page(here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """What is to be paid, line by line, and how."""
    found = await held_or_redirect(here, reference, "act")
    return await _show(here, found, id, request.query_params.get("fait", ""))


@post(patterns(":track", "{reference:str}", FEES, "{id:str}"), name="fee-pay", status_code=200)
async def pay(here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """Send the person to the payment page; the amount is read here and never from what was sent."""
    found = await held_or_redirect(here, reference, "act")
    charge = is_id(id)
    provider = provider_of(here.host, here.town)
    if charge is None or provider is None:
        raise NotFoundException("There is nothing to pay here.")
    links = Links(
        back=_whole(here, own_address(here, found, FEES, "PAYMENT", BACK)).replace("PAYMENT", "{payment}"),
        calls=f"{town_url(here.host, here.town)}{CALLS.replace('{provider}', provider.name)}",
    )
    answer = await pay_online(here.host, here.town, found.record.reference, charge, language=here.language, links=links)
    match answer:
        case PaymentRedirect(url=url):
            return render(request, "fees/to_payment.html", url=url, back=own_address(here, found), **private())
        case PaidAlready():
            return see_other(own_address(here, found, fait=PAID) + "#main")
        case Away():
            return await _show(here, found, id, AWAY, status=409)
    return see_other(own_address(here, found) + "#main")


def _whole(here: Visit, path: str) -> str:
    """An address as the person reaches it again: on the host that holds their cookie."""
    return f"{here.request.url.scheme}://{here.request.url.netloc}{path}"


@get(patterns(":track", "{reference:str}", FEES, "{payment:str}", BACK), name="fee-back", opt=REMAINS)
async def back(here: AtPortal, reference: FromPath[str], payment: FromPath[str]) -> Response[Any]:
    """The person is back: the provider is asked, for what the address says proves nothing."""
    found = await held_or_redirect(here, reference, "act")
    id = is_id(payment)
    standing = await come_back(here.host, here.town, found.record, id) if id else None
    if standing is None:
        raise NotFoundException("There is no such payment.")
    told = {"paid": PAID, "failed": FAILED, "waiting": WAITING}[standing]
    return see_other(f"{own_address(here, found, fait=told)}#main")


@get(patterns(":track", "{reference:str}", FEES, "{payment:str}", ":receipt"), name="fee-receipt", opt=REMAINS)
async def fee_receipt(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], payment: FromPath[str]
) -> Response[Any]:
    """A receipt to print, with the numbers of the town's taxes where they apply."""
    found = await held_or_redirect(here, reference, "act")
    among = receipt_among(await money_of(here.host, found.record, found.request_type), payment)
    if among is None or not has_receipt(found, among[2]):
        raise NotFoundException("There is no such receipt.")
    charge, fee, paid = among
    return render(
        request,
        "fees/own_receipt.html",
        receipt=receipt_values(found.record, charge, paid, say(fee.title)),
        service=found.request_type.title,
        payment=PAYMENT.of(here.town),
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", found.record.reference, FEES, payment, ":receipt"),
        **private(),
    )


async def _show(here: Visit, found: TrackedRequest, id: str, done: str, status: int = 200) -> Response[Any]:
    money = await money_of(here.host, found.record, found.request_type)
    among = charge_among(money, id)
    if money is None or among is None:
        raise NotFoundException("There is no such fee.")
    charge, fee = among
    if not charge.is_owed:
        return see_other(own_address(here, found) + "#fees")
    return render(
        here.request,
        "fees/to_pay.html",
        status=status,
        reference=found.record.reference,
        title=found.request_type.title,
        charge=_shown(here, found, charge, fee, money.payments),
        online=may_pay_online(here.host, here.town, found.record, charge),
        open=can_be_paid(here, found, charge),
        counter=PAYMENT.of(here.town).counter,
        done=done,
        back=own_address(here, found),
        action=own_address(here, found, FEES, id),
        alternates=in_each(here.town.languages, ":track", found.record.reference, FEES, id),
        **private(),
    )


def _shown(here: Visit, found: TrackedRequest, charge: Charge, fee: Fee, payments: tuple[Payment, ...]) -> ShownCharge:
    return show_charge(charge, fee, payments, partial(receipt_address, here, found))


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="fees",
    after="divided",
    title=lambda: gettext("Fees"),
    rows=(RowsOf("charge"),),
    draw=fees_panel,
    remains=Fee.part,
)
MESSAGES = (
    DoneMessage(
        slot="tracking.request.done",
        remains=Fee.part,
        name="paye",
        text=lambda: gettext("Thank you. We have received your payment. The receipt is on this page."),
    ),
    DoneMessage(
        slot="tracking.request.done",
        remains=Fee.part,
        name="echec",
        text=lambda: gettext(
            "The payment was not made, and nothing was charged. You can try again or pay another way."
        ),
        tone="warn",
    ),
    DoneMessage(
        slot="tracking.request.done",
        remains=Fee.part,
        name="attente",
        text=lambda: gettext("Your payment is not confirmed yet. This page will say when it is. Do not pay twice."),
        tone="warn",
    ),
)
