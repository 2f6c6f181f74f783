"""The kind of part of fees: what the lifecycle, other systems and the person themselves are told of it."""

from parvis.jurisdictions import Jurisdictions
from parvis.requests.parts.part_kinds import ArchivedEntry, PartArchive, PartKind
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, may
from parvis_fees.at_the_desk import paid_elsewhere
from parvis_fees.charges import Charge, bring, charges_of, fee_of, forget, standing
from parvis_fees.payments import Payment, payments_of
from parvis_fees.tables import Charge as ChargeRow
from parvis_sdk.amounts import money_shown
from parvis_sdk.fees import Fee
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Owed, OwedItem
from parvis_sdk.text import Text

TITLE = Text(fr="{title}\u00a0: {amount}", en="{title}: {amount}")
RECEIPT = Text(fr="{said} – reçu {number} ({amount})", en="{said} – receipt {number} ({amount})")
SAID = {
    "due": Text(fr="À payer", en="To be paid"),
    "pending": Text(fr="Paiement commencé", en="Payment started"),
    "failed": Text(fr="Paiement refusé", en="Payment declined"),
    "paid": Text(fr="Payé", en="Paid"),
    "waived": Text(fr="Exonéré", en="Waived"),
    "refunded": Text(fr="Remboursé", en="Refunded"),
    "replaced": Text(fr="N’est plus à payer", en="No longer to be paid"),
}
NOTHING_LOOKED_AT = '{"items":[],"total":0,"since":"1970-01-01"}'  # a calculation of which only the amount is left


async def owed(record: Record, request_type: RequestType) -> tuple[Owed, ...]:
    """What the fees of a request came to; those that another one replaced as well."""
    return tuple(
        Owed(
            id=str(charge.id),
            fee=charge.fee,
            title=fee_of(request_type, charge).title,
            state=charge.state,
            cents=charge.amount,
            currency=charge.currency,
            items=tuple(OwedItem(code=one.code, title=one.title, cents=one.cents) for one in charge.calculation.items),
        )
        for charge in await charges_of(record.id)
    )


async def _archived(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """What something cost, line by line, amounts in cents, and the receipts; nothing for viewers who may not see
    amounts.
    """
    if viewer.kind != "holder" and not may(viewer, "money", record, jurisdictions):
        return ()
    charges = await charges_of(record.id)
    moved = await payments_of(record.id) if charges else ()
    return tuple(
        _entry(each, request_type, [one for one in moved if one.charge == each.id and one.receipt]) for each in charges
    )


def _entry(charge: Charge, request_type: RequestType, receipts: list[Payment]) -> ArchivedEntry:
    said = SAID[charge.state]
    for each in receipts:
        said = RECEIPT.format(said=said, number=each.receipt, amount=money_shown(each.amount))
    return ArchivedEntry(
        data={
            "fee": charge.fee,
            "state": charge.state,
            "amount": charge.amount,
            "currency": charge.currency,
            "refunded": charge.refunded,
            "reason": charge.reason,
            "made_at": charge.made_at,
            "settled_at": charge.settled_at,
            "items": [
                {"title": item.title, "how": item.how, "amount": item.cents} for item in charge.calculation.items
            ],
            "receipts": [
                {"number": each.receipt, "amount": each.amount, "way": each.way, "at": each.settled_at}
                for each in receipts
            ],
        },
        title=TITLE.format(title=fee_of(request_type, charge).title, amount=money_shown(charge.amount)),
        said=said,
        at=charge.settled_at or charge.made_at,
        words=charge.reason,
    )


PART_KINDS = (
    PartKind(
        noun=Fee,
        title=Text(fr="Frais", en="Fees"),
        bring=bring,
        standing=standing,
        forget=forget,
        rows=ChargeRow,
        archive=PartArchive(name="charges", of=_archived),
        owed=owed,
        paid=paid_elsewhere,
    ),
)
ERASURE = ErasureRule(
    once_removed=(
        Personal(
            table="charge",
            blank={"reason": "", "calculation": NOTHING_LOOKED_AT},
            told=("fee", "state", "amount", "currency", "refunded", "reason", "made_at", "settled_at"),
        ),
        Personal(
            table="payment",
            blank={"note": ""},
            told=("kind", "way", "state", "amount", "currency", "receipt", "settled_at"),
        ),
    )
)
"""Amounts and receipts stay, for the town must account for them."""
