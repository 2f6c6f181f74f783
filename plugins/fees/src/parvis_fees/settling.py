"""Settling what a payment provider reports: in any order, any number of times, and never against what we asked for."""

from functools import partial
from typing import Literal
from uuid import UUID

from msgspec import structs

from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Plan, Situation, Write
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.records import Record, get
from parvis.troubles import kept, only_words
from parvis_fees.accounting import account
from parvis_fees.at_the_desk import At, at_charge, paid
from parvis_fees.charges import change_charge
from parvis_fees.payments import (
    LONGEST_NUMBER,
    UNDER_WAY,
    Payment,
    add_payment,
    change_payment,
    is_of_another,
    new_refund,
    next_receipt,
    payment_with,
)
from parvis_fees.refunding import given_back, made
from parvis_fees.tables import Charge as ChargeRow
from parvis_fees.tables import Payment as PaymentRow
from parvis_sdk.amounts import money_shown
from parvis_sdk.payments import Report
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

Settled = Literal["settled", "nothing_new", "unknown", "wrong"]
WRONG = Text(
    fr="Le prestataire de paiement annonce {told}, mais le montant attendu est {ours}. Rien n’est "
    "inscrit comme payé. Voyez le rapprochement des paiements.",
    en="The payment provider reports {told}, but {ours} was expected. Nothing is recorded as paid. "
    "See the reconciliation of payments.",
)
FOREIGN = Text(
    fr="Le prestataire de paiement répond au sujet d’un autre paiement ({number}). Rien n’est "
    "inscrit comme payé. Voyez le rapprochement des paiements.",
    en="The payment provider answered about another payment ({number}). Nothing is recorded as "
    "paid. See the reconciliation of payments.",
)
IN_CURRENCY = Text(fr="{amount}\u00a0({currency})", en="{amount} ({currency})")
UNLIKE = Text(fr="{told} ≠ {ours}", en="{told} ≠ {ours}")
ENDED = {
    "declined": Text(fr="le paiement a été refusé", en="the payment was declined"),
    "cancelled": Text(fr="le paiement a été annulé", en="the payment was cancelled"),
    "expired": Text(fr="le délai pour payer est passé", en="the time to pay has passed"),
}
SURPLUS = Text(
    fr="Un paiement en ligne de {amount} a été reçu alors que rien n’était dû. Il est à rembourser.",
    en="An online payment of {amount} was received when nothing was owed. It is to be refunded.",
)


async def settle(host: Host, town: Jurisdiction, provider: str, report: Report) -> Settled:
    """Write down what a provider says of one payment of a town, with everything that follows of it, in one unit."""
    payment = await _ours(town, provider, report)
    if payment is None:
        return "unknown"
    record = await get(host, payment.request)
    known = host.plugins.payments.get(provider)
    actor = Actor(kind="plugin", id=provider, name=known.title.fr if known else provider)
    plan: Plan[Settled] = partial(_plan, host, payment.id, report, actor)
    became: Record | Settled | Conflict = await account(host, record.reference, plan, actor=actor)
    return "settled" if isinstance(became, Record | Conflict) else became


async def _ours(town: Jurisdiction, provider: str, report: Report) -> Payment | None:
    """The payment that is told of, if it is one of this town, made at this provider."""
    try:
        payment = await payment_with(UUID(report.key))
    except ValueError:
        return None
    if payment is None or (payment.jurisdiction, payment.provider) != (town.code, provider):
        return None
    return payment


async def _plan(host: Host, id: UUID, report: Report, actor: Actor, here: Situation) -> Change | Settled:
    # Read again under the lock of the request: another report may have been written since.
    payment = await payment_with(id)
    if payment is None or payment.kind == "refund":
        return "nothing_new"
    at = await at_charge(here, payment.charge)
    if isinstance(at, Denied):
        return "nothing_new"
    if await is_of_another(payment, report.id):
        if payment.state == "paid":
            return "nothing_new"  # what came stays; comparing shows the rest
        unlike = UNLIKE.format(told=report.id, ours=payment.external_id or str(payment.id))
        return _wrong(at, payment, FOREIGN.format(number=report.id), unlike)
    match report.state:
        case "paid" | "refunded":
            return await _came(host, at, payment, report, actor)
        case "declined" | "cancelled" | "expired" if payment.state in UNDER_WAY:
            return _ended(host, at, payment, report, actor)
    return "nothing_new"


