"""Payment at the desk: money taken over the counter, a charge waived with its reason, money given back by hand."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis.db.tables import Row
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, Write, change, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.parts.part_kinds import about
from parvis.requests.records import Record
from parvis_fees.charges import Charge, change_charge, charges_of, fee_of, is_declared
from parvis_fees.payments import (
    Payment,
    add_payment,
    change_payment,
    is_payment_of_another,
    new_payment,
    next_receipt,
    payments_of,
)
from parvis_fees.tables import Charge as ChargeRow
from parvis_fees.tables import Payment as PaymentRow
from parvis_sdk.amounts import money_shown
from parvis_sdk.fee_rules import NOT_OWED, NOTHING_TO_GIVE
from parvis_sdk.fees import Fee
from parvis_sdk.subscriptions import PaidThere
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

CounterWay = Literal["cash", "cheque", "terminal"]
Planned = Change | Denied
NO_SUCH = Text(fr="Ces frais n’existent pas.", en="There is no such fee.")
PAID_FOR_NOTHING = Text(
    fr="«\u00a0{plugin}\u00a0» annonce un paiement de {amount} (nº\u00a0{number}) pour des frais inconnus ici.",
    en="“{plugin}” reports a payment of {amount} (no. {number}) for an unknown fee.",
)
PAID_FOR_ANOTHER = Text(
    fr="«\u00a0{plugin}\u00a0» annonce un paiement de {amount} (nº\u00a0{number}) déjà inscrit "
    "pour une autre requête. Rien n’est inscrit comme payé.",
    en="“{plugin}” reports a payment of {amount} (no. {number}) that is already recorded for "
    "another request. Nothing is recorded as paid.",
)
PAID_TWICE = Text(
    fr="«\u00a0{plugin}\u00a0» annonce un paiement de {amount} (nº\u00a0{number}), mais rien n’est "
    "dû pour «\u00a0{title}\u00a0». Remboursez-le dans ce système.",
    en="“{plugin}” reports a payment of {amount} (no. {number}), but nothing is owed for "
    "“{title}”. Refund it in that system.",
)
PAID_OTHERWISE = Text(
    fr="«\u00a0{plugin}\u00a0» annonce un paiement de {amount} (nº\u00a0{number}) pour "
    "«\u00a0{title}\u00a0», mais {owed} sont dus. Les frais restent à payer.",
    en="“{plugin}” reports a payment of {amount} (no. {number}) for “{title}”, but {owed} is owed. "
    "The fee is still to be paid.",
)
UNDER_WAY = Text(
    fr="Un remboursement est déjà en cours pour «\u00a0{title}\u00a0».",
    en="A refund is already under way for “{title}”.",
)


class At(Struct, frozen=True, kw_only=True):
    """A charge under lock: its fee, itself, and the money that has moved for it.

    A `former` one is of a fee that the request had as another type. Money goes back for it, and nothing follows of it.
    """

    here: Situation
    fee: Fee
    charge: Charge
    payments: tuple[Payment, ...]
    former: bool = False

    def facts(self, word: str, cents: int, **said: Text) -> dict[str, dict[str, Text]]:
        """One fact of the fee, with an amount and what else messages may say."""
        return about(self.fee, word, {"amount": money_shown(cents), **said})

    @property
    def is_owed(self) -> bool:
        """Whether money is still to come for it."""
        return self.charge.is_owed and not self.former

    def denied(self, reason: Text, **named: object) -> Denied:
        return Denied(code="not_possible", reason=reason.format(title=self.fee.title, **named))


async def at_charge(here: Situation, id: UUID) -> At | Denied:
    """The charge of that id, if it is one of this request's."""
    charge = next((each for each in await charges_of(here.record.id) if each.id == id), None)
    if charge is None:
        return Denied(code="unknown", reason=NO_SUCH)
    of_request, former = await payments_of(here.record.id), not is_declared(here.request_type, charge)
    return At(here=here, fee=fee_of(here.request_type, charge), charge=charge, payments=of_request, former=former)


