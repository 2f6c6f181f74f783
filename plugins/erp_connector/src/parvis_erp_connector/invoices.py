"""Invoices: a fee that falls due becomes a customer invoice, and what is paid of it there comes back.

Each delivery brings every invoice of a request to where its charge is, whatever the event was. Wanted are those of
charges that are to be paid, of a request that is open; what was paid here is remarked or cancelled; what was waived,
replaced, withdrawn or closed is cancelled. What was paid in part there is never cancelled by us: the desk is told.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis_erp_connector import mapping, reading
from parvis_erp_connector.checking import checked
from parvis_erp_connector.fitting import billed, invoice_of
from parvis_erp_connector.port import BillLine, Erp, Invoice, Opened, Party, Person, Stale
from parvis_erp_connector.settings import Invoices
from parvis_sdk.amounts import money_shown
from parvis_sdk.connectors import Checked, Connection, News, Theirs
from parvis_sdk.errors import DeclarationMistake, Foreign, Later, Refused
from parvis_sdk.events import Amended, Erased, Event, Happened, Moved, Resent, Withdrawn
from parvis_sdk.requests import Owed, Phase, ServiceRequest
from parvis_sdk.subscriptions import Need, Outcome, Update
from parvis_sdk.text import Text

EVENTS: tuple[type[Event], ...] = (Happened, Moved, Amended, Withdrawn, Erased)
NEEDS: tuple[Need, ...] = ("fees", "contact")
TRIES = 4
LEAST_NAME = 50  # characters of a name that every ledger keeps
OWED = ("due", "pending", "failed")
PARTY, MADE, TOLD, KNOWN = "party", "charge:", "told:", "invoices"

UNEQUAL = Text(
    fr="la facture {number} est de {theirs} dans le système comptable et de {ours} ici\u00a0: corrigez "
    "`taxes` et `by_tax`, supprimez le brouillon dans ce système, puis relancez",
    en="invoice {number} is {theirs} in the accounting system and {ours} here: correct `taxes` and "
    "`by_tax`, delete the draft in that system, then try again",
)
BILLED = Text(
    fr="Facture {number} créée pour «\u00a0{title}\u00a0»\u00a0: {amount}.",
    en="Invoice {number} created for “{title}”: {amount}.",
)
DROPPED = Text(
    fr="Facture {number} annulée\u00a0: «\u00a0{title}\u00a0» n’est plus à payer.",
    en="Invoice {number} cancelled: “{title}” no longer has to be paid.",
)
REMARKED = Text(
    fr="Facture {number}\u00a0: «\u00a0{title}\u00a0» a été payé ici. La comptabilité doit inscrire ce "
    "paiement dans son système.",
    en="Invoice {number}: “{title}” was paid here. Accounting must record this payment in its system.",
)
PARTLY = Text(
    fr="Facture {number}\u00a0: «\u00a0{title}\u00a0» n’est plus à payer, mais une partie a été payée "
    "dans le système comptable. À régler avec la comptabilité.",
    en="Invoice {number}: “{title}” no longer has to be paid, but part of it was paid in the accounting "
    "system. Check it with accounting.",
)
PAID_HERE = "Parvis : payé à la ville ({state}), demande {reference}."


class Bills(Struct, frozen=True, kw_only=True):
    """One connector of invoices: its settings and its system."""

    settings: Invoices
    at: Opened

    async def deliver(self, event: Event, request: ServiceRequest, lent: Connection) -> Outcome | None:
        """Bring every invoice of a request to where its charge is."""
        erp, kept, outcome = self.at(lent), dict(request.remembered), Outcome()
        for charge in request.charges:
            if not self.settings.fees or charge.fee in self.settings.fees:
                done = await self._settled(erp, event, request, charge, kept)
                outcome = _together(outcome, done)
                kept |= done.remember
        return outcome if outcome != Outcome() else None

    async def changes(self, lent: Connection, cursor: str) -> News:
        """What became of our invoices since."""
        since, past = reading.since(cursor, lent.now)
        invoices, more = await self.at(lent).invoices_since(since, past)
        found = [await self._update(lent, invoice) for invoice in invoices if _is_ours(invoice)]
        page = reading.Page(changed=[each.changed_at for each in invoices], more=more)
        updates = tuple(each for each in found if each is not None)
        return News(updates=updates, cursor=reading.cursor_after(past, [page]), more=more)

    async def listed(self, lent: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        """The invoices of ours that changed there within a period; of several of one request, the one that counts."""
        found = {}
        for invoice in await _all_since(self.at(lent), since):
            if not _is_ours(invoice) or invoice.changed_at > until:
                continue
            reference = mapping.reference_in(invoice.reference)
            kept = await lent.recall(reference)
            is_known = invoice.id in kept.get(KNOWN, ())
            counts = kept[KNOWN][-1] if is_known else invoice.id
            update = await self._update(lent, invoice)
            if update is not None or counts not in found:
                found[counts] = Theirs(external_reference=counts, reference=reference, update=update)
        return tuple(found.values())

    async def check(self, lent: Connection) -> tuple[Checked, ...]:
        """Are accounts and taxes known there, does it answer, may we do what we must."""
        erp = self.at(lent)
        return await checked(erp, self._mistakes, erp.ledger)

    async def trial(self, lent: Connection) -> str:
        """Who it is, and whom it takes us for."""
        return await self.at(lent).greet()

    async def _mistakes(self, erp: Erp) -> list[DeclarationMistake]:
        found = []
        for item, booked in self.settings.lines.items():
            line = BillLine(
                title="",
                amount=mapping.amount_of(0),
                account=booked.account,
                product=booked.product,
                taxes=booked.taxes,
            )
            for word in await erp.missing(line):
                what, now_what = f"there is no {word!r} there", "correct the account, product or tax"
                found.append(DeclarationMistake(where=f"lines · {item}", what=what, now_what=now_what))
        if self.settings.party and await erp.party(self.settings.party) is None:
            what, now_what = f"there is no customer {self.settings.party!r}", "correct its code"
            found.append(DeclarationMistake(where="party", what=what, now_what=now_what))
        return found

    async def _settled(
        self, erp: Erp, event: Event, request: ServiceRequest, charge: Owed, kept: Mapping[str, Any]
    ) -> Outcome:
        made = kept.get(f"{MADE}{charge.id}", "")
        is_closed = isinstance(event, Withdrawn | Erased) or request.phase is Phase.CLOSED
        is_wanted = charge.state in OWED and charge.cents > 0 and not is_closed
        stands = "wanted" if is_wanted else "paid" if charge.state in ("paid", "refunded") else "dropped"
        if made == stands and not isinstance(event, Resent):
            return Outcome()
        if not made and not is_wanted and not isinstance(event, Resent | Erased):
            return Outcome()  # it was never sent
        for _ in range(TRIES):
            try:
                return await self._once_settled(erp, request, charge, kept, stands)
            except Stale:
                continue
        raise Later(
            Text(
                fr="une autre personne modifie la facture en ce moment",
                en="somebody is changing the invoice at this time",
            ),
            only_this=True,
        )

    async def _once_settled(
        self, erp: Erp, request: ServiceRequest, charge: Owed, kept: Mapping[str, Any], stands: str
    ) -> Outcome:
        key = mapping.charge_key(charge.id)
        there = [billed(key, each) for each in await erp.invoices(key)]
        standing = next((each for each in there if each.state != "cancelled"), None)
        if standing is not None:  # what its id stands for, before anything is written into it
            now = await invoice_of(erp, standing.id, key)
            standing = now if now.state != "cancelled" else None
        if stands == "wanted":
            return await self._billed(erp, request, charge, kept, standing)
        done = {f"{MADE}{charge.id}": stands}
        if standing is None or standing.state == "paid":
            return Outcome(remember=done)
        named = {"number": standing.number, "title": charge.title}
        if standing.state == "open" and standing.left != standing.total:
            return Outcome(note=PARTLY.format(**named), remember=done)
        if stands == "paid" and standing.state == "open" and self.settings.paid_here == "remark":
            await erp.remark(standing, PAID_HERE.format(state=charge.state, reference=request.reference))
            return Outcome(note=REMARKED.format(**named), external_reference=standing.id, remember=done)
        await erp.cancel_invoice(standing)
        return Outcome(note=DROPPED.format(**named), external_reference=standing.id, remember=done)

    async def _billed(
        self, erp: Erp, request: ServiceRequest, charge: Owed, kept: Mapping[str, Any], invoice: Invoice | None
    ) -> Outcome:
        party = str(kept.get(PARTY, ""))
        if invoice is None:
            party = party or (await self._party(erp, request)).id
            bill = mapping.bill_for(self.settings, request, charge, party, request.language)
            invoice = billed(bill.key, await erp.make_invoice(bill))
        if mapping.cents_in(invoice.total) != charge.cents:
            ours = mapping.amount_of(charge.cents)
            raise Refused(UNEQUAL.format(number=invoice.number, theirs=invoice.total, ours=ours))
        if self.settings.post and invoice.state == "draft":
            invoice = billed(invoice.key, await erp.post_invoice(invoice), invoice.id)
        note = BILLED.format(number=invoice.number, title=charge.title, amount=money_shown(charge.cents))
        known = [*(each for each in kept.get(KNOWN, ()) if each != invoice.id), invoice.id]
        remember = {f"{MADE}{charge.id}": "wanted", KNOWN: known} | ({PARTY: party} if party else {})
        return Outcome(external_reference=invoice.id, note=note, remember=remember)

    async def _party(self, erp: Erp, request: ServiceRequest) -> Party:
        """Who is to pay: known there by email or telephone and the same name, or new, or the collective customer."""
        person = mapping.person_of(request)
        if person is not None:
            return await _known(erp, person) or await _new(erp, person)
        collective = await erp.party(self.settings.party) if self.settings.party else None
        if collective is None:
            raise Refused(
                Text(
                    fr="facturation impossible\u00a0: la personne n’a ni nom, ni courriel, ni téléphone, "
                    "et `party` ne désigne personne",
                    en="invoicing is not possible: the requester has no name, email or telephone, and "
                    "`party` names no one",
                )
            )
        return collective

    async def _update(self, lent: Connection, invoice: Invoice) -> Update | None:
        """What is new of an invoice since we were told last."""
        reference = mapping.reference_in(invoice.reference)
        stands = f"{invoice.state}:{mapping.cents_in(invoice.left)}"
        said = mapping.invoice_said(invoice)
        if said is None or (await lent.recall(reference)).get(f"{TOLD}{invoice.id}") == stands:
            return None
        return Update(
            reference=reference,
            key=f"{invoice.id}:{stands}:{invoice.changed_at.isoformat()}",
            at=invoice.changed_at,
            note=said,
            paid=mapping.paid_by(invoice),
            remember={f"{TOLD}{invoice.id}": stands},
        )


async def _known(erp: Erp, person: Person) -> Party | None:
    return next((each for each in await erp.parties(person) if mapping.same_name(each.name, person.name)), None)


async def _new(erp: Erp, person: Person) -> Party:
    """Somebody new; where another worker made the same person at the same moment, the older one counts."""
    made = await erp.make_party(person)
    if not mapping.same_name(made.name, person.name[: max(len(made.name), LEAST_NAME)]):
        raise Foreign(person.name, made.name)
    oldest = await _known(erp, person) or made
    if oldest.id != made.id:
        with suppress(Refused):  # who may not take customers away keeps one more of no use
            await erp.drop_party(made)
    return oldest


def _is_ours(invoice: Invoice) -> bool:
    return bool(mapping.CHARGE.fullmatch(invoice.key) and mapping.reference_in(invoice.reference))


def _together(first: Outcome, then: Outcome) -> Outcome:
    notes = [each.note for each in (first, then) if each.note is not None]
    note = (
        Text(fr="\n".join(each.fr for each in notes), en="\n".join(each.to("en") for each in notes)) if notes else None
    )
    number = then.external_reference or first.external_reference
    return Outcome(note=note, external_reference=number, remember=first.remember | then.remember)


async def _all_since(erp: Erp, since: datetime) -> list[Invoice]:
    found: dict[str, Invoice] = {}
    past, more = since, True
    while more:
        invoices, more = await erp.invoices_since(past, past)
        found |= {invoice.id: invoice for invoice in invoices}
        past = invoices[-1].changed_at if invoices else past
    return list(found.values())
