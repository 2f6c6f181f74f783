"""Documents that were issued, as pages show and hand them out."""

from collections.abc import Callable

from litestar.exceptions import NotFoundException
from litestar.response import Stream
from msgspec import Struct

from parvis.downloads import pieces, saved_as
from parvis.i18n import format_date, format_size, gettext, say
from parvis.requests.host import Host
from parvis.requests.parts.together import terms_of
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis.web.panels import Panel
from parvis_documents.codes import grouped_code
from parvis_documents.issued import (
    IssuedDocument,
    Standing,
    content_of_document,
    issued_as,
    issued_for,
    may_open,
    standing_of,
)
from parvis_sdk.documents import Document
from parvis_sdk.request_types import RequestType


class ShownDocument(Struct, frozen=True, kw_only=True):
    """One document in words; `href` is empty once its content was destroyed."""

    id: str
    title: str
    number: str
    words: str
    standing: Standing
    state: str
    href: str
    size: str
    code: str
    verify: str


async def documents_panel(
    host: Host,
    record: Record,
    request_type: RequestType,
    viewer: Viewer,
    *,
    href: Callable[[str], str],
    verify: Callable[[str], str],
    changes: Callable[[str], str] | None = None,
) -> Panel | None:
    """The documents that this viewer may open, newest first; None while there is none."""
    documents = await issued_for(viewer, record, host.jurisdictions) if request_type.of(Document) else ()
    if not documents:
        return None
    held = await terms_of(host, record.id)
    shown = [shown_document(each, standing_of(each, held), href, verify) for each in reversed(documents)]
    return Panel(template="documents/box.html", values={"documents": shown, "changes": changes})


def shown_document(
    document: IssuedDocument, standing: Standing, href: Callable[[str], str], verify: Callable[[str], str]
) -> ShownDocument:
    return ShownDocument(
        id=str(document.id),
        title=say(document.title),
        number=document.number,
        words=standing_words(document, standing),
        standing=standing,
        state=document.state,
        href=href(str(document.id)) if document.content else "",
        size=format_size(document.size),
        code=grouped_code(document.verification),
        verify=verify(document.verification),
    )


def standing_words(document: IssuedDocument, standing: Standing) -> str:
    """Whether it still holds, in a sentence."""
    issued, changed = format_date(document.issued_at), format_date(document.changed_at)
    match standing:
        case "valid":
            words = gettext("Issued on {day}.").format(day=issued)
        case "suspended":
            words = gettext("Issued on {day}. Suspended: not valid at the moment.").format(day=issued)
        case "expired":
            words = gettext("Issued on {day}. Expired: no longer valid.").format(day=issued)
        case "ended":
            words = gettext("Issued on {day}. Ended early: no longer valid.").format(day=issued)
        case "revoked":
            last = changed if document.state == "revoked" else ""
            words = gettext("Issued on {day}. Revoked: no longer valid.").format(day=issued)
            if last:
                words = gettext("Issued on {day}. Revoked on {end}.").format(day=issued, end=last)
        case "replaced":
            words = gettext("Issued on {day}. Replaced by a newer one on {end}.").format(day=issued, end=changed)
    if document.version > 1:
        words = gettext("Version {version}.").format(version=document.version) + " " + words
    return words


async def document_for(host: Host, viewer: Viewer, record: Record, id: str) -> IssuedDocument:
    """The document of that id, if it belongs to the request and the viewer may open it."""
    document = await issued_as(id)
    if document is None or not may_open(viewer, document, record, host.jurisdictions):
        raise NotFoundException("There is no such document.")
    return document


async def handed_document(host: Host, document: IssuedDocument) -> Stream:
    """The PDF, only ever to be saved; no copy of it is kept on the way."""
    try:
        content = await content_of_document(host, document)
    except FileNotFoundError:
        raise NotFoundException("What this document said was destroyed.") from None
    return Stream(
        pieces(content),
        media_type="application/pdf",
        headers=saved_as(document.name, document.size),
    )