async def at_owed(here: Situation, id: UUID) -> At | Denied:
    """The same where money is still to come for it."""
    at = await at_charge(here, id)
    if isinstance(at, Denied):
        return at
    return at if at.is_owed else at.denied(NOT_OWED)


async def take_at_counter(
    host: Host,
    reference: str,
    charge: UUID,
    *,
    way: CounterWay,
    note: str = "",
    actor: Actor,
    expected: int | None = None,
) -> Record | Denied | Conflict:
    """Take the whole of a charge over the counter; `note` is the number of a cheque or of a terminal's slip."""
    plan = partial(_plan_taking, host, charge, way, note, actor)
    return await change(host, reference, plan, actor=actor, expected=expected)


async def _plan_taking(host: Host, id: UUID, way: str, note: str, actor: Actor, here: Situation) -> Planned:
    at = await at_owed(here, id)
    if isinstance(at, Denied):
        return at
    receipt = next_receipt(here, at.payments)
    taken = {"way": way, "state": "paid", "note": note, "receipt": receipt, "settled_at": here.at}
    row = new_payment(here, at.charge, by=actor.id[:60], by_name=actor.name[:120], **taken)
    return paid(host, at, partial(add_payment, row), actor=actor, body={"way": way, "receipt": receipt})


def paid(host: Host, at: At, write: Write, *, actor: Actor, body: Mapping[str, Any]) -> Change:
    """The change by which a charge is paid, once."""
    cents = at.charge.amount
    settle: Row = {ChargeRow.state: "paid", ChargeRow.settled_at: at.here.at}
    return happening(
        host,
        at.here,
        at.facts("paid", cents),
        actor=actor,
        writes=(write, partial(change_charge, at.charge.id, at.here.at, settle)),
        body={"charge": at.charge.number, "cents": cents, **body},
    )


async def paid_elsewhere(host: Host, reference: str, told: PaidThere, actor: Actor) -> Text | None:
    """Inside a transaction: a charge was paid through an invoice of another system; or what is to be said instead."""
    planned = await change_within(host, reference, partial(_plan_paid_elsewhere, host, told, actor), actor=actor)
    return planned if isinstance(planned, Text) else None


async def _plan_paid_elsewhere(host: Host, told: PaidThere, actor: Actor, here: Situation) -> Change | Text | None:
    named = {"plugin": actor.name, "amount": money_shown(told.cents), "number": told.number or "?"}
    try:
        at = await at_charge(here, UUID(told.charge))
    except ValueError:
        return PAID_FOR_NOTHING.format(**named)
    if isinstance(at, Denied):
        return PAID_FOR_NOTHING.format(**named)
    if any((each.provider, each.external_id) == (actor.name, told.number) for each in at.payments):
        return None  # it was told before, under another key
    if await is_payment_of_another(actor.name, told.number, here.record.id):
        return PAID_FOR_ANOTHER.format(**named)
    if not at.charge.is_owed:
        return PAID_TWICE.format(title=at.fee.title, **named)
    if (told.cents, told.currency) != (at.charge.amount, at.charge.currency):
        return PAID_OTHERWISE.format(title=at.fee.title, owed=money_shown(at.charge.amount), **named)
    taken: Row = {"way": "invoice", "provider": actor.name[:60], "external_id": told.number[:120], "state": "paid"}
    receipt = next_receipt(here, at.payments)
    row = new_payment(here, at.charge, receipt=receipt, settled_at=here.at, **taken)
    return paid(host, at, partial(add_payment, row), actor=actor, body={"way": "invoice", "receipt": receipt})


