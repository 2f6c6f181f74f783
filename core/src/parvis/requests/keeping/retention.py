"""Retention: what is due; and erasing where nothing forbids it: personal data goes, or all of it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Attachment, Entry, Row, ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries, letters, memory
from parvis.requests.actors import Actor
from parvis.requests.attached.dropping import CONTENTS, contents_in, drop_unused
from parvis.requests.changing import Change, Situation, change_within
from parvis.requests.declarations import declaration
from parvis.requests.erasure_rules import contents_known, forget_all, settled, waits_for_nothing, whose_owner_is_there
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lists.searching import NOWHERE, search_text_of
from parvis.requests.public_words import is_free, words_are_public
from parvis.requests.records import Record
from parvis.requests.visibility import PUBLIC, place_for
from parvis_sdk.events import Erased
from parvis_sdk.fields import AnyField, File, Photo, Sensitivity
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.standing_answers import those

Only = Literal["", "due", "asked"]
"""What an erasure is held to: nothing; the end of retention; the same, or a type that lets a person have it sooner."""
READ = ("reference", "jurisdiction", "type", "declaration", "submitted_at", "retention_due_at")


class DueRequest(Struct, frozen=True, kw_only=True):
    """One request whose retention is over: what becomes of it, by which rule, and when it fell due."""

    reference: str
    jurisdiction: str
    type: str
    then: str
    days: int
    due_at: datetime


class DisposalSource(Struct, frozen=True, kw_only=True):
    """Declared by a module that destroys what is due, and what a person asks to have erased, in towns that have it.

    The core destroys nothing by itself: in a town without such a module, what is due stays, and operators are told.
    """


async def erase(
    host: Host, reference: str, *, actor: Actor, only: Only = "", reason: str = "", version: int | None = None
) -> Record | None:
    """Destroy what is personal in a request: contact, words, personal answers, files, followers; structure stays.

    Its history keeps its chain: what is gone was covered by digests. One entry says that and how much was erased. What
    `only` does not allow, as the request now stands under lock, or what is at another `version` than the one that is
    given, is left as it is; the answer is then None. A `reason` beside its own rule stands in the entry.
    """
    files: set[str] = set()
    plan = partial(_plan_erasure, host, files, actor, only, reason, version)
    async with transaction(host.engine):
        changed = await change_within(host, reference, plan, actor=actor)
    await drop_unused(host, files)
    return changed if isinstance(changed, Record) else None


def may_go(record: Record, request_type: RequestType, at: datetime, only: Only) -> bool:
    """Whether its own rule lets a request go, as far as that stands in the request itself."""
    is_due = kept_for_its_time(record.submitted_at, record.retention_due_at, request_type.retention.days, at)
    sooner = only == "asked" and request_type.retention.erasable_on_request and record.phase is Phase.CLOSED
    return not only or is_due or sooner


def kept_for_its_time(submitted_at: datetime, due_at: datetime | None, days: int, at: datetime) -> bool:
    """Whether a request was kept as long as its rule says; one that was closed under a clock far behind was not."""
    return due_at is not None and max(due_at, submitted_at + timedelta(days=days)) <= at


async def due_for_destruction(
    host: Host, by: datetime | None = None, towns: Iterable[str] | None = None
) -> tuple[DueRequest, ...]:
    """Everything whose retention is over now, or will be `by` a time, the oldest first; changes nothing."""
    served = list(host.jurisdictions.by_code if towns is None else towns)
    table, by = ServiceRequest, by or clock.now()
    rows = (
        await table.select(*(getattr(table, name) for name in READ))
        .where(
            (table.retention_due_at <= by) & table.erased_at.is_null() & table.jurisdiction.is_in(served),
            WhereRaw(settled(host)),
        )
        .order_by(table.retention_due_at)
        .order_by(table.reference)
        if served
        else []
    )
    lines = []
    for row in rows:
        rule = (await declaration(host, row["declaration"])).retention
        if not kept_for_its_time(row["submitted_at"], row["retention_due_at"], rule.days, by):
            continue
        lines.append(
            DueRequest(
                reference=row["reference"],
                jurisdiction=row["jurisdiction"],
                type=row["type"],
                then=rule.then,
                days=rule.days,
                due_at=row["retention_due_at"],
            )
        )
    return tuple(lines)


def has_disposal(host: Host, town: Jurisdiction) -> bool:
    """Whether anybody sees in a town to what is due, and to erasure on request."""
    return bool(host.modules.heard(DisposalSource, town))


async def count_overdue(host: Host, towns: Iterable[Jurisdiction]) -> int:
    """How many requests are due in those of these towns in which nobody sees to it."""
    codes = [town.code for town in towns if not has_disposal(host, town)]
    if not codes:
        return 0
    table = ServiceRequest
    due = (table.retention_due_at <= clock.now()) & table.erased_at.is_null() & table.jurisdiction.is_in(codes)
    return int(await table.count().where(due, WhereRaw(settled(host))))


async def unsettled(host: Host, ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these requests those that something else still needs: a condition, a document in force, another request."""
    if not ids:
        return frozenset()
    table = ServiceRequest
    over = await table.select(table.id).where(table.id.is_in(list(ids)), WhereRaw(settled(host)))
    return frozenset(ids) - {row["id"] for row in over}


