"""Work orders: when a request becomes one, what becomes of it when the request changes, and what the crew says of it.

A request has one order at a time. What changes here is written into it, and nothing else, so that what people
corrected there stays. An order that is not wanted any more, for its request was withdrawn, closed otherwise or became
one of another type, is cancelled there; one that is at its end stays as it is, and a request that is taken up again
gets another, known as our reference and a number. What becomes of the order of a request that was merged into another
one is said in `joining`.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs, to_builtins

from parvis_erp_connector import mapping, reading
from parvis_erp_connector.checking import checked
from parvis_erp_connector.fitting import all_about, made, order_of
from parvis_erp_connector.held import (
    ENDED,
    HELD,
    OrderState,
    asked_to_cancel,
    held_of,
    is_over,
    no_more_to_cancel,
    write_into,
)
from parvis_erp_connector.joining import JOINT, found_by_key, hand_over, still_there
from parvis_erp_connector.port import OURS, Erp, Opened, Order, Proof, Stale, Work
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.connectors import Checked, Connection, News, Theirs
from parvis_sdk.errors import DeclarationMistake, Later
from parvis_sdk.events import Amended, Erased, Event, Joined, Moved, Resent, Submitted, Withdrawn
from parvis_sdk.mapping import mapped, needs_of, unlike
from parvis_sdk.requests import Attachment, Phase, ServiceRequest
from parvis_sdk.subscriptions import Need, Outcome, SentFile, Update
from parvis_sdk.text import Text

EVENTS: tuple[type[Event], ...] = (Submitted, Moved, Amended, Withdrawn, Joined, Erased)
GAP = 3  # orders of one request in a row that may stand in another table
TOLD, FILES, DUE = "told:", "files:", "due"
WHOLE = "whole"  # of a request that stands for others, each of which becomes an order

MADE = Text(fr="Bon de travail {number} créé.", en="Work order {number} created.")
DROPPED = Text(fr="Bon de travail {number} annulé.", en="Work order {number} cancelled.")
GOES_ON = Text(fr="Bon de travail {number} repris.", en="Work order {number} resumed.")
TO_DROP = Text(
    fr="Le bon de travail {number} n’est plus nécessaire. À annuler dans le système des travaux.",
    en="Work order {number} is no longer needed. To be cancelled in the public works system.",
)


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
            raise Later(
                Text(
                    fr="une autre personne modifie le même élément en ce moment",
                    en="somebody is changing the same item at this time",
                ),
                only_this=True,
            ) from error

    async def _brought(self, event: Event, request: ServiceRequest, lent: Connection) -> Outcome | None:
        erp, work = self.at(lent), mapped(self.settings.mappings, request.type)
        work = work if isinstance(work, Work) else None
        if isinstance(event, Erased):
            await self._forget(erp, request)
            return None
        held = held_of(request.remembered)
        if request.goes_on_with:
            return await self._join(erp, lent, work, request, held, event)
        if isinstance(event, Joined):
            return await self._take_apart(erp, lent, work, request, held)
        if isinstance(event, Submitted) and event.children:
            return Outcome(remember={WHOLE: True})
        if held is None:
            return await self._make(erp, lent, work, request, 1) if work and _is_due(event, work, request) else None
        if work is None or work.to != held.to:
            dropped = await self._drop(erp, held, request)
            is_due = work is not None and (isinstance(event, Resent) or not work.after)
            return await self._make(erp, lent, work, request, held.round + 1, dropped) if work and is_due else dropped
        if isinstance(event, Moved) and event.transition in work.again:
            return await self._go_on(erp, lent, work, request, held)
        if isinstance(event, Withdrawn) or request.phase is Phase.CLOSED:
            return None if is_over(request.remembered, held) else await self._drop(erp, held, request)
        if is_over(request.remembered, held) and not isinstance(event, Resent):
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
                held = held_of(await lent.recall(reference))
                if held is not None and held.id != order.id and not _is_a_second(order, held):
                    continue  # one of the orders before the one that counts
                number = held.number if held is not None and held.id == order.id else order.number
                update = await self._update(erp, lent, work, order, ())
                found[number] = Theirs(external_reference=number, reference=reference, update=update)
        return tuple(found.values())

    async def check(self, lent: Connection) -> tuple[Checked, ...]:
        """Are the mappings right, does it answer, may we do what we must."""
        tables = tuple(dict.fromkeys(work.to for work in self.settings.mappings))
        return await checked(self.at(lent), self._mistakes, tables)

    async def trial(self, lent: Connection) -> str:
        """Who it is, and whom it takes us for."""
        return await self.at(lent).greet()

    async def _mistakes(self, erp: Erp) -> list[DeclarationMistake]:
        found = []
        for work in self.settings.mappings:
            described = await erp.described(work.to)
            found += list(unlike(work, described))
            also = {"key": work.key, "cost": work.cost, "note": work.note} | dict.fromkeys(work.cancelled, "")
            for word, column in {**also, **{f"cancelled · {name}": name for name in work.cancelled}}.items():
                if column and column not in described:
                    what, now_what = f"there is no column {column!r} there", "correct the mapping"
                    found.append(
                        DeclarationMistake(where=f"mapping to {work.to!r} · {word}", what=what, now_what=now_what)
                    )
        return found

    async def _make(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, round: int, before: Outcome | None = None
    ) -> Outcome:
        """An order, unless it was made before and we did not learn of it."""
        key = mapping.key_for(request.reference, round)
        values = mapping.order_values(work, request, key)
        there = all_about(key, await erp.orders(work, key))
        order = there[0] if there else await made(erp, work, values, key)
        if self.settings.photos and (photos := _photos(request)):
            await order_of(erp, work, order.id, key)  # what its id stands for, before anything is put beside it
            await _attach(erp, lent, work, order, photos)
        held = OrderState(
            id=order.id, number=order.number, to=work.to, type=request.type, round=round, sent=mapping.digests(values)
        )
        note = MADE.format(number=order.number)
        if before is not None and before.note is not None:
            note = Text(fr=f"{before.note.fr} {note.fr}", en=f"{before.note.to('en')} {note.to('en')}")
        tasks = before.tasks if before is not None else ()
        remember = {HELD: to_builtins(held), **{each.key: True for each in tasks}}
        return Outcome(external_reference=order.number, note=note, remember=remember, tasks=tasks)

    async def _change(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, held: OrderState, *, anew: bool
    ) -> Outcome | None:
        key = mapping.key_for(request.reference, held.round)
        values = mapping.order_values(work, request, key)
        changed = values if anew else mapping.changed_values(values, held.sent)
        if not changed and held.type == request.type:
            return None
        order = await write_into(erp, work, held.id, key, changed)
        if order is None:
            return await self._make(erp, lent, work, request, held.round)
        if self.settings.photos and anew:
            await _attach(erp, lent, work, order, _photos(request))
        kept = structs.replace(held, type=request.type, sent=mapping.digests(values))
        return Outcome(external_reference=held.number, remember={HELD: to_builtins(kept)})

    async def _go_on(
        self, erp: Erp, lent: Connection, work: Work, request: ServiceRequest, held: OrderState
    ) -> Outcome | None:
        """A request is open again: so is its order, or there is another one."""
        key, is_done = mapping.key_for(request.reference, held.round), is_over(request.remembered, held)
        order = None if is_done else await order_of(erp, work, held.id, key)
        if order is None or order.state in work.over:
            return await self._make(erp, lent, work, request, held.round + 1)
        return await self._change(erp, lent, work, request, held, anew=False)

    async def _join(
        self,
        erp: Erp,
        lent: Connection,
        work: Work | None,
        request: ServiceRequest,
        held: OrderState | None,
        event: Event,
    ) -> Outcome | None:
        """A request that goes on with another one has no order of its own; what would have made one is remembered."""
        if held is None and work is not None:
            if _is_due(event, work, request):
                return Outcome(remember={DUE: True})
            is_now = isinstance(event, Resent) or (isinstance(event, Joined) and event.did == "joined")
            held = await found_by_key(erp, work, request) if is_now else None
        if held is None or is_over(request.remembered, held):
            return None
        where = self._work_for(held)
        return await hand_over(erp, lent, self.settings.mappings, where, request, held) if where is not None else None

    async def _take_apart(
        self, erp: Erp, lent: Connection, work: Work | None, request: ServiceRequest, held: OrderState | None
    ) -> Outcome | None:
        """A request that goes on by itself again has an order again if it had one, or should have had one meanwhile."""
        gone = {JOINT: None, DUE: None}
        if work is None or request.phase is Phase.CLOSED:
            return None
        if held is None:
            made = await self._make(erp, lent, work, request, 1) if request.remembered.get(DUE) else None
        elif request.remembered.get(JOINT) != held.id:
            return None
        elif await still_there(erp, work, request, held):
            over = no_more_to_cancel(request.remembered, held.id)
            again = {f"{ENDED}{held.id}": None, **{each.key: None for each in over}}
            made = Outcome(note=GOES_ON.format(number=held.number), remember=again, tasks_over=over)
        else:
            made = await self._make(erp, lent, work, request, held.round + 1)
        return structs.replace(made, remember={**gone, **made.remember}) if made is not None else None

    def _work_for(self, held: OrderState) -> Work | None:
        """The mapping with which an order was made, or another one of its table."""
        there = [each for each in self.settings.mappings if each.to == held.to]
        work = mapped(there, held.type) or next(iter(there), None)
        return work if isinstance(work, Work) else None

    async def _drop(self, erp: Erp, held: OrderState, request: ServiceRequest) -> Outcome:
        """An order that is not wanted any more; one that is at its end stays as it is."""
        gone = Outcome(remember={f"{ENDED}{held.id}": True})
        work = self._work_for(held)
        if work is None:
            return Outcome(note=TO_DROP.format(number=held.number), **asked_to_cancel(held))
        key, is_done = mapping.key_for(request.reference, held.round), is_over(request.remembered, held)
        order = None if is_done else await order_of(erp, work, held.id, key)
        if order is None or order.state in work.over:
            return gone
        if not work.cancelled:
            return Outcome(note=TO_DROP.format(number=held.number), **asked_to_cancel(held))
        await write_into(erp, work, held.id, key, work.cancelled)
        return structs.replace(gone, external_reference=held.number, note=DROPPED.format(number=held.number))

    async def _forget(self, erp: Erp, request: ServiceRequest) -> None:
        """What we remembered is gone with the person: the orders are found by their key, wherever they may be."""
        for work in _by_table(self.settings.mappings):
            round, missed = 1, 0
            while missed < GAP:
                key = mapping.key_for(request.reference, round)
                there = all_about(key, await erp.orders(work, key))
                round, missed = round + 1, 0 if there else missed + 1
                for order in there:
                    await write_into(erp, work, order.id, key, mapping.order_values(work, request, key))

    async def _news(self, erp: Erp, lent: Connection, work: Work, orders: list[Order]) -> list[Update]:
        ours = [order for order in orders if mapping.reference_in(order.key)]
        proofs: dict[str, list[Proof]] = {}
        for proof in await erp.proofs(work, ours) if ours else ():
            proofs.setdefault(proof.order, []).append(proof)
        found = [await self._update(erp, lent, work, order, proofs.get(order.id, ())) for order in ours]
        return [each for each in found if each is not None]

    async def _taken_over(self, lent: Connection, reference: str, order: Order) -> OrderState | None:
        """An order with our key of a request that we know of none: it was another request's that goes on with this."""
        request = await lent.request(reference) if order.key and mapping.key_in(order.key) == reference else None
        work = mapped(self.settings.mappings, request.type) if request is not None else None
        if request is None or request.phase is Phase.CLOSED or not isinstance(work, Work):
            return None
        values = mapping.order_values(work, request, mapping.key_for(reference, 1))
        return OrderState(id=order.id, number=order.number, to=work.to, type=request.type, sent=mapping.digests(values))

    async def _update(self, erp: Erp, lent: Connection, work: Work, order: Order, proofs: Any) -> Update | None:
        """What is new of an order since we were told last."""
        reference = mapping.reference_in(order.key)
        kept = await lent.recall(reference)
        held = held_of(kept)
        taken_over = await self._taken_over(lent, reference, order) if held is None else None
        work = _work_of(self.settings.mappings, work, held or taken_over)
        if held is not None and _is_a_second(order, held):
            return _second(order, reference, held)
        told, files = kept.get(f"{TOLD}{order.id}"), kept.get(f"{FILES}{order.id}", [])
        stands = [order.state, str(order.cost.normalize()), mapping.digest(order.note)]
        fresh = [proof for proof in proofs if proof.id not in files]
        is_news = stands != told and (told is not None or order.state in work.moves or bool(order.cost or order.note))
        over = no_more_to_cancel(kept, order.id) if order.state in work.over else ()
        if not is_news and not fresh and taken_over is None and not over:
            return None
        joint = kept.get(JOINT) == order.id  # its request goes on with another one, and takes no steps
        moved = (told is None or told[0] != order.state) and not joint
        sent = tuple([SentFile(name=proof.name, content=await erp.content(proof)) for proof in fresh])
        remember: dict[str, Any] = {f"{TOLD}{order.id}": stands, **{each.key: None for each in over}}
        if taken_over is not None:
            remember[HELD] = to_builtins(taken_over)
        if fresh:
            remember[f"{FILES}{order.id}"] = [*files, *(proof.id for proof in fresh)]
        if (is_over := order.state in work.over) != bool(kept.get(f"{ENDED}{order.id}")):
            remember[f"{ENDED}{order.id}"] = is_over or None
        what = mapping.digest([told, stands, [proof.id for proof in fresh]])
        return Update(
            reference=reference,
            external_reference=order.number if taken_over is not None else "",
            key=f"{order.id}:{what}:{order.changed_at.isoformat()}",
            at=order.changed_at,
            note=mapping.order_said(order) if is_news or taken_over is not None else None,
            move=work.moves.get(order.state, "") if is_news and moved else "",
            given=mapping.given_by(work, order) if is_news and moved else {},
            files=sent,
            remember=remember,
            tasks_over=over,
        )