async def waive(
    host: Host, reference: str, charge: UUID, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Let a charge off, with a reason that the requester is told."""
    plan = partial(_plan_waiving, host, charge, reason, actor)
    return await change(host, reference, plan, actor=actor, expected=expected)


async def _plan_waiving(host: Host, id: UUID, reason: str, actor: Actor, here: Situation) -> Planned:
    at = await at_owed(here, id)
    if isinstance(at, Denied):
        return at
    settle: Row = {ChargeRow.state: "waived", ChargeRow.reason: reason, ChargeRow.settled_at: here.at}
    return happening(
        host,
        here,
        at.facts("waived", at.charge.amount, reason=Text(fr=reason)),
        actor=actor,
        writes=(partial(change_charge, at.charge.id, here.at, settle),),
        body={"charge": at.charge.number, "cents": at.charge.amount},
        personal={"words": reason},
    )


async def give_back(
    host: Host,
    reference: str,
    charge: UUID,
    cents: int,
    *,
    way: CounterWay,
    note: str = "",
    actor: Actor,
    expected: int | None = None,
) -> Record | Denied | Conflict:
    """Note that money was given back by hand: cash, a cheque, a credit on the terminal."""
    plan = partial(_plan_giving_back, host, charge, cents, way, note, actor)
    return await change(host, reference, plan, actor=actor, expected=expected)


async def _plan_giving_back(
    host: Host, id: UUID, cents: int, way: str, note: str, actor: Actor, here: Situation
) -> Planned:
    at = await at_charge(here, id)
    if isinstance(at, Denied):
        return at
    if refusal := may_give_back(at, cents):
        return refusal
    source = paid_by(at)
    row = new_payment(
        here,
        at.charge,
        kind="refund",
        of=source.id if source else None,
        way=way,
        state="paid",
        amount=cents,
        note=note,
        by=actor.id[:60],
        by_name=actor.name[:120],
        settled_at=here.at,
    )
    return refunded(host, at, cents, source, (partial(add_payment, row),), actor=actor, way=way)


def paid_online(payments: tuple[Payment, ...]) -> bool:
    """Whether the payment that settled the charge, among those of it, came through a provider."""
    taken = (each for each in payments if each.kind == "payment" and not each.surplus)
    return any(each.way == "online" and each.state == "paid" for each in taken)


def paid_by(at: At) -> Payment | None:
    """The payment that settled the charge."""
    of_charge = (each for each in at.payments if each.charge == at.charge.id and each.kind == "payment")
    return next((each for each in of_charge if each.state == "paid" and not each.surplus), None)


def may_give_back(at: At, cents: int) -> Denied | None:
    """Why so much cannot be given back, if it cannot."""
    if at.charge.state != "paid" or not 0 < cents <= at.charge.amount - at.charge.refunded:
        return at.denied(NOTHING_TO_GIVE, amount=money_shown(cents))
    if any(each.is_refund_begun for each in at.payments if each.charge == at.charge.id):
        return at.denied(UNDER_WAY)
    return None


def refunded(
    host: Host, at: At, cents: int, source: Payment | None, writes: tuple[Write, ...], *, actor: Actor, way: str
) -> Change:
    """The transition that refunds the payer. What a payment says was refunded went through its provider."""
    charge = at.charge
    more: tuple[Write, ...] = (partial(change_charge, charge.id, at.here.at, with_less(charge, cents)),)
    if source is not None and way == "online":
        more += (partial(change_payment, source.id, at.here.at, {PaymentRow.refunded: source.refunded + cents}),)
    if at.former:
        return Change(line=Line(kind="refunded", audience="internal", body={"cents": cents}), writes=(*writes, *more))
    return happening(
        host,
        at.here,
        at.facts("refunded", cents),
        actor=actor,
        writes=(*writes, *more),
        body={"charge": charge.number, "cents": cents, "way": way},
    )


def with_less(charge: Charge, cents: int) -> Row:
    """What becomes of a paid charge once so much of it was given back."""
    back = charge.refunded + cents
    return {
        ChargeRow.refunded: back,
        ChargeRow.refund_due: max(0, charge.refund_due - cents),
        ChargeRow.state: "refunded" if back >= charge.amount else "paid",
    }
