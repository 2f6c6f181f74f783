"""Work orders: when a request becomes one, what becomes of it when the request changes, and what the crew says of it.

A request has one order at a time. What changes here is written into it, and nothing else, so that what people
corrected there stays. An order that is not wanted any more, for its request was withdrawn, closed otherwise or became
one of another type, is cancelled there; one that is at its end stays as it is, and a request that is taken up again
gets another, known as our reference and a number.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, convert, structs, to_builtins

from parvis_erp_connector import mapping, reading
from parvis_erp_connector.checking import checked
from parvis_erp_connector.port import OURS, Erp, Opened, Order, Proof, Stale, Work
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.connectors import Checked, Connection, News, Theirs
from parvis_sdk.errors import Later, Slip
from parvis_sdk.events import Amended, Erased, Event, Moved, Resent, Submitted, Withdrawn
from parvis_sdk.mapping import mapped, needs_of, unlike
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.subscriptions import Need, Outcome, SentFile, Update
from parvis_sdk.text import Text

EVENTS: tuple[type[Event], ...] = (Submitted, Moved, Amended, Withdrawn, Erased)
TRIES = 4
GAP = 3  # orders of one request in a row that may stand in another table
HELD, TOLD, FILES, ENDED = "order", "told:", "files:", "ended:"

MADE = Text(fr="Bon de travail {number} créé.", en="Work order {number} made.")
DROPPED = Text(fr="Bon de travail {number} annulé.", en="Work order {number} cancelled.")
TO_DROP = Text(
    fr="Le bon de travail {number} n’a plus lieu d’être\u00a0: à annuler dans le système des travaux.",
    en="Work order {number} is not wanted any more: to be cancelled in the system of public works.",
)


class Held(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is remembered of a request: its order there, the how manieth it is, and what was written into it."""

    id: str
    number: str
    to: str
    type: str
    round: int = 1
    sent: dict[str, str] = {}


