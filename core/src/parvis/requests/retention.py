"""Forgetting: when a closed request was kept long enough, personal data goes, or all; first told, then done."""

from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis import clock
from parvis.db import unit
from parvis.db.tables import Attachment, Entry, Follower, ServiceRequest
from parvis.outbox import deliveries, letters, memory
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.contacts import forget_contact
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.records import Record, record_of, type_of_record
from parvis_sdk.events import Erased
from parvis_sdk.fields import AnyField, Group, Sensitivity


class Forgotten(Struct, frozen=True, kw_only=True):
    """One line of the register of destruction: what, by which rule, and when it fell due."""

    reference: str
    type: str
    then: str
    due_at: datetime | None


async def due_to_forget(heart: Heart, limit: int = 200, by: datetime | None = None) -> tuple[Forgotten, ...]:
    """What a retention run would do now, or will have to do `by` a time; changes nothing."""
    lines = []
    for record in await _due(limit, by or clock.now()):
        kind = await type_of_record(heart, record)
        lines.append(
            Forgotten(
                reference=record.reference, type=record.type, then=kind.retention.then, due_at=record.retention_due_at
            )
        )
    return tuple(lines)


async def forget_due(heart: Heart, limit: int = 200) -> tuple[Forgotten, ...]:
    """Do what the retention rules ask now, one request per unit; the register of what was done."""
    done = await due_to_forget(heart, limit)
    for line in done:
        await erase(heart, line.reference, actor=SYSTEM)
    return done


async def _due(limit: int, by: datetime) -> list[Record]:
    table = ServiceRequest
    rows = (
        await table.select()
        .where((table.retention_due_at <= by) & table.erased_at.is_null())
        .order_by(table.retention_due_at)
        .limit(limit)
    )
    return [record_of(row) for row in rows]


async def erase(heart: Heart, reference: str, *, actor: Actor) -> Record:
    """Destroy what is personal in a request: contact, words, personal answers, files, followers; structure stays.

    Its history keeps its chain: what is gone was covered by digests. One entry says that and how much was erased.
    """
    dropped: list[str] = []
    async with unit(heart.engine):
        changed = certainly(await change_within(heart, reference, partial(_plan_erasure, dropped), actor=actor))
    for digest in dropped:
        if not await Attachment.exists().where(Attachment.digest == digest):
            heart.files.drop(digest)
    return changed


async def _plan_erasure(dropped: list[str], here: Situation) -> Change:
    record = here.record
    files = await Attachment.select(Attachment.digest).where(Attachment.request == record.id)
    dropped.extend(row["digest"] for row in files)
    personal = await Entry.count().where(Entry.request == record.id, Entry.personal.is_not_null())
    everything = here.kind.retention.then == "destroy"
    kept = {} if everything else _public_answers(here.kind.form.fields(), record.answers)
    place = None
    if not everything and record.place is not None and record.public:
        place = structs.replace(record.place, words="")
    return Change(
        line=Line(
            kind="erased",
            audience="internal",
            body={"entries": personal, "files": len(files), "then": here.kind.retention.then},
        ),
        columns={
            "answers": kept,
            "place": place,
            "address": place.address if place else "",
            "lon": place.lon if place else None,
            "lat": place.lat if place else None,
            "erased_at": here.at,
            "retention_due_at": None,
            "timer_due_at": None,
            "public": False,
        },
        events=(Erased(**here.about(SYSTEM)),),
        writes=(partial(_destroy, record),),
    )


async def _destroy(record: Record) -> None:
    await forget_contact(record.id)
    await Follower.delete().where(Follower.request == record.id)
    await Attachment.delete().where(Attachment.request == record.id)
    await Entry.update({Entry.personal: None}).where(Entry.request == record.id)
    await ServiceRequest.update({ServiceRequest.search_text: record.reference.lower()}).where(
        ServiceRequest.id == record.id
    )
    await deliveries.forget_request(record.id)
    await letters.forget_request(record.reference)
    await memory.forget_request(record.reference)


def _public_answers(fields: tuple[AnyField, ...], answers: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for field in fields:
        if field.code in answers and field.privacy.sensitivity is Sensitivity.PUBLIC:
            value = answers[field.code]
            kept[field.code] = (
                [_public_answers(field.fields, item) for item in value] if isinstance(field, Group) else value
            )
    return kept


async def forget_files_waiting(heart: Heart, before: datetime) -> int:
    """Drop files that waited for a demand which never came."""
    async with unit(heart.engine):
        rows = (
            await Attachment.delete()
            .where(Attachment.request.is_null() & (Attachment.received_at < before))
            .returning(Attachment.digest)
        )
    for row in rows:
        if not await Attachment.exists().where(Attachment.digest == row["digest"]):
            heart.files.drop(row["digest"])
    return len(rows)