async def _plan_erasure(
    host: Host, files: set[str], actor: Actor, only: Only, reason: str, version: int | None, here: Situation
) -> Change | None:
    record = here.record
    if (
        version not in (None, record.version)
        or not may_go(record, here.request_type, here.at, only)
        or (only and await unsettled(host, [record.id]))
    ):
        return None
    attached = await Attachment.select(*CONTENTS).where(Attachment.request == record.id)
    files.update(contents_in(attached) | await contents_known(host, record.id))
    personal = await Entry.count().where(Entry.request == record.id, Entry.personal.is_not_null())
    rule = here.request_type.retention.then
    body = {"entries": personal, "files": len(attached), "then": rule} | ({"reason": reason} if reason else {})
    open_to_all = rule == "anonymise"
    place = place_for(PUBLIC, record, here.request_type) if open_to_all and record.public else None
    return Change(
        line=Line(kind="erased", audience="internal", body=body),
        columns={
            "answers": _staying(here) if open_to_all else {},
            "place": place,
            "address": place.address if place else "",
            "lon": place.lon if place else None,
            "lat": place.lat if place else None,
            "erased_at": here.at,
            "retention_due_at": None,
            "timer_due_at": None,
            "follow_up_at": None,
            "public": False,
            "public_address": place.address if place else "",
        },
        events=(Erased(**here.about(actor)),),
        writes=(partial(_destroy, host, record, here.request_type),),
    )


def _staying(here: Situation) -> dict[str, Any]:
    """The public answers, without files, and without words that nobody of the town has read."""
    told = words_are_public(here.request_type, here.record)

    def stays(field: AnyField) -> bool:
        is_told = told or not is_free(field)
        return is_told and field.privacy.sensitivity is Sensitivity.PUBLIC and not isinstance(field, Photo | File)

    return those(here.request_type.form.fields(), here.record.answers, stays)


async def _destroy(host: Host, record: Record, request_type: RequestType) -> None:
    await forget_all(host, record)
    words = search_text_of((record.reference, request_type.title.fr, request_type.title.en))
    gone: Row = {"search_text": words, "personal_text": "", "public_text": "", "words_wait": False, **NOWHERE}
    await ServiceRequest.update(gone).where(ServiceRequest.id == record.id)
    await deliveries.forget_request(record.id)
    await letters.forget_request(record.reference)
    await memory.forget_request(record.reference)


async def forget_files_waiting(host: Host, before: datetime) -> int:
    """Drop files that waited for a submission which never came; those that an owner holds wait as long as it says."""
    waits = Attachment.request.is_null() & (Attachment.received_at < before)
    over = (WhereRaw(whose_owner_is_there(host)), WhereRaw(waits_for_nothing(host)))
    async with transaction(host.engine):
        rows = await Attachment.delete().where(waits, *over).returning(*CONTENTS)
    await drop_unused(host, contents_in(rows))
    return len(rows)
