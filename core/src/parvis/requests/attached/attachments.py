"""Files that come with requests: waiting, then bound to one, kept once per content; who may have each."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO
from uuid import UUID

from msgspec import Struct

from parvis.db.tables import Attachment as AttachmentRow
from parvis.requests.history import Audience
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.public_words import free_answers, words_are_public
from parvis.requests.records import Record
from parvis_sdk.fields import AnyField, File, Group, Photo, Privacy, Sensitivity
from parvis_sdk.file_stores import LinkingFileStore
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, FileState

MEGABYTE = 1_000_000
MOST_BYTES = 20 * MEGABYTE
SAVED = "application/octet-stream"  # what is saved is nothing that a browser shows
INLINE = ("image/jpeg", "image/png", "image/webp")  # what a browser may show; all else is only ever downloaded
STATES: dict[str, FileState] = {"held": "held", "infected": "infected"}  # by the column; all else is ready


class StoredFile(Struct, frozen=True, kw_only=True):
    """An attachment with what decides who sees it."""

    attachment: Attachment
    request: UUID | None
    audience: str
    holder: str
    field: str
    width: int | None
    height: int | None
    small: str  # the digest of its small copy; empty where it is no picture
    is_clean: bool  # the antivirus has passed it

    @property
    def is_ready(self) -> bool:
        return self.attachment.state == "ready"

    @property
    def is_inline(self) -> bool:
        return self.is_ready and self.attachment.kind in INLINE


async def waiting(holder: str) -> dict[str, Attachment]:
    """The files that wait under a holder, by id, in the order received: what a form may name."""
    return {each.attachment.id: each.attachment for each in await kept_waiting(holder)}


async def kept_waiting(holder: str) -> tuple[StoredFile, ...]:
    """The same with what is kept of each, in the order received."""
    waits = AttachmentRow.select().where(AttachmentRow.holder == holder, AttachmentRow.request.is_null())
    return tuple(_kept(row) for row in await waits.order_by(AttachmentRow.id))


class FilesGone(LookupError):
    """Files that were named (their ids) are not there: taken back, sent with something else, or never received."""


async def bind(request: UUID, holder: str, audiences: Mapping[str, Audience]) -> None:
    """Inside a transaction: give waiting files to a request, each for its audience; all of them or none."""
    by_audience: dict[Audience, list[UUID]] = {}
    for id, audience in audiences.items():
        if (wanted := id_of(id)) is None:
            raise FilesGone(id)
        by_audience.setdefault(audience, []).append(wanted)
    for audience, ids in by_audience.items():
        bound = (
            await AttachmentRow.update({AttachmentRow.request: request, AttachmentRow.audience: audience})
            .where(AttachmentRow.id.is_in(ids), AttachmentRow.holder == holder, AttachmentRow.request.is_null())
            .returning(AttachmentRow.id)
        )
        if gone := {*ids} - {row["id"] for row in bound}:
            raise FilesGone(", ".join(sorted(map(str, gone))))


async def kept_of(record: Record) -> tuple[StoredFile, ...]:
    """All files of a request, in the order received; ask `visibility` before showing any."""
    rows = await AttachmentRow.select().where(AttachmentRow.request == record.id).order_by(AttachmentRow.id)
    return tuple(_kept(row) for row in rows)


async def kept_of_all(requests: Collection[UUID]) -> dict[UUID, tuple[StoredFile, ...]]:
    """The same of several requests, in one statement."""
    if not requests:
        return {}
    rows = await AttachmentRow.select().where(AttachmentRow.request.is_in(list(requests))).order_by(AttachmentRow.id)
    found: dict[UUID, tuple[StoredFile, ...]] = {}
    for row in rows:
        found[row["request"]] = (*found.get(row["request"], ()), _kept(row))
    return found


async def held_of(record: Record) -> int:
    """How many files of a request have not been scanned yet."""
    waits = (AttachmentRow.request == record.id) & AttachmentRow.scan_due_at.is_not_null()
    return int(await AttachmentRow.count().where(waits))


async def kept(id: str) -> StoredFile | None:
    """One file by its id."""
    wanted = id_of(id)
    rows = await AttachmentRow.select().where(AttachmentRow.id == wanted) if wanted else []
    return _kept(rows[0]) if rows else None


class FileHeld(Exception):
    """The content of a file cannot be had: it has not been scanned yet."""


async def content_of(host: Host, file: StoredFile, *, small: bool = False) -> BinaryIO:
    """The content of a file or its small copy, open for reading: the only way to it.

    `FileHeld` while it has not been scanned, `FileNotFoundError` when it was infected or the store lost it.
    """
    if file.attachment.state == "held":
        raise FileHeld(file.attachment.id)
    digest = file.small if small and file.small else file.attachment.digest
    return await asyncio.to_thread(host.files.open, digest)


async def link_to(host: Host, file: StoredFile) -> str:
    """Where the store itself hands out a large file that the antivirus has passed; empty where it comes through us."""
    if not file.is_clean or file.attachment.size < MEGABYTE or not isinstance(host.files, LinkingFileStore):
        return ""
    return await asyncio.to_thread(host.files.link, file.attachment.digest, file.attachment.name, SAVED)


def id_of(id: str) -> UUID | None:
    """The id of a file as it was sent; None where it cannot be one."""
    try:
        return UUID(id)
    except ValueError:
        return None


def _kept(row: dict[str, Any]) -> StoredFile:
    return StoredFile(
        attachment=attachment_of(row),
        request=row["request"],
        audience=row["audience"],
        holder=row["holder"],
        field=row["field"],
        width=row["width"],
        height=row["height"],
        small=row["small"],
        is_clean=row["scan"] == "clean",
    )


def attachment_of(row: dict[str, Any]) -> Attachment:
    return Attachment(
        id=str(row["id"]),
        name=row["name"],
        kind=row["kind"],
        size=row["size"],
        digest=row["digest"],
        state=STATES.get(row["scan"], "ready"),
    )


ERASURE = ErasureRule(personal=(Personal(table="attachment"),))


def audiences_of(
    fields: tuple[AnyField, ...], answers: Mapping[str, Any], *, by_requester: bool, told: bool = True
) -> dict[str, Audience]:
    """Whom each file among these answers may reach, by its id: what protects the question protects its files."""
    found: dict[str, Audience] = {}
    for field in fields:
        value = answers.get(field.code)
        if isinstance(field, Photo | File) and value:
            audience = _audience_of(field.privacy, by_requester=by_requester, told=told)
            found |= dict.fromkeys(value, audience)
        elif isinstance(field, Group) and value:
            for item in value:
                found |= audiences_of(field.fields, item, by_requester=by_requester, told=told)
    return found


def audiences_at_first(request_type: RequestType, answers: Mapping[str, Any]) -> dict[str, Audience]:
    """The same of what a request came with: what the town itself declares it also tells."""
    return audiences_of(request_type.form.fields(), answers, by_requester=request_type.opened_by != "town")


async def give_files(ids: Collection[str], request: UUID, audience: Audience) -> None:
    """Inside a transaction: from now on these files of a request are for that audience."""
    if ids:
        mine = (AttachmentRow.request == request) & AttachmentRow.id.is_in([UUID(id) for id in ids])
        await AttachmentRow.update({AttachmentRow.audience: audience}).where(mine)


async def refit_files(before: tuple[RequestType, Record], now: tuple[RequestType, Record]) -> None:
    """Inside a transaction: after another type or other answers, files reach whom their questions let them reach now.

    A file that is in no answer any more stays with the request, and is for everybody no more.
    """
    request_type, record = now
    audiences: dict[str, Audience] = dict.fromkeys(public_files(*before), "requester")
    audiences |= audiences_at_first(request_type, record.answers)
    if words_are_public(request_type, record):
        audiences |= dict.fromkeys(public_files(request_type, record), "public")
    for audience in sorted(set(audiences.values())):
        await give_files([id for id, each in audiences.items() if each == audience], record.id, audience)


def public_files(request_type: RequestType, record: Record) -> tuple[str, ...]:
    """The files among the answers that somebody of the town may make public."""
    return tuple(_ids(free_answers(request_type, record).values()))


def _ids(values: Collection[Any]) -> Iterator[str]:
    for value in values:
        yield from value if isinstance(value, list) else ()


def _audience_of(privacy: Privacy, *, by_requester: bool, told: bool) -> Audience:
    match privacy.sensitivity:
        case Sensitivity.PUBLIC if told and not by_requester:
            return "public"  # those of the requester once somebody of the town has published them
        case Sensitivity.SENSITIVE:
            return "sensitive" if by_requester else "restricted"
        case Sensitivity.PERSONAL:
            return "personal" if by_requester else "colleagues"
        case _:
            return "requester" if by_requester or told else "internal"