async def _came(host: Host, at: At, payment: Payment, report: Report, actor: Actor) -> Change | Settled:
    if (report.amount, report.currency) != (payment.amount, payment.currency):
        told, ours = (_in_its_currency(each) for each in (report, payment))
        return _wrong(at, payment, WRONG.format(told=told, ours=ours), UNLIKE.format(told=told, ours=ours))
    if payment.state != "paid":
        return _paid(host, at, payment, report, actor)
    back = report.refunded - payment.refunded
    return await _given_back(host, at, payment, back, actor) if back > 0 else "nothing_new"


def _paid(host: Host, at: At, payment: Payment, report: Report, actor: Actor) -> Change:
    receipt = next_receipt(at.here, at.payments)
    is_owed = at.is_owed and at.here.record.erased_at is None
    values: Row = {
        PaymentRow.state: "paid",
        PaymentRow.external_id: report.id[:LONGEST_NUMBER],
        PaymentRow.settled_at: at.here.at,
        PaymentRow.receipt: receipt,
        PaymentRow.surplus: not is_owed,
        PaymentRow.look_at: None,
        PaymentRow.trouble: "",
    }
    write = partial(change_payment, payment.id, at.here.at, values)
    if is_owed:
        return paid(host, at, write, actor=actor, body={"way": "online", "receipt": receipt})
    return Change(line=_note(SURPLUS.format(amount=money_shown(payment.amount))), writes=(write,))


def _wrong(at: At, payment: Payment, said: Text, unlike: Text) -> Change | Settled:
    """A person sees to it."""
    if payment.state == "wrong":
        return "nothing_new"
    values: Row = {
        PaymentRow.state: "wrong",
        PaymentRow.look_at: None,
        PaymentRow.trouble: kept(only_words(unlike)),
    }
    return Change(
        line=_note(said),
        writes=(partial(change_payment, payment.id, at.here.at, values),),
    )


def _in_its_currency(money: Report | Payment) -> Text:
    shown = money_shown(money.amount)
    return shown if money.currency == "CAD" else IN_CURRENCY.format(amount=shown, currency=money.currency)


def _note(words: Text) -> Line:
    return Line(kind="note", audience="internal", personal={"note": structs.asdict(words)})


def _ended(host: Host, at: At, payment: Payment, report: Report, actor: Actor) -> Change:
    """A payment that came to nothing: the charge is as it was before. Only a refusal is told to the person."""
    trouble = kept(only_words(ENDED[report.state]))
    values: Row = {PaymentRow.state: "failed", PaymentRow.look_at: None, PaymentRow.trouble: trouble}
    others = any(each.id != payment.id and each.charge == at.charge.id and each.state == "open" for each in at.payments)
    writes: tuple[Write, ...] = (partial(change_payment, payment.id, at.here.at, values),)
    declined = report.state == "declined"
    if at.charge.state in ("pending", "due") and not others:
        state: Row = {ChargeRow.state: "failed" if declined else "due"}
        writes += (partial(change_charge, at.charge.id, at.here.at, state),)
    if declined and at.is_owed:
        body = {"charge": at.charge.number, "cents": payment.amount}
        facts = at.facts("failed", payment.amount)
        return happening(host, at.here, facts, actor=actor, writes=writes, body=body)
    return Change(line=Line(kind="unpaid", audience="internal", body={"why": report.state}), writes=writes)


async def _given_back(host: Host, at: At, payment: Payment, cents: int, actor: Actor) -> Change:
    """The provider gave money back on its own pages: noted as if it had been done here."""
    asked_for = (each for each in at.payments if each.of == payment.id and each.state == "begun")
    ours = next((each for each in asked_for if each.amount == cents), None)
    if ours is not None:  # we had asked for it ourselves, and its report was quicker than its answer
        return await given_back(host, at.here, payment, cents, partial(made, ours.id, at.here.at), actor)
    row = new_refund(at.here, payment, cents, state="paid", settled_at=at.here.at)
    return await given_back(host, at.here, payment, cents, partial(add_payment, row), actor)
