"""Paying online: a payment is opened at the provider under a key of ours, and what the provider reports is settled.

The key is written before the provider is asked, and looked up before anything new is opened: whatever is killed or lost
in between, a charge is paid once.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure
from parvis.requests.host import Host
from parvis.requests.records import Record, locked
from parvis.troubles import kept, only_words
from parvis_fees.accounting import situation
from parvis_fees.at_the_desk import At, at_owed
from parvis_fees.charges import Charge
from parvis_fees.payments import (
    LONGEST_NUMBER,
    UNDER_WAY,
    Payment,
    add_payment,
    change_payment,
    is_of_another,
    new_payment,
    payment_of,
    payment_with,
)
from parvis_fees.providers import asked, provider_of
from parvis_fees.settling import Settled, settle
from parvis_fees.tables import Charge as ChargeRow
from parvis_fees.tables import Payment as PaymentRow
from parvis_sdk.payments import Begun, Order, PaymentProvider, Report
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

FIRST_LOOK = timedelta(minutes=2)  # a payer takes longer; a call-back that is lost is missed by then
MOST_TRIES = 3  # payments that are found ended while one is to be opened
AWAY = Text(
    fr="Le paiement en ligne n’est pas disponible pour le moment. Rien n’a été débité.",
    en="Online payment is not available at the moment. Nothing was charged.",
)
NO_PROVIDER = Text(fr="La Ville n’accepte pas de paiement en ligne.", en="The town does not accept online payments.")
FOREIGN = Text(
    fr="le prestataire répond au sujet d’un autre paiement", en="the provider answered about another payment"
)
CLOSED = Text(fr="Cette requête est fermée.", en="This request is closed.")


class PaymentRedirect(Struct, frozen=True, kw_only=True):
    """Where the person goes to pay."""

    url: str
    payment: UUID


class PaidAlready(Struct, frozen=True, kw_only=True):
    """Nothing more is to be paid: an earlier payment has come through."""


class Away(Struct, frozen=True, kw_only=True):
    """The provider cannot be reached; nothing was charged."""

    reason: Text = AWAY


class Links(Struct, frozen=True, kw_only=True):
    """Where the person comes back to, and where the provider calls; `{payment}` stands for the key."""

    back: str
    calls: str


Answer = PaymentRedirect | PaidAlready | Away | Denied


def may_pay_online(host: Host, town: Jurisdiction, record: Record, charge: Charge) -> bool:
    """Whether the person is offered to pay this online."""
    under_way = record.phase is not Phase.CLOSED and record.erased_at is None
    return charge.is_owed and under_way and provider_of(host, town) is not None


async def pay_online(
    host: Host, town: Jurisdiction, reference: str, charge: UUID, *, language: str, links: Links
) -> Answer:
    """Where the person is sent to pay a charge; the payment that is under way, if there is one."""
    provider = provider_of(host, town)
    if provider is None:
        return Denied(code="not_possible", reason=NO_PROVIDER)
    for _ in range(MOST_TRIES):
        began = await _begin(host, reference, charge, provider.name)
        if isinstance(began, Denied):
            return began
        at, payment, fresh = began
        report: Report | Failure | None = None
        if not fresh:
            report = await _looked_up(host, provider, town, payment)
        if isinstance(report, Failure):
            return Away()
        if report is None:
            return await _open(host, town, provider, at, payment, language, links)
        if report.state == "open" and report.url:
            is_ours = await _opened(host, at, payment, report.id)
            return PaymentRedirect(url=report.url, payment=payment.id) if is_ours else Away()
        await settle(host, town, provider.name, report)
        if report.state == "paid":
            return PaidAlready()
    return Away()


async def _begin(host: Host, reference: str, charge: UUID, provider: str) -> tuple[At, Payment, bool] | Denied:
    """The payment of this charge that is under way, or a new one: its row is there before anybody is asked."""
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None or record.erased_at is not None or record.phase is Phase.CLOSED:
            return Denied(code="not_possible", reason=CLOSED)
        at = await at_owed(await situation(host, record), charge)
        if isinstance(at, Denied):
            return at
        mine = (each for each in at.payments if each.charge == charge and each.provider == provider)
        waiting = next((each for each in mine if each.kind == "payment" and each.state in UNDER_WAY), None)
        if waiting is not None:
            return at, waiting, False
        row = new_payment(
            at.here, at.charge, way="online", provider=provider, state="begun", look_at=at.here.at + FIRST_LOOK
        )
        await add_payment(row)
        return at, payment_of(row), True


async def _open(
    host: Host, town: Jurisdiction, provider: PaymentProvider, at: At, payment: Payment, language: str, links: Links
) -> Answer:
    reference = at.here.record.reference
    order = Order(
        key=str(payment.id),
        town=town.code,
        amount=payment.amount,
        currency=payment.currency,
        description=f"{at.fee.title.to(language)}, {reference}",
        reference=reference,
        language=language,
        return_url=links.back.replace("{payment}", str(payment.id)),
        call_url=links.calls,
    )
    begun = await asked(host, provider, partial(provider.begin, order))
    if not isinstance(begun, Begun):
        return Away()
    is_ours = await _opened(host, at, payment, begun.id)
    return PaymentRedirect(url=begun.url, payment=payment.id) if is_ours else Away()


async def _looked_up(
    host: Host, provider: PaymentProvider, town: Jurisdiction, payment: Payment
) -> Report | Failure | None:
    """What the provider says of a payment of ours; that it speaks of another one is a failure of its."""
    report = await asked(host, provider, partial(provider.look_up, str(payment.id), town.code))
    if isinstance(report, Report) and report.key != str(payment.id):
        return Failure(kind="refused", what=FOREIGN)
    return report


async def _opened(host: Host, at: At, payment: Payment, external_id: str) -> bool:
    """Record that the payment waits for its payer, unless news of it has come since.

    False where the provider calls another payment by that number: nobody is sent to pay somebody else's, and a person
    sees to it.
    """
    async with transaction(host.engine):
        await locked(host, at.here.record.reference)
        now = await payment_with(payment.id)
        if now is None or now.state not in UNDER_WAY:
            return True
        if await is_of_another(now, external_id):
            trouble = kept(only_words(FOREIGN))
            wrong: Row = {PaymentRow.state: "wrong", PaymentRow.look_at: None, PaymentRow.trouble: trouble}
            await change_payment(payment.id, clock.now(), wrong)
            return False
        values: Row = {PaymentRow.state: "open", PaymentRow.external_id: external_id[:LONGEST_NUMBER]}
        await change_payment(payment.id, clock.now(), values)
        owed = ChargeRow.state.is_in(["due", "failed"])
        await ChargeRow.update({ChargeRow.state: "pending"}).where((ChargeRow.id == at.charge.id) & owed)
    return True


Standing = Literal["paid", "failed", "waiting"]


async def come_back(host: Host, town: Jurisdiction, record: Record, payment: UUID) -> Standing | None:
    """How a payment stands by the provider's own word, when its payer comes back; None where it is not theirs."""
    found = await payment_with(payment)
    if found is None or found.request != record.id or found.kind != "payment":
        return None
    if found.state in UNDER_WAY:
        await look(host, town, found)
        found = await payment_with(payment) or found
    return "waiting" if found.state in (*UNDER_WAY, "wrong") else "paid" if found.state == "paid" else "failed"


async def look(host: Host, town: Jurisdiction, payment: Payment) -> Settled | None:
    """Ask the provider how a payment stands and settle it; None where it cannot be asked or has nothing to say."""
    provider = host.plugins.payments.get(payment.provider)
    if provider is None:
        return None
    report = await _looked_up(host, provider, town, payment)
    if isinstance(report, Failure):
        return None
    if report is not None:
        return await settle(host, town, provider.name, report)
    if payment.made_at < clock.now() - timedelta(hours=1):
        # It never came to be there: the person's press was cut short, and they have pressed again or gone.
        return await settle(host, town, provider.name, _never(payment))
    return None


def _never(payment: Payment) -> Report:
    return Report(
        key=str(payment.id),
        id="",
        state="expired",
        amount=payment.amount,
        currency=payment.currency,
        at=clock.now(),
    )


def later(payment: Payment, now: datetime) -> datetime:
    """When it is looked for again: the older it is, the more seldom."""
    age = now - payment.made_at
    return now + min(max(age, FIRST_LOOK), timedelta(hours=6))
