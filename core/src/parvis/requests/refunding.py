"""Giving money back through the provider that took it: noted first, asked for outside the unit, settled once."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from parvis import clock
from parvis.db import unit
from parvis.db.money_tables import Payment as PaymentRow
from parvis.db.tables import Row
from parvis.house.trying import Failure
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, NoSuchRequest, Situation, change
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.parts.payments import Payment, add_payment, change_payment, new_payment, payment_with
from parvis.requests.payments import NO_SUCH, At, at_charge, may_give_back, paid_by, refunded
from parvis.requests.providers import asked
from parvis.requests.records import Record, get, locked, type_of_record
from parvis.territory import Jurisdiction
from parvis_sdk.amounts import money_shown
from parvis_sdk.payments import Refund, Report
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

AGAIN = timedelta(minutes=2)
NOT_ONLINE = Text(
    fr="«\u00a0{title}\u00a0» n’a pas été payé en ligne\u00a0: remboursez au comptoir.",
    en="“{title}” was not paid online: refund it at the counter.",
)
NOT_GIVEN = Text(
    fr="Le prestataire n’a pas accepté le remboursement de {amount}\u00a0: {why}",
    en="The provider did not accept the refund of {amount}: {why}",
)


async def refund_online(
    heart: Heart, town: Jurisdiction, reference: str, charge: UUID, cents: int, *, actor: Actor
) -> Record | Denied:
    """Give back part or all of what was paid online; a provider that is away is asked again until it has done it."""
    return await _given(heart, town, await _note(heart, reference, charge, None, cents, actor))


async def refund_surplus(heart: Heart, town: Jurisdiction, payment: Payment, *, actor: Actor) -> Record | Denied:
    """Give back the whole of a payment that came when nothing was owed."""
    record = await get(heart, payment.request)
    return await _given(
        heart, town, await _note(heart, record.reference, payment.charge, payment.id, payment.amount, actor)
    )


async def _given(heart: Heart, town: Jurisdiction, noted: Payment | Denied) -> Record | Denied:
    """Ask for what was noted; denied where the provider says no."""
    if isinstance(noted, Denied):
        return noted
    await send(heart, town, noted)
    now = await payment_with(noted.id)
    if now is not None and now.state == "failed":
        return Denied(code="not_possible", reason=_not_given(now, now.trouble))
    return await get(heart, noted.request)


def _not_given(refund: Payment, why: str) -> Text:
    return NOT_GIVEN.format(amount=money_shown(refund.amount), why=why)


async def _note(
    heart: Heart, reference: str, charge: UUID, surplus: UUID | None, cents: int, actor: Actor
) -> Payment | Denied:
    async with unit(heart.engine):
        record = await locked(heart, reference)
        if record is None:
            raise NoSuchRequest(reference)
        kind, town = await type_of_record(heart, record), heart.territory.jurisdiction(record.jurisdiction)
        at = await at_charge(Situation(record=record, kind=kind, town=town, at=clock.now()), charge)
        if isinstance(at, Denied):
            return at
        source = _surplus(at, surplus) if surplus else paid_by(at)
        if source is None:
            return Denied(code="unknown", reason=NO_SUCH)
        if source.way != "online":
            return at.denied(NOT_ONLINE)
        if refusal := None if surplus else may_give_back(at, cents):
            return refusal
        row = new_payment(
            at.here,
            at.charge,
            kind="refund",
            of=source.id,
            way="online",
            provider=source.provider,
            state="begun",
            amount=cents,
            surplus=source.surplus,
            by=actor.id[:60],
            by_name=actor.name[:120],
            look_at=at.here.at + AGAIN,
        )
        await add_payment(row)
        return Payment(**row)


def _surplus(at: At, id: UUID) -> Payment | None:
    """The surplus payment, unless it was given back or is being given back."""
    found = next((each for each in at.payments if each.id == id and each.surplus and each.state == "paid"), None)
    under_way = any(each.of == id and each.state != "failed" for each in at.payments)
    return None if found is None or under_way or found.refunded else found


async def send(heart: Heart, town: Jurisdiction, refund: Payment) -> bool:
    """Ask the provider to give the money back, and settle its answer; whether it answered."""
    provider = heart.house.payments.get(refund.provider)
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
    answer = await asked(heart, provider, partial(provider.refund, wanted))
    if isinstance(answer, Failure) and answer.kind != "refused":
        return False
    record = await get(heart, refund.request)
    actor = Actor(kind="agent" if refund.by else "system", id=refund.by, name=refund.by_name)
    await change(heart, record.reference, partial(_plan, heart, refund.id, answer, actor), actor=actor)
    return True


async def _plan(heart: Heart, id: UUID, answer: Report | Failure, actor: Actor, here: Situation) -> Change | None:
    refund = await payment_with(id)
    at = await at_charge(here, refund.charge) if refund else None
    if refund is None or at is None or isinstance(at, Denied) or refund.state != "begun":
        return None
    if isinstance(answer, Failure):
        words = _not_given(refund, answer.what)
        values: Row = {PaymentRow.state: "failed", PaymentRow.trouble: answer.what[:500], PaymentRow.look_at: None}
        line = Line(kind="note", audience="internal", personal={"note": {"fr": words.fr, "en": words.en}})
        return Change(line=line, writes=(partial(change_payment, id, here.at, values),))
    return given_back(heart, at, refund, actor)


def given_back(heart: Heart, at: At, refund: Payment, actor: Actor) -> Change:
    """The change by which a refund that was asked for has been made."""
    source = next(each for each in at.payments if each.id == refund.of)
    done: Row = {PaymentRow.state: "paid", PaymentRow.settled_at: at.here.at, PaymentRow.look_at: None}
    write = partial(change_payment, refund.id, at.here.at, done)
    if not refund.surplus:
        return refunded(heart, at, refund.amount, source, (write,), actor=actor, way="online")
    back: Row = {PaymentRow.refunded: source.refunded + refund.amount}
    return Change(
        line=Line(kind="refunded", audience="internal", body={"cents": refund.amount}),
        writes=(write, partial(change_payment, source.id, at.here.at, back)),
    )