def _is_due(event: Event, work: Work, request: ServiceRequest) -> bool:
    """Whether a request for which nothing was made becomes an order now."""
    if request.remembered.get(WHOLE):
        return False
    match event:
        case Submitted():
            return not work.after
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


def _work_of(mappings: tuple[Work, ...], work: Work, held: OrderState | None) -> Work:
    """The mapping of the request's own type, as far as it is known."""
    named = mapped([each for each in mappings if each.to == work.to], held.type) if held is not None else None
    return named if isinstance(named, Work) else work


def _is_a_second(order: Order, held: OrderState) -> bool:
    """Whether an order bears the key of the one that we know and is another one: copied there, or somebody else's."""
    ours = mapping.key_for(mapping.reference_in(order.key), held.round)
    return order.id != held.id and mapping.key_in(order.key) == ours


def _second(order: Order, reference: str, held: OrderState) -> Update:
    """What a person is asked of such an order; the request goes on with it once they say that it is the one."""
    what = mapping.digest([order.state, str(order.cost.normalize()), order.note])
    taken = structs.replace(held, id=order.id, number=order.number, sent={})
    return Update(
        reference=reference,
        external_reference=order.number,
        key=f"second:{order.id}:{what}",
        at=order.changed_at,
        note=mapping.order_said(order),
        foreign=True,
        remember={HELD: to_builtins(taken)},
    )


def _photos(request: ServiceRequest) -> list[Attachment]:
    return [file for file in request.attachments if file.state == "ready" and file.kind.startswith("image/")]


async def _attach(erp: Erp, lent: Connection, work: Work, order: Order, photos: list[Attachment]) -> None:
    for file in photos:
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