class Orders(Struct, frozen=True, kw_only=True):
    """One connector of work orders: its settings and its system."""

    settings: WorkOrders
    at: Opened

    def needs(self) -> tuple[Need, ...]:
        """What must be known for the mappings to be filled."""
        also: dict[Need, bool] = {"personal": self.settings.personal, "attachments": self.settings.photos}
        return (*needs_of(self.settings.mappings), *(need for need, is_so in also.items() if is_so))

    async def deliver(self, event: Event, request: ServiceRequest, lent: Connection) -> Outcome | None:
        """Bring the order of a request to where the request is."""
        try:
            return await self._brought(event, request, lent)
        except Stale as error:
            raise Later("somebody is changing the same thing at this very moment", only_this=True) from error

    async def _brought(self, event: Event, request: ServiceRequest, lent: Connection) -> Outcome | None:
        erp, work = self.at(lent), mapped(self.settings.mappings, request.type)
        work = work if isinstance(work, Work) else None
        if isinstance(event, Erased):
            await self._forget(erp, request)
            return None
        held = _held(request.remembered)
        if held is None:
            return await self._make(erp, lent, work, request, 1) if work and _is_due(event, work, request) else None
        if work is None or work.to != held.to:
            dropped = await self._drop(erp, held, request)
            is_due = work is not None and (isinstance(event, Resent) or not work.after)
            return await self._make(erp, lent, work, request, held.round + 1, dropped) if work and is_due else dropped
        if isinstance(event, Moved) and event.transition in work.again:
            return await self._go_on(erp, lent, work, request, held)
        if isinstance(event, Withdrawn) or request.phase is Phase.CLOSED:
            return None if _is_over(request, held) else await self._drop(erp, held, request)
        if _is_over(request, held) and not isinstance(event, Resent):
            is_back = isinstance(event, Amended) and "type" in event.changed and not work.after
            return await self._make(erp, lent, work, request, held.round + 1) if is_back else None
        if isinstance(event, Amended | Moved | Resent):
            return await self._change(erp, lent, work, request, held, anew=isinstance(event, Resent))
        return None

    async def changes(self, lent: Connection, cursor: str) -> News:
        """What the crews have done since."""
        since, past = reading.since(cursor, lent.now)
        erp, updates, pages = self.at(lent), [], []
        for work in _by_table(self.settings.mappings):
            orders, goes_on = await erp.orders_since(work, since, past)
            updates += await self._news(erp, lent, work, orders)
            pages.append(reading.Page(changed=[order.changed_at for order in orders], more=goes_on))
        return News(
            updates=tuple(updates), cursor=reading.cursor_after(past, pages), more=any(each.more for each in pages)
        )

    async def listed(self, lent: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        """The orders of ours that were made or changed there within a period."""
        erp, found = self.at(lent), {}
        for work in _by_table(self.settings.mappings):
            for order in await _all_since(erp, work, since):
                reference = mapping.reference_in(order.key)
                if not reference or order.changed_at > until:
                    continue
                held = _held(await lent.recall(reference))
                if held is not None and held.id != order.id:
                    continue  # one of the orders before the one that counts
                update = await self._update(erp, lent, work, order, ())
                found[order.number] = Theirs(external_reference=order.number, reference=reference, update=update)
        return tuple(found.values())

    async def check(self, lent: Connection) -> tuple[Checked, ...]:
        """Are the mappings right, does it answer, may we do what we must."""
        tables = tuple(dict.fromkeys(work.to for work in self.settings.mappings))
        return await checked(self.at(lent), self._slips, tables)

    async def trial(self, lent: Connection) -> str:
        """Who it is, and whom it takes us for."""
        return await self.at(lent).greet()

    async def _slips(self, erp: Erp) -> list[Slip]:
        found = []
        for work in self.settings.mappings:
            described = await erp.described(work.to)
            found += list(unlike(work, described))
            also = {"key": work.key, "cost": work.cost, "note": work.note} | dict.fromkeys(work.cancelled, "")
            for word, column in {**also, **{f"cancelled · {name}": name for name in work.cancelled}}.items():
                if column and column not in described:
                    what, now_what = f"there is no column {column!r} there", "correct the mapping"
                    found.append(Slip(where=f"mapping to {work.to!r} · {word}", what=what, now_what=now_what))
        return found

    async def _make(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, round: int, before: Outcome | None = None
    ) -> Outcome:
        """An order, unless it was made before and we did not learn of it."""
        key = mapping.key_for(request.reference, round)
        values = mapping.order_values(work, request, key)
        there = await erp.orders(work, key)
        order = there[0] if there else await erp.make_order(work, values)
        if self.settings.photos:
            await _attach(erp, lent, work, order, request)
        held = Held(
            id=order.id, number=order.number, to=work.to, type=request.type, round=round, sent=mapping.digests(values)
        )
        note = MADE.format(number=order.number)
        if before is not None and before.note is not None:
            note = Text(fr=f"{before.note.fr} {note.fr}", en=f"{before.note.to('en')} {note.to('en')}")
        return Outcome(external_reference=order.number, note=note, remember={HELD: to_builtins(held)})

    async def _change(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, held: Held, *, anew: bool
    ) -> Outcome | None:
        key = mapping.key_for(request.reference, held.round)
        values = mapping.order_values(work, request, key)
        changed = values if anew else mapping.changed_values(values, held.sent)
        if not changed and held.type == request.type:
            return None
        order = await _written(erp, work, held.id, changed)
        if order is None:
            return await self._make(erp, lent, work, request, held.round)
        if self.settings.photos and anew:
            await _attach(erp, lent, work, order, request)
        kept = structs.replace(held, type=request.type, sent=mapping.digests(values))
        return Outcome(external_reference=held.number, remember={HELD: to_builtins(kept)})

    async def _go_on(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, held: Held
    ) -> Outcome | None:
        """A request is open again: so is its order, or there is another one."""
        order = await erp.order(work, held.id)
        if order is None or _is_over(request, held) or order.state in work.over:
            return await self._make(erp, lent, work, request, held.round + 1)
        return await self._change(erp, lent, work, request, held, anew=False)

    async def _drop(self, erp: Erp, held: Held, request: ServiceRequest) -> Outcome:
        """An order that is not wanted any more; one that is at its end stays as it is."""
        gone = Outcome(remember={f"{ENDED}{held.id}": True})
        work = mapped([each for each in self.settings.mappings if each.to == held.to], held.type)
        work = work or next((each for each in self.settings.mappings if each.to == held.to), None)
        if not isinstance(work, Work):
            return structs.replace(gone, note=TO_DROP.format(number=held.number))
        order = await erp.order(work, held.id)
        if _is_over(request, held) or order is None or order.state in work.over:
            return gone
        if not work.cancelled:
            return structs.replace(gone, note=TO_DROP.format(number=held.number))
        await _written(erp, work, held.id, work.cancelled)
        return structs.replace(gone, external_reference=held.number, note=DROPPED.format(number=held.number))

    async def _forget(self, erp: Erp, request: ServiceRequest) -> None:
        """What we remembered is gone with the person: the orders are found by their key, wherever they may be."""
        for work in _by_table(self.settings.mappings):
            round, missed = 1, 0
            while missed < GAP:
                there = await erp.orders(work, mapping.key_for(request.reference, round))
                round, missed = round + 1, 0 if there else missed + 1
                for order in there:
                    await _written(erp, work, order.id, mapping.order_values(work, request, mapping.key_in(order.key)))

    async def _news(self, erp: Erp, lent: Connection, work: Work, orders: list[Order]) -> list[Update]:
        ours = [order for order in orders if mapping.reference_in(order.key)]
        proofs: dict[str, list[Proof]] = {}
        for proof in await erp.proofs(work, ours) if ours else ():
            proofs.setdefault(proof.order, []).append(proof)
        found = [await self._update(erp, lent, work, order, proofs.get(order.id, ())) for order in ours]
        return [each for each in found if each is not None]

    async def _update(self, erp: Erp, lent: Connection, work: Work, order: Order, proofs: Any) -> Update | None:
        """What is new of an order since we were told last."""
        reference = mapping.reference_in(order.key)
        kept = await lent.recall(reference)
        held = _held(kept)
        work = _work_of(self.settings.mappings, work, held)
        told, files = kept.get(f"{TOLD}{order.id}"), kept.get(f"{FILES}{order.id}", [])
        stands = [order.state, str(order.cost.normalize()), mapping.digest(order.note)]
        fresh = [proof for proof in proofs if proof.id not in files]
        is_news = stands != told and (told is not None or order.state in work.moves or bool(order.cost or order.note))
        if not is_news and not fresh:
            return None
        moved = told is None or told[0] != order.state
        sent = tuple([SentFile(name=proof.name, content=await erp.content(proof)) for proof in fresh])
        remember: dict[str, Any] = {f"{TOLD}{order.id}": stands}
        if fresh:
            remember[f"{FILES}{order.id}"] = [*files, *(proof.id for proof in fresh)]
        if (is_over := order.state in work.over) != bool(kept.get(f"{ENDED}{order.id}")):
            remember[f"{ENDED}{order.id}"] = is_over or None
        what = mapping.digest([told, stands, [proof.id for proof in fresh]])
        return Update(
            reference=reference,
            key=f"{order.id}:{what}:{order.changed_at.isoformat()}",
            at=order.changed_at,
            note=mapping.order_said(order) if is_news else None,
            move=work.moves.get(order.state, "") if is_news and moved else "",
            given=mapping.given_by(work, order) if is_news and moved else {},
            files=sent,
            remember=remember,
        )


def _held(remembered: Mapping[str, Any]) -> Held | None:
    """The order of a request, of what is remembered about it."""
    return convert(remembered[HELD], Held) if remembered.get(HELD) else None


def _is_over(request: ServiceRequest, held: Held) -> bool:
    """Whether the order is known to be at its end there."""
    return bool(request.remembered.get(f"{ENDED}{held.id}"))


def _is_due(event: Event, work: Work, request: ServiceRequest) -> bool:
    """Whether a request for which nothing was made becomes an order now."""
    match event:
        case Submitted():
            return not work.after and not event.children  # each of which becomes an order of its own
        case Amended():
            return not work.after and "type" in event.changed and request.phase is not Phase.CLOSED
        case Moved():
            return event.transition in (*work.after, *work.again)
        case Resent():
            return request.phase is not Phase.CLOSED
    return False


def _by_table(mappings: tuple[Work, ...]) -> list[Work]:
    """One mapping for each way of reading a table: several types may stand in one."""
    return list({(work.to, work.key, work.read, work.cost, work.note): work for work in reversed(mappings)}.values())


def _work_of(mappings: tuple[Work, ...], work: Work, held: Held | None) -> Work:
    """The mapping of the request's own type, as far as it is known."""
    named = mapped([each for each in mappings if each.to == work.to], held.type) if held is not None else None
    return named if isinstance(named, Work) else work


async def _written(erp: Erp, work: Work, id: str, values: Mapping[str, Any]) -> Order | None:
    """Write into an order as it stands now, however often somebody is faster; None when it is not there."""
    for _ in range(TRIES):
        order = await erp.order(work, id)
        if order is None:
            return None
        if not values:
            return order
        try:
            await erp.change_order(work, order, values)
        except Stale:
            continue
        return order
    raise Later(f"somebody is changing the order {id} at this very moment", only_this=True)


async def _attach(erp: Erp, lent: Connection, work: Work, order: Order, request: ServiceRequest) -> None:
    for file in request.attachments:
        if file.state == "ready" and file.kind.startswith("image/"):
            ending = file.name.rpartition(".")[2][:5] if "." in file.name else "jpg"
            await erp.attach(work, order, f"{OURS}{file.id[:8]}.{ending}", file.kind, await lent.content(file.id))


async def _all_since(erp: Erp, work: Work, since: datetime) -> list[Order]:
    found: dict[str, Order] = {}
    past, more = since, True
    while more:
        orders, more = await erp.orders_since(work, past, past)
        found |= {order.id: order for order in orders}
        if not orders:
            break
        past = orders[-1].changed_at
    return list(found.values())
