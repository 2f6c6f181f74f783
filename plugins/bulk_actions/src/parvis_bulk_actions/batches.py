"""A batch: one action for many requests, kept until each has had it exactly once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec
import structlog
from msgspec import Struct

from parvis import clock
from parvis.db import HouseRuleBroken, held, in_transaction_of_its_own, insert_values, transaction
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.plugins.trying import Success, caught
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, NoSuchRequest, Situation, change_within
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, as_json, record_of
from parvis.requests.relations.ties import NOT_YOURS
from parvis.requests.visibility import Viewer
from parvis_bulk_actions.actions import Action, Undo, lock_beside, planning, why, without_words
from parvis_bulk_actions.tables import Batch as BatchRow
from parvis_bulk_actions.tables import BatchItem
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST = 1000
PIECE = 50
LEFT_FOR = timedelta(minutes=1)  # by then the process that began a batch has finished or is gone
TRIED_FOR = timedelta(days=1)  # where it raises: so long it may be a passing trouble
KEPT = timedelta(days=30)
NO_TOWN = Text(fr="Cette ville n’est plus servie ici.", en="This town is no longer served here.")
NOT_DONE = Text(
    fr="Cette action n’a pas pu être faite pour cette requête.",
    en="This action could not be completed for this request.",
)
log = structlog.get_logger("parvis.bulk_actions")

Fate = Literal["waiting", "done", "refused", "changed", "gone"]
Viewers = Callable[[str], Awaitable[Viewer | None]]


class BatchTarget(Struct, frozen=True, kw_only=True):
    """A request as the person saw it when it was chosen."""

    reference: str
    version: int


class Item(Struct, frozen=True, kw_only=True):
    """What became of one request: done, refused with why, changed by somebody else in the meantime, or gone."""

    id: UUID
    request: UUID
    reference: str
    expected: int
    state: Fate
    said: Text | None
    version: int | None


class Batch(Struct, frozen=True, kw_only=True):
    """One action for many, with what became of each."""

    id: UUID
    jurisdiction: str
    agent: str
    name: str
    action: Action
    made_at: datetime
    done_at: datetime | None
    items: tuple[Item, ...]

    def of(self, *states: Fate) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.state in states)


async def chosen_of(host: Host, jurisdiction: str, references: Sequence[str]) -> tuple[Record, ...]:
    """The requests of these references in their order, in one statement; those of other towns are left out."""
    wanted = list(dict.fromkeys(references))[:MOST]
    if not wanted:
        return ()
    table = ServiceRequest
    rows = await table.select().where((table.jurisdiction == jurisdiction) & table.reference.is_in(wanted))
    found = {row["reference"]: record_of(row) for row in rows}
    return tuple(found[reference] for reference in wanted if reference in found)


async def begin(
    host: Host, id: UUID, jurisdiction: str, action: Action, chosen: Sequence[BatchTarget], *, actor: Actor
) -> None:
    """Keep what is to be done, before any of it is; of a press that comes twice, the second begins nothing."""
    records = {each.reference: each for each in await chosen_of(host, jurisdiction, [one.reference for one in chosen])}
    async with transaction(host.engine):
        row = BatchRow(
            id=id,
            jurisdiction=jurisdiction,
            agent=actor.id,
            name=actor.name,
            action=as_json(action),
            undoes=action.of if isinstance(action, Undo) else None,
            made_at=clock.now(),
            done_at=None,
        )
        new = await BatchRow.insert(row).on_conflict(target=BatchRow.id, action="DO NOTHING").returning(BatchRow.id)
        if new:
            items = [(records[one.reference], one) for one in chosen if one.reference in records]
            await insert_values(
                BatchItem, *(_item(id, number, record, one) for number, (record, one) in enumerate(items, 1))
            )


def _item(batch: UUID, number: int, record: Record, chosen: BatchTarget) -> dict[str, Any]:
    return {
        "id": new_id(),
        "batch": batch,
        "request": record.id,
        "reference": record.reference,
        "number": number,
        "expected": chosen.version,
        "state": "waiting",
        "said": "",
        "version": None,
    }


async def batch_of(id: UUID) -> Batch | None:
    """A batch and its items, in two statements."""
    rows = await BatchRow.select().where(BatchRow.id == id)
    if not rows:
        return None
    items = await BatchItem.select().where(BatchItem.batch == id).order_by(BatchItem.number)
    return Batch(
        id=id,
        jurisdiction=rows[0]["jurisdiction"],
        agent=rows[0]["agent"],
        name=rows[0]["name"],
        action=msgspec.json.decode(rows[0]["action"], type=Action),
        made_at=rows[0]["made_at"],
        done_at=rows[0]["done_at"],
        items=tuple(_read(row) for row in items),
    )


def _read(row: Row) -> Item:
    return Item(
        id=row["id"],
        request=row["request"],
        reference=row["reference"],
        expected=row["expected"],
        state=row["state"],
        said=msgspec.json.decode(row["said"], type=Text) if row["said"] else None,
        version=row["version"],
    )


async def go_on(host: Host, id: UUID, viewer: Viewer, *, until: datetime | None = None) -> int:
    """Do what of a batch is still to be done, one request in a transaction; how many were seen to before `until`."""
    batch = await batch_of(id)
    if batch is None:
        return 0
    actor = Actor(kind="agent", id=batch.agent, name=batch.name)
    seen_to = 0
    for item in batch.of("waiting"):
        if until is not None and clock.now() >= until:
            return seen_to
        await _do(host, batch, item, viewer, actor)
        seen_to += 1
    async with transaction(host.engine):
        await _end(host, batch)
    return seen_to


async def still_to_come(jurisdiction: str) -> int:
    """How many requests of a town are still to be seen to, in all batches that were begun."""
    under_way = (BatchRow.jurisdiction == jurisdiction) & BatchRow.done_at.is_null()
    ids = [row["id"] for row in await BatchRow.select(BatchRow.id).where(under_way)]
    if not ids:
        return 0
    count: int = await BatchItem.count().where(BatchItem.batch.is_in(ids) & (BatchItem.state == "waiting"))
    return count


async def begin_undo(host: Host, batch: Batch, *, actor: Actor) -> UUID:
    """Keep that what a batch did is to be taken back; the same for however many presses."""
    id = uuid5(batch.id, "undo")
    chosen = [BatchTarget(reference=each.reference, version=each.version or 0) for each in batch.of("done")]
    await begin(host, id, batch.jurisdiction, Undo(of=batch.id), chosen, actor=actor)
    return id


class _ByAnother(Struct, frozen=True):
    """Somebody else has seen to this request of the batch."""


async def _do(host: Host, batch: Batch, item: Item, viewer: Viewer, actor: Actor) -> None:
    plan = planning(host, viewer, actor, batch.action)

    async def once(here: Situation) -> Change | Denied | Problems | _ByAnother:
        # Under the lock of the request, as everybody locks first; so two who go on with one batch never both do it.
        rows = await held(BatchItem.select(BatchItem.state).where(BatchItem.id == item.id), host.engine)
        if not rows or rows[0]["state"] != "waiting":
            return _ByAnother()
        return await plan(here)

    async def made() -> None:
        await lock_beside(host, batch.jurisdiction, batch.action, item.reference)
        answer = await change_within(host, item.reference, once, actor=actor, expected=item.expected)
        if not isinstance(answer, _ByAnother):
            await _note(item, _became(answer))

    try:
        await in_transaction_of_its_own(host.engine, made)
    except NoSuchRequest:
        async with transaction(host.engine):
            await _note(item, {"state": "gone"})


async def _note(item: Item, became: Row) -> None:
    await BatchItem.update(became).where((BatchItem.id == item.id) & (BatchItem.state == "waiting"))


def _became(answer: object) -> Row:
    match answer:
        case Record():
            return {"state": "done", "version": answer.version}
        case Conflict():
            return {"state": "changed"}
        case Denied() | Problems():
            return {"state": "refused", "said": as_json(why(answer))}
        case _:
            raise HouseRuleBroken(f"a change of a batch was answered by {type(answer).__name__}")


async def resume(host: Host, viewer_of: Viewers) -> int:
    """Take up what a killed process left, oldest first; how many requests were seen to. Old batches go.

    A batch that raises is told in the log and tried again for a day; it keeps none of the others waiting.
    """
    await _sweep(host)
    left = BatchRow.done_at.is_null() & (BatchRow.made_at < clock.now() - LEFT_FOR)
    rows = await BatchRow.select(BatchRow.id, BatchRow.made_at).where(left).order_by(BatchRow.made_at).limit(PIECE)
    seen_to = 0
    for row in rows:
        ended = await caught(partial(_take_up, host, row["id"], viewer_of))
        if isinstance(ended, Success):
            seen_to += ended.value
            continue
        log.error("a batch cannot go on", batch=str(row["id"]), trouble=str(ended), where=ended.where)
        if clock.now() - row["made_at"] > TRIED_FOR:
            await caught(partial(_give_up, host, row["id"]))
    return seen_to


async def _take_up(host: Host, id: UUID, viewer_of: Viewers) -> int:
    batch = await batch_of(id)
    if batch is None:
        return 0
    if host.jurisdictions.get(batch.jurisdiction) is None:
        return await _refuse_rest(host, batch, NO_TOWN)
    viewer = await viewer_of(batch.agent)
    if viewer is None:
        return await _refuse_rest(host, batch, NOT_YOURS)
    return await go_on(host, id, viewer)


async def _give_up(host: Host, id: UUID) -> None:
    if (batch := await batch_of(id)) is not None:
        await _refuse_rest(host, batch, NOT_DONE)


async def _refuse_rest(host: Host, batch: Batch, reason: Text) -> int:
    """What of a batch nobody can do any more; it is over, and what was typed goes. None of it was seen to."""
    async with transaction(host.engine):
        waiting = (BatchItem.batch == batch.id) & (BatchItem.state == "waiting")
        await BatchItem.update({"state": "refused", "said": as_json(reason)}).where(waiting)
        await _end(host, batch)
    return 0


async def _end(host: Host, batch: Batch) -> None:
    over: Row = {"done_at": clock.now(), "action": as_json(without_words(host, batch.jurisdiction, batch.action))}
    await BatchRow.update(over).where((BatchRow.id == batch.id) & BatchRow.done_at.is_null())


async def _sweep(host: Host) -> None:
    old = clock.now() - KEPT
    rows = await BatchRow.select(BatchRow.id).where(BatchRow.made_at < old).limit(PIECE)
    if rows:
        ids = [row["id"] for row in rows]
        async with transaction(host.engine):
            await BatchItem.delete().where(BatchItem.batch.is_in(ids))
            await BatchRow.delete().where(BatchRow.id.is_in(ids))


ERASURE = ErasureRule(personal=(Personal(table="batch_item"),))
