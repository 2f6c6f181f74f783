"""Reconciling: what we hold of online payments beside what the provider holds; what differs is told, and mended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row, ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure
from parvis.requests.host import Host
from parvis_fees.paying import later, look
from parvis_fees.payments import UNDER_WAY, Payment, payment_of, payment_with
from parvis_fees.providers import asked, provider_of
from parvis_fees.refunding import send
from parvis_fees.tables import Payment as PaymentRow
from parvis_sdk.payments import Report
from parvis_sdk.text import Text

NO_PROVIDER = Text(
    fr="la configuration de la ville ne nomme aucun prestataire de paiement installé",
    en="the town’s configuration names no installed payment provider",
)
BATCH = 25
MARGIN = timedelta(days=1)  # theirs may have been opened shortly before a period that ours was settled in
LONG = 60.0  # seconds for a whole period at the provider
STALE = timedelta(hours=1)
MOST_AT_ONCE = 500  # keys in one query

Kind = Literal["missed", "unlike", "unknown", "absent", "refunded", "surplus", "stuck"]
"""Paid there and not here; another amount there; none of ours; paid here and not there; given back there and not here;
paid when nothing was owed; a refund or payment that never came to an end."""
MENDED_BY_LOOKING: tuple[Kind, ...] = ("missed", "refunded", "stuck")


class Difference(Struct, frozen=True, kw_only=True):
    """One payment of which the two sides do not say the same."""

    kind: Kind
    key: str
    external_id: str
    reference: str = ""
    ours: int | None = None
    theirs: int | None = None
    at: datetime

    @property
    def can_be_mended(self) -> bool:
        """Whether asking the provider once more brings ours into line."""
        return self.kind in MENDED_BY_LOOKING


class ReconciliationSummary(Struct, frozen=True, kw_only=True):
    """A period of one town: how many payments were looked at on each side, what both hold, and what differs."""

    provider: str
    ours: int
    theirs: int
    paid: int
    differences: tuple[Difference, ...]


async def compare(host: Host, town: Jurisdiction, since: datetime, until: datetime) -> ReconciliationSummary | Failure:
    """What differs between our records of a period and the provider's."""
    provider = provider_of(host, town)
    if provider is None:
        return Failure(kind="refused", what=NO_PROVIDER)
    # Providers list by the last change, which may have come long after the period.
    listing = partial(provider.listed, town.code, since - MARGIN, max(until, clock.now()) + MARGIN)
    reports = await asked(host, provider, listing, LONG)
    if isinstance(reports, Failure):
        return reports
    theirs = {report.key: report for report in reports}
    ours = await _ours(town.code, provider.name, since - MARGIN, until + MARGIN, theirs)
    references = await _references(ours)
    known = {str(each.id) for each in ours}
    found = [
        *(_of_ours(each, theirs.get(str(each.id)), references.get(each.request, "")) for each in ours),
        *(_unknown(report) for report in reports if report.key not in known),
    ]
    differences = [each for each in found if each is not None and since <= each.at < until]
    within = [each for each in ours if since <= (each.settled_at or each.made_at) < until]
    return ReconciliationSummary(
        provider=provider.name,
        ours=len(within),
        theirs=sum(since <= report.at < until for report in reports),
        paid=sum(each.amount for each in within if each.kind == "payment" and each.state == "paid"),
        differences=tuple(sorted(differences, key=lambda each: each.at)),
    )


async def _ours(
    town: str, provider: str, since: datetime, until: datetime, told_of: Iterable[str]
) -> tuple[Payment, ...]:
    """Payments of a period, and those of any other time that the provider tells of."""
    table = PaymentRow
    begun = (table.made_at >= since) & (table.made_at < until)
    settled = (table.settled_at >= since) & (table.settled_at < until)
    of_town = (table.jurisdiction == town) & (table.provider == provider)
    rows = await table.select().where(of_town & (begun | settled)).order_by(table.id)
    ours = {row["id"]: payment_of(row) for row in rows}
    others = sorted({key for each in told_of if (key := _as_ours(each)) is not None} - set(ours))
    for first in range(0, len(others), MOST_AT_ONCE):
        some = others[first : first + MOST_AT_ONCE]
        rows = await table.select().where(of_town & table.id.is_in(some)).order_by(table.id)
        ours |= {row["id"]: payment_of(row) for row in rows}
    return tuple(ours.values())


def _as_ours(key: str) -> UUID | None:
    """A key as we give them; None for one that is not ours by its looks."""
    try:
        return UUID(key)
    except ValueError:
        return None


async def _references(payments: tuple[Payment, ...]) -> dict[UUID, str]:
    if not payments:
        return {}
    ids = list({each.request for each in payments})
    rows = await ServiceRequest.select(ServiceRequest.id, ServiceRequest.reference).where(ServiceRequest.id.is_in(ids))
    return {row["id"]: row["reference"] for row in rows}


def _of_ours(payment: Payment, report: Report | None, reference: str) -> Difference | None:
    kind = _kind(payment, report)
    if kind is None:
        return None
    return Difference(
        kind=kind,
        key=str(payment.id),
        external_id=payment.external_id or (report.id if report else ""),
        reference=reference,
        ours=payment.refunded if kind == "refunded" else payment.amount,
        theirs=(report.refunded if kind == "refunded" else report.amount) if report else None,
        at=report.at if report and kind == "refunded" else payment.settled_at or payment.made_at,
    )


def _kind(payment: Payment, report: Report | None) -> Kind | None:
    stale = payment.made_at < clock.now() - STALE
    if payment.kind == "refund":
        return "stuck" if payment.state == "begun" and stale else None
    if report is None:
        return "absent" if payment.state == "paid" else "stuck" if payment.state in UNDER_WAY and stale else None
    came = report.state in ("paid", "refunded")
    if came and (report.amount, report.currency) != (payment.amount, payment.currency):
        return "unlike"
    if came is not (payment.state == "paid"):
        return "missed" if came else "absent" if payment.state == "paid" else None
    if report.refunded != payment.refunded:
        return "refunded"
    return "surplus" if payment.surplus and payment.refunded < payment.amount else None


def _unknown(report: Report) -> Difference | None:
    if report.state not in ("paid", "refunded"):
        return None
    return Difference(kind="unknown", key=report.key, external_id=report.id, theirs=report.amount, at=report.at)


async def mend(host: Host, town: Jurisdiction, key: str) -> bool:
    """Bring one payment of ours into line with what the provider says of it; whether that changed anything."""
    ours = _as_ours(key)
    payment = await payment_with(ours) if ours else None
    if payment is None or payment.jurisdiction != town.code:
        return False
    if payment.kind == "refund":
        return await send(host, town, payment)
    return await look(host, town, payment) == "settled"


async def look_due(host: Host) -> int:
    """Ask after every payment and refund that nobody has told us the end of; how many were asked after."""
    table, now = PaymentRow, clock.now()
    served = table.jurisdiction.is_in(list(host.jurisdictions.by_code))
    rows = await table.select().where((table.look_at <= now) & served).order_by(table.look_at).limit(BATCH)
    for payment in [payment_of(row) for row in rows]:
        # Put off first: whatever becomes of this one, the others have their turn.
        async with transaction(host.engine):
            again: Row = {table.look_at: later(payment, now) if payment.state in UNDER_WAY else None}
            await table.update(again).where((table.id == payment.id) & (table.look_at <= now))
        town = host.jurisdictions.jurisdiction(payment.jurisdiction)
        await (send(host, town, payment) if payment.kind == "refund" else look(host, town, payment))
    return len(rows)
