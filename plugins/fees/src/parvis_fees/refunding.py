"""Giving money back through the provider that took it: noted first, asked for outside any transaction, settled once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from parvis.db import transaction
from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, NoSuchRequest, Situation, Write, conflict_with
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record, get, locked
from parvis.troubles import Words, kept, only_words
from parvis_fees.accounting import account, situation
from parvis_fees.at_the_desk import NO_SUCH, At, at_charge, may_give_back, paid_by, refunded
from parvis_fees.payments import (
    Payment,
    add_payment,
    change_payment,
    new_refund,
    payment_of,
    payment_with,
    payments_of,
)
from parvis_fees.providers import asked
from parvis_fees.tables import Payment as PaymentRow
from parvis_sdk.amounts import money_shown
from parvis_sdk.payments import Refund, Report
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

Source = Callable[[Situation], Awaitable[Payment | Denied]]
AGAIN = timedelta(minutes=2)
NOT_ONLINE = Text(
    fr="«\u00a0{title}\u00a0» n’a pas été payé en ligne\u00a0: remboursez au comptoir.",
    en="“{title}” was not paid online: refund it at the counter.",
)
GIVEN_BACK = Text(
    fr="Ce paiement en trop a déjà été remboursé, ou son remboursement est demandé.",
    en="This surplus payment has been refunded already, or its refund has been requested.",
)
NOT_GIVEN = Text(
    fr="Le prestataire n’a pas accepté le remboursement de {amount}\u00a0: {why}",
    en="The provider did not accept the refund of {amount}: {why}",
)

FOREIGN = Text(
    fr="Invité à rembourser {amount}, le prestataire répond au sujet d’un autre paiement "
    "({number}). Rien n’est inscrit comme remboursé. Voyez le rapprochement des paiements.",
    en="When asked to refund {amount}, the provider answered about another payment ({number}). "
    "Nothing is recorded as refunded. See the reconciliation of payments.",
)


async def refund_online(
    host: Host,
    town: Jurisdiction,
    reference: str,
    charge: UUID,
    cents: int,
    *,
    actor: Actor,
    expected: int | None = None,
) -> Record | Denied | Conflict:
    """Give back part or all of what was paid online; a provider that is away is asked again until it has done it."""
    noted = await _note(host, reference, partial(_paid, charge, cents), cents, actor, expected)
    return await _given(host, town, noted)


async def refund_surplus(
    host: Host, town: Jurisdiction, payment: Payment, *, actor: Actor
) -> Record | Denied | Conflict:
    """Give back the whole of a payment that came when nothing was owed."""
    record = await get(host, payment.request)
    source = partial(_surplus, payment.id)
    noted = await _note(host, record.reference, source, payment.amount, actor)
    return await _given(host, town, noted)


async def _given(host: Host, town: Jurisdiction, noted: Payment | Denied | Conflict) -> Record | Denied | Conflict:
    """Ask for what was noted; denied where the provider says no."""
    if isinstance(noted, Denied | Conflict):
        return noted
    await send(host, town, noted)
    now = await payment_with(noted.id)
    if now is not None and now.state == "failed":
        return Denied(code="not_possible", reason=_not_given(now, now.trouble.what if now.trouble else ""))
    return await get(host, noted.request)


def _not_given(refund: Payment, why: Words) -> Text:
    return NOT_GIVEN.format(amount=money_shown(refund.amount), why=why)


async def _note(
    host: Host, reference: str, source: Source, cents: int, actor: Actor, expected: int | None = None
) -> Payment | Denied | Conflict:
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None:
            raise NoSuchRequest(reference)
        if expected is not None and (conflict := await conflict_with(record, expected)):
            return conflict
        here = await situation(host, record)
        found = await source(here)
        if isinstance(found, Denied):
            return found
        by = {"by": actor.id[:60], "by_name": actor.name[:120]}
        row = new_refund(here, found, cents, state="begun", look_at=here.at + AGAIN, **by)
        await add_payment(row)
        return payment_of(row)


async def _paid(charge: UUID, cents: int, here: Situation) -> Payment | Denied:
    """The payment by which a charge was paid, where so much of it can go back online."""
    at = await at_charge(here, charge)
    if isinstance(at, Denied):
        return at
    source = paid_by(at)
    if source is None:
        return Denied(code="unknown", reason=NO_SUCH)
    return at.denied(NOT_ONLINE) if source.way != "online" else may_give_back(at, cents) or source


async def _surplus(id: UUID, here: Situation) -> Payment | Denied:
    """The surplus payment, unless it was given back or is being given back."""
    moved = await payments_of(here.record.id)
    found = next((each for each in moved if each.id == id and each.surplus and each.state == "paid"), None)
    under_way = any(each.of == id and each.state != "failed" for each in moved)
    if found is None or under_way or found.refunded:
        return Denied(code="not_possible", reason=GIVEN_BACK)
    return found


async def send(host: Host, town: Jurisdiction, refund: Payment) -> bool:
    """Ask the provider to give the money back, and settle its answer; whether it answered."""
    provider = host.plugins.payments.get(refund.provider)
    source = await payment_with(refund.of) if refund.of else None
    if provider is None or source is None:
        return False
    wanted = Refund(
        key=str(refund.id),
        payment=str(source.id),
        id=source.external_id,
        town=town.code,
        amount=refund.amount,
        currency=refund.currency,
    )
    answer = await asked(host, provider, partial(provider.refund, wanted))
    if isinstance(answer, Failure) and answer.kind != "refused":
        return False
    record = await get(host, refund.request)
    actor = Actor(kind="agent" if refund.by else "system", id=refund.by, name=refund.by_name)
    await account(host, record.reference, partial(_plan, host, refund.id, answer, actor), actor=actor)
    return True


async def _plan(host: Host, id: UUID, answer: Report | Failure, actor: Actor, here: Situation) -> Change | None:
    refund = await payment_with(id)
    source = await payment_with(refund.of) if refund and refund.of else None
    if refund is None or source is None or refund.state != "begun":
        return None
    if isinstance(answer, Report) and (answer.key, answer.id) != (str(source.id), source.external_id):
        strange = FOREIGN.format(number=answer.id, amount=money_shown(refund.amount))
        left: Row = {PaymentRow.trouble: kept(only_words(strange)), PaymentRow.look_at: None}
        told = Line(kind="note", audience="internal", personal={"note": {"fr": strange.fr, "en": strange.en}})
        return Change(line=told, writes=(partial(change_payment, id, here.at, left),))
    if isinstance(answer, Failure):
        words = _not_given(refund, answer.what)
        trouble = kept(only_words(answer.what))
        values: Row = {PaymentRow.state: "failed", PaymentRow.trouble: trouble, PaymentRow.look_at: None}
        line = Line(kind="note", audience="internal", personal={"note": {"fr": words.fr, "en": words.en}})
        return Change(line=line, writes=(partial(change_payment, id, here.at, values),))
    return await given_back(host, here, source, refund.amount, partial(made, id, here.at), actor)


async def made(id: UUID, at: datetime) -> None:
    """Inside a transaction: a refund that was asked for has been made."""
    await change_payment(id, at, {PaymentRow.state: "paid", PaymentRow.settled_at: at, PaymentRow.look_at: None})


async def given_back(host: Host, here: Situation, source: Payment, cents: int, write: Write, actor: Actor) -> Change:
    """The change by which a provider has given back so much of a payment; `write` is that of the refund itself.

    The requester is told, unless the town never kept that money.
    """
    at = await at_charge(here, source.charge)
    is_kept = isinstance(at, At) and not source.surplus and cents <= at.charge.amount - at.charge.refunded
    if isinstance(at, At) and is_kept:
        return refunded(host, at, cents, source, (write,), actor=actor, way="online")
    back: Row = {PaymentRow.refunded: source.refunded + cents}
    return Change(
        line=Line(kind="refunded", audience="internal", body={"cents": cents}),
        writes=(write, partial(change_payment, source.id, here.at, back)),
    )
