"""Documents that were issued, as they stand: found by their request, their id, or the code that verifies them."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdictions
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import Term
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, reads_persons, sees_audience
from parvis_documents.tables import Document as DocumentRow
from parvis_sdk.text import Text

ONE_INSTANT = timedelta(microseconds=1)  # ends are the first instant at which something holds no more
Standing = Literal["valid", "suspended", "expired", "ended", "revoked", "replaced"]
HOLDING: tuple[Standing, ...] = ("valid", "suspended")


class IssuedDocument(Struct, frozen=True, kw_only=True):
    """One document that was issued. `content` is empty once what it said of anybody was destroyed."""

    id: UUID
    request: UUID
    jurisdiction: str
    type: str
    code: str
    kind: str
    title: Text
    number: str
    version: int
    verification: str
    state: str
    language: str
    audience: str
    validity: str
    template: str
    signed_by: str
    digest: str
    content: str
    size: int
    issued_at: datetime
    changed_at: datetime

    @property
    def name(self) -> str:
        """As it is called when it is saved."""
        plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in self.number)
        return f"{plain}-v{self.version}.pdf" if self.version > 1 else f"{plain}.pdf"


async def issued_of(request: UUID) -> tuple[IssuedDocument, ...]:
    """Every document of a request, oldest first."""
    rows = await DocumentRow.select().where(DocumentRow.request == request).order_by(DocumentRow.id)
    return tuple(map(_issued, rows))


async def issued_for(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> tuple[IssuedDocument, ...]:
    """Those that this viewer may know of and open."""
    return tuple(each for each in await issued_of(record.id) if may_open(viewer, each, record, jurisdictions))


def may_open(viewer: Viewer, document: IssuedDocument, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer may read a document of this request.

    What was issued to a former holder of the request is not shown to the present one.
    """
    if document.request != record.id:
        return False
    if viewer.kind == "agent" and not reads_persons(viewer, record, jurisdictions):
        return False  # it names whom it is for
    if viewer.kind != "holder":
        return sees_audience(viewer, document.audience, record, jurisdictions)
    if record.holder_since is not None and document.issued_at < record.holder_since:
        return False
    return viewer.holds("personal") if document.audience == "personal" else viewer.is_requester


async def issued_as(id: str) -> IssuedDocument | None:
    """One document by its id."""
    try:
        wanted = UUID(id)
    except ValueError:
        return None
    rows = await DocumentRow.select().where(DocumentRow.id == wanted)
    return _issued(rows[0]) if rows else None


async def verified(code: str) -> IssuedDocument | None:
    """The document of a verification code as it is kept, without hyphens."""
    rows = await DocumentRow.select().where(DocumentRow.verification == code)
    return _issued(rows[0]) if rows else None


async def issued_with_digest(digest: str) -> tuple[IssuedDocument, ...]:
    """Those whose file has this SHA-256, also when their content was destroyed since."""
    rows = await DocumentRow.select().where(DocumentRow.digest == digest).order_by(DocumentRow.id)
    return tuple(map(_issued, rows))


def standing_of(document: IssuedDocument, held: Iterable[Term]) -> Standing:
    """Whether it still holds: by itself, and by the validity that it is worth, among those of its request."""
    if document.state in ("revoked", "replaced"):
        return "revoked" if document.state == "revoked" else "replaced"
    worth = _worth(document, held)
    match worth.state if worth else "valid":
        case "suspended":
            return "suspended"
        case "expired":
            return "expired"
        case "ended":
            return "ended"
        case "revoked":
            return "revoked"
    return "valid"


def last_moment_of(document: IssuedDocument, held: Iterable[Term]) -> datetime | None:
    """Its last day by the validity that it is worth, renewed or not; None without end, or where it ended before."""
    worth = _worth(document, held)
    by_time = worth is not None and worth.state in (*HOLDING, "expired")
    return worth.until - ONE_INSTANT if worth and by_time and worth.until else None


def _worth(document: IssuedDocument, held: Iterable[Term]) -> Term | None:
    return next((each for each in held if each.code == document.validity), None)


async def content_of_document(host: Host, document: IssuedDocument) -> BinaryIO:
    """The PDF, open for reading; `FileNotFoundError` once it was destroyed."""
    if not document.content:
        raise FileNotFoundError(document.number)
    return await asyncio.to_thread(host.files.open, document.content)


def _issued(row: Row) -> IssuedDocument:
    values = {name: row[name] for name in IssuedDocument.__struct_fields__}
    return IssuedDocument(**values | {"title": msgspec.json.decode(row["title"], type=Text)})
