"""Files that come with requests: received before they belong to one, judged by their content, kept once per content."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

import puremagic
from msgspec import Struct

from parvis import clock
from parvis.db import unit
from parvis.db.tables import Attachment as AttachmentRow
from parvis.identifiers import new_id
from parvis.requests.files import PARTS
from parvis.requests.heart import Heart
from parvis.requests.history import Audience
from parvis.requests.images import NotAPicture, kind_of_picture, remade
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import DOCUMENT_KINDS
from parvis_sdk.problems import Problem, problem
from parvis_sdk.reading import kinds_shown
from parvis_sdk.requests import Attachment

MOST_BYTES = 20_000_000
MOST_WAITING = 40
INLINE = ("image/jpeg", "image/png", "image/webp")  # what a browser may show; all else is only ever downloaded


class Kept(Struct, frozen=True, kw_only=True):
    """An attachment with what decides who sees it."""

    attachment: Attachment
    request: UUID | None
    audience: str
    holder: str
    field: str
    width: int | None
    height: int | None

    @property
    def is_inline(self) -> bool:
        return self.attachment.kind in INLINE


async def receive_file(
    heart: Heart,
    holder: str,
    field: str,
    name: str,
    content: bytes,
    *,
    kinds: tuple[str, ...] = DOCUMENT_KINDS,
    max_size: int = MOST_BYTES,
) -> Attachment | Problem:
    """Keep a file that waits for a demand under `holder`, or say why not: its kind (by content), size or number.

    Pictures are written anew: upright, reduced, without their metadata.
    """
    shown = plain_name(name)
    if len(content) > max_size:
        return problem("file_size", field, name=shown, limit=max_size // 1_000_000)
    waiting_now = await AttachmentRow.count().where(AttachmentRow.holder == holder, AttachmentRow.request.is_null())
    if waiting_now >= MOST_WAITING:
        return problem("too_much", field)
    made = await asyncio.to_thread(_examined, content, kinds)
    if made is None:
        return problem("file_kind", field, name=shown, kinds=kinds_shown(kinds))
    content, kind, size = made
    digest = await asyncio.to_thread(heart.files.keep, content)
    row = AttachmentRow(
        id=new_id(),
        holder=holder,
        field=field[:130],
        name=shown,
        kind=kind,
        size=len(content),
        digest=digest,
        width=size[0] if size else None,
        height=size[1] if size else None,
        audience="requester",
        received_at=clock.now(),
    )
    async with unit(heart.engine):
        await AttachmentRow.insert(row)
    # The same content may have been dropped after it was found there and before the row said that it is needed.
    await asyncio.to_thread(heart.files.keep, content)
    return _attachment(row.to_dict())


def _examined(content: bytes, kinds: tuple[str, ...]) -> tuple[bytes, str, tuple[int, int] | None] | None:
    """The content as it will be kept, its media type and its size in pixels; None when it is of no accepted kind."""
    picture = kind_of_picture(content)
    if picture is not None:
        if picture not in kinds:
            return None
        try:
            made = remade(content)
        except NotAPicture:
            return None
        return made.content, made.kind, (made.width, made.height)
    kind = _document_kind(content)
    return (content, kind, None) if kind in kinds and not kind.startswith("image/") else None


def _document_kind(content: bytes) -> str:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    try:
        return str(puremagic.from_string(content[:65536], mime=True))
    except (puremagic.PureError, ValueError, IndexError):
        return ""


def plain_name(name: str) -> str:
    """A file's name without folders, control characters or excess: only ever shown, never used as a path."""
    last = clean(name).replace("\\", "/").rsplit("/", 1)[-1].replace("\n", " ").strip(" .")
    return last[-120:] or "fichier"


async def waiting(holder: str) -> dict[str, Attachment]:
    """The files that wait under a holder, by id: what a form may name."""
    rows = await AttachmentRow.select().where(AttachmentRow.holder == holder, AttachmentRow.request.is_null())
    return {str(row["id"]): _attachment(row) for row in rows}


async def discard(heart: Heart, holder: str, id: str) -> None:
    """Take a waiting file back."""
    async with unit(heart.engine):
        rows = (
            await AttachmentRow.delete()
            .where(AttachmentRow.holder == holder, AttachmentRow.request.is_null(), AttachmentRow.id == _uuid(id))
            .returning(AttachmentRow.digest)
        )
    await drop_unused(heart, {row["digest"] for row in rows})


async def drop_unused(heart: Heart, digests: Collection[str]) -> int:
    """Destroy the contents that nobody needs any more; how many. Outside of units, after the rows are gone.

    Whoever sends the same content at that very moment keeps it: it is set aside first, then asked about once more.
    """
    dropped = 0
    for digest in digests:
        if await AttachmentRow.exists().where(AttachmentRow.digest == digest):
            continue
        await asyncio.to_thread(heart.files.set_aside, digest)
        if await AttachmentRow.exists().where(AttachmentRow.digest == digest):
            await asyncio.to_thread(heart.files.bring_back, digest)
        else:
            await asyncio.to_thread(heart.files.drop, digest)
            dropped += 1
    return dropped


async def drop_strays(heart: Heart, before: datetime) -> int:
    """Destroy contents that no row knows, in one part of the store each hour: left by a process that ended midway."""
    part = int(clock.now().timestamp() // 3600) % PARTS
    return await drop_unused(heart, set(await asyncio.to_thread(heart.files.kept_before, part, before)))


class FilesGone(LookupError):
    """A file that was named is not there: taken back, sent with something else, or never received."""


async def bind(request: UUID, holder: str, audiences: Mapping[str, Audience]) -> None:
    """Inside a unit: give waiting files to a request, each for its audience; all of them or none."""
    by_audience: dict[Audience, list[UUID]] = {}
    for id, audience in audiences.items():
        if (wanted := _uuid(id)) is None:
            raise FilesGone(id)
        by_audience.setdefault(audience, []).append(wanted)
    for audience, ids in by_audience.items():
        bound = (
            await AttachmentRow.update({AttachmentRow.request: request, AttachmentRow.audience: audience})
            .where(AttachmentRow.id.is_in(ids), AttachmentRow.holder == holder, AttachmentRow.request.is_null())
            .returning(AttachmentRow.id)
        )
        if len(bound) != len(set(ids)):
            raise FilesGone(f"{len(set(ids)) - len(bound)} of {len(set(ids))} files")


async def kept_of(record: Record) -> tuple[Kept, ...]:
    """All files of a request, in the order received; ask `visibility` before showing any."""
    rows = await AttachmentRow.select().where(AttachmentRow.request == record.id).order_by(AttachmentRow.id)
    return tuple(_kept(row) for row in rows)


async def kept(id: str) -> Kept | None:
    """One file by its id."""
    wanted = _uuid(id)
    rows = await AttachmentRow.select().where(AttachmentRow.id == wanted) if wanted else []
    return _kept(rows[0]) if rows else None


async def content_of(heart: Heart, file: Kept) -> BinaryIO:
    """The content of a file, open for reading; `FileNotFoundError` when the store lost it."""
    return await asyncio.to_thread(heart.files.open, file.attachment.digest)


def _uuid(id: str) -> UUID | None:
    try:
        return UUID(id)
    except ValueError:
        return None


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(
        attachment=_attachment(row),
        request=row["request"],
        audience=row["audience"],
        holder=row["holder"],
        field=row["field"],
        width=row["width"],
        height=row["height"],
    )


def _attachment(row: dict[str, Any]) -> Attachment:
    return Attachment(id=str(row["id"]), name=row["name"], kind=row["kind"], size=row["size"], digest=row["digest"])
