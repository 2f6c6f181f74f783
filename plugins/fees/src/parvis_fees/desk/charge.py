"""A charge at the desk: its lines and payments, money taken over the counter, a waiver, money given back, receipts."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import format_money, gettext, say
from parvis.requests.changing import Conflict
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.records import Record
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_fees import at_the_desk
from parvis_fees.at_the_desk import paid_online
from parvis_fees.charges import Charge
from parvis_fees.desk.panel import may_see, receipt_address
from parvis_fees.payments import Payment
from parvis_fees.refunding import refund_online, refund_surplus
from parvis_fees.shown import Money as RequestMoney
from parvis_fees.shown import charge_among, money_of, receipt_among, receipt_values, show_charge, way_words, when
from parvis_fees.town_tariffs import PAYMENT
from parvis_sdk.conditions import Is, OneOfThese
from parvis_sdk.fees import Fee
from parvis_sdk.fields import AnyField, LongText, Money, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ONE = f"{CASE}/frais/{{id:str}}"
CASH, CHEQUE, TERMINAL, WAIVE, REFUND, ONLINE = "cash", "cheque", "terminal", "waive", "refund", "refund_online"
TAKING = (CASH, CHEQUE, TERMINAL)
DEEDS = {
    CASH: Text(fr="Payé en argent", en="Paid in cash"),
    CHEQUE: Text(fr="Payé par chèque", en="Paid by cheque"),
    TERMINAL: Text(fr="Payé par carte au terminal", en="Paid by card at the terminal"),
    WAIVE: Text(fr="Exonérer de ces frais", en="Waive this fee"),
    ONLINE: Text(fr="Rembourser en ligne, sur la carte du payeur", en="Refund online, to the payer’s card"),
    REFUND: Text(fr="Remboursé au comptoir", en="Refunded at the counter"),
}
WAYS = (CASH, CHEQUE, TERMINAL)
SECTION = Text(fr="Paiement", en="Payment")


class ChargeView(Struct, frozen=True, kw_only=True):
    """One charge of one request that the person may see."""

    record: Record
    request_type: RequestType
    money: RequestMoney
    charge: Charge
    fee: Fee

    @property
    def of_charge(self) -> tuple[Payment, ...]:
        return tuple(each for each in self.money.payments if each.charge == self.charge.id)


async def looked_at(room: DeskContext, reference: str, id: str) -> ChargeView:
    record = await room.record(reference)
    if not may_see(room, record):
        raise NotFoundException("There is no such fee.")
    request_type = await type_of_record(room.host, record)
    money = await money_of(room.host, record, request_type)
    among = charge_among(money, id)
    if money is None or among is None:
        raise NotFoundException("There is no such fee.")
    return ChargeView(record=record, request_type=request_type, money=money, charge=among[0], fee=among[1])


def deeds_for(room: DeskContext, here: ChargeView) -> tuple[str, ...]:
    """What this person can do about the charge as it stands: agents who take calls take money, but waive nothing."""
    if not is_offered(room.host, here.record) or here.record.erased_at is not None:
        return ()
    works = room.may("work", here.record)
    if here.charge.is_owed:
        return (*TAKING, *((WAIVE,) if works else ()))
    left = here.charge.amount - here.charge.refunded
    if here.charge.state != "paid" or not left or not works:
        return ()
    return (*((ONLINE,) if paid_online(here.of_charge) else ()), REFUND)


def form_for(deeds: tuple[str, ...]) -> Form:
    """The questions asked by each action."""
    fields: tuple[AnyField, ...] = (
        OneOf(
            code="deed",
            label=Text(fr="Action", en="Action"),
            options=tuple(Option(code=each, label=DEEDS[each]) for each in deeds),
        ),
    )
    if REFUND in deeds:
        fields += (
            Money(code="amount", label=Text(fr="Montant remboursé", en="Amount refunded"), least=1),
            OneOf(
                code="way",
                label=Text(fr="Comment?", en="How?"),
                options=tuple(Option(code=each, label=REFUNDED[each]) for each in WAYS),
                show_when=Is(field="deed", value=REFUND),
            ),
        )
    else:
        fields += (
            ShortText(
                code="note",
                label=Text(fr="Numéro du chèque ou du relevé", en="Cheque or slip number"),
                show_when=OneOfThese(field="deed", values=(CHEQUE, TERMINAL)),
                max_length=120,
            ),
            LongText(
                code="reason",
                label=Text(fr="Raison de l’exonération", en="Reason for the waiver"),
                help=Text(fr="La personne lira ce texte.", en="The requester will read this text."),
                show_when=Is(field="deed", value=WAIVE),
                max_length=500,
                rows=3,
            ),
        )
    shown = fields if WAIVE in deeds or REFUND in deeds else fields[:2]
    return Form(sections=(Section(code="payment", title=SECTION, fields=shown),))


REFUNDED = {
    CASH: Text(fr="En argent", en="In cash"),
    CHEQUE: Text(fr="Par chèque", en="By cheque"),
    TERMINAL: Text(fr="Par le terminal de cartes", en="At the card terminal"),
}


@get(ONE)
async def show_fee(room: AtDesk, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    return await _page(room, await looked_at(room, reference, id))


@post(ONE)
async def decide_fee(room: AtDesk, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """Take money, let the charge off, or give money back."""
    here, sent = await looked_at(room, reference, id), await typed(request)
    deeds = deeds_for(room, here)
    raw = {name: sent.values[name] for name in ("deed", "note", "reason", "amount", "way") if sent.values.get(name)}
    if raw.get("deed") in DEEDS and raw["deed"] not in deeds:  # what was done meanwhile leaves no room for it
        return await _page(room, here, raw, changed=_changed())
    read = form_for(deeds).read(raw) if deeds else Problems(found=())
    if isinstance(read, Problems):
        return await _page(room, here, raw, read)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, here, raw, seen)
    answer = await _decide(room, here, read.answers, seen)
    if isinstance(answer, Conflict | Denied):
        return await _page(room, await looked_at(room, reference, id), raw, changed=_why(room, answer))
    now = await looked_at(room, reference, id)
    asked = read.answers["deed"] == ONLINE and any(each.is_refund_begun for each in now.of_charge)
    done = "demande" if asked else "paiement"
    return go(f"{case_path(reference)}?fait={done}#main")


def _why(room: DeskContext, answer: Conflict | Denied) -> str:
    return answer.reason.to(room.language) if isinstance(answer, Denied) else _changed()


def _changed() -> str:
    return gettext("Somebody changed the request in the meantime. Check it, then send this again.")


async def _decide(
    room: DeskContext, here: ChargeView, given: dict[str, Any], expected: int
) -> Record | Denied | Conflict:
    host, reference, charge = room.host, here.record.reference, here.charge.id
    known: dict[str, Any] = {"actor": room.actor, "expected": expected}
    match given["deed"]:
        case "waive":
            return await at_the_desk.waive(host, reference, charge, given["reason"], **known)
        case "refund_online":
            return await refund_online(host, room.town, reference, charge, given["amount"], **known)
        case "refund":
            way = given["way"]
            return await at_the_desk.give_back(host, reference, charge, given["amount"], way=way, **known)
        case way:
            return await at_the_desk.take_at_counter(
                host, reference, charge, way=way, note=given.get("note", ""), **known
            )


@post(f"{CASE}/paiements-en-trop/{{payment:str}}")
async def give_surplus_back(room: AtDesk, reference: FromPath[str], payment: FromPath[str]) -> Response[Any]:
    """Refund a payment that came online when nothing was owed any more."""
    record = await room.record(reference, "work")
    money = await money_of(room.host, record, await type_of_record(room.host, record))
    if not may_see(room, record):
        raise NotFoundException("There is no such payment.")
    surplus = next((each for each in (money.payments if money else ()) if str(each.id) == payment), None)
    if surplus is None:
        raise NotFoundException("There is no such payment.")
    answer = await refund_surplus(room.host, room.town, surplus, actor=room.actor)
    now = await looked_at(room, reference, str(surplus.charge))
    if isinstance(answer, Conflict | Denied):
        return await _page(room, now, changed=_why(room, answer))
    asked = any(each.is_refund_begun for each in now.of_charge if each.of == surplus.id)
    done = "demande" if asked else "surplus"
    return go(f"{case_path(reference)}?fait={done}#main")


@get(f"{CASE}/recus/{{payment:str}}")
async def show_receipt(room: AtDesk, reference: FromPath[str], payment: FromPath[str]) -> Response[Any]:
    """The receipt to print and hand over, in the language of the desk."""
    record = await room.record(reference)
    request_type = await type_of_record(room.host, record)
    among = receipt_among(await money_of(room.host, record, request_type), payment)
    if among is None or not may_see(room, record):
        raise NotFoundException("There is no such receipt.")
    charge, fee, paid = among
    return room.show(
        "fees/desk_receipt.html",
        record=record,
        receipt=receipt_values(record, charge, paid, say(fee.title)),
        service=request_type.title,
        payment=PAYMENT.of(room.town),
    )


async def _page(
    room: DeskContext,
    here: ChargeView,
    values: dict[str, Any] | None = None,
    problems: Problems | None = None,
    changed: str = "",
) -> Response[Any]:
    if values:
        room.writes(here.record)
    deeds = deeds_for(room, here)
    return room.show(
        "fees/desk_charge.html",
        status=422 if problems else 409 if changed else 200,
        record=here.record,
        id=str(here.charge.id),
        charge=show_charge(here.charge, here.fee, here.of_charge, partial(receipt_address, here.record)),
        moved=[_moved(each) for each in here.of_charge],
        fields=form_for(deeds).fields() if deeds else (),
        values=values or _usual(here, deeds),
        problems=problems,
        changed=changed,
    )


def _usual(here: ChargeView, deeds: tuple[str, ...]) -> dict[str, Any]:
    """What is most often meant: the refund that is due, or all that is left."""
    if REFUND not in deeds:
        return {}
    return {"amount": here.charge.refund_due or here.charge.amount - here.charge.refunded}


def _moved(payment: Payment) -> dict[str, Any]:
    """One payment or refund as a line of the table."""
    states = {
        "begun": gettext("not finished yet"),
        "open": gettext("not finished yet"),
        "paid": gettext("done"),
        "failed": gettext("not completed"),
        "wrong": gettext("does not match"),
    }
    surplus = payment.surplus and payment.kind == "payment" and payment.state == "paid"
    return {
        "id": str(payment.id),
        "what": gettext("Refund") if payment.kind == "refund" else gettext("Payment"),
        "amount": format_money(payment.amount, payment.currency),
        "way": ", ".join(each for each in (way_words(payment), payment.note) if each),
        "state": gettext("surplus, to be refunded") if surplus and not payment.refunded else states[payment.state],
        "when": when(payment),
        "by": payment.by_name,
        "surplus": surplus and not payment.refunded,
        "trouble": say(payment.trouble.what) if payment.trouble else "",
    }


MESSAGES = (
    DoneMessage(
        slot="desk.request.done",
        name="paiement",
        text=lambda: gettext("The payment is recorded, and the requester is notified."),
    ),
    DoneMessage(
        slot="desk.request.done",
        name="demande",
        text=lambda: gettext("The refund is requested. It will be recorded once the provider has made it."),
    ),
    DoneMessage(slot="desk.request.done", name="surplus", text=lambda: gettext("The surplus payment is refunded.")),
)
