"""Documents that were issued: listed with their request, and read by those who may see them."""

from typing import Literal, cast

from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from parvis.api.calls import Access, Call, Given
from parvis.api.operations import operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages
from parvis.downloads import pieces, saved_as
from parvis.i18n import gettext
from parvis.requests.access_log import AccessLog
from parvis.requests.parts.together import terms_of
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
from parvis_sdk.documents import Kind


class DocumentShape(Struct, frozen=True, kw_only=True):
    """A document of a request. `digest` is the SHA-256 of its file; `url` is null once its content was destroyed.

    `standing` says whether it holds now: by itself, and by the validity that it is worth.
    """

    id: str
    code: str
    kind: Literal["permit", "certificate", "refusal", "letter", "receipt"]
    title: Languages
    number: str
    version: int
    standing: Literal["valid", "suspended", "expired", "ended", "revoked", "replaced"]
    issued_at: Moment
    languages: list[str]
    verification: str
    digest: str
    size: int
    url: str | None


class Documents(ListAnswer, frozen=True, kw_only=True):
    """The documents of a request that the caller may open, oldest first."""

    items: list[DocumentShape]


@operation(
    "GET /requests/{reference}/documents",
    "The documents issued for a request, as far as the caller may open them, oldest first",
    key=True,
)
async def list_documents(call: Given[Call], public_access: Given[Access]) -> Documents:
    record = public_access.record
    issued = await issued_for(public_access.viewer, record, call.host.jurisdictions)
    held = await terms_of(call.host, record.id) if issued else ()
    return Documents(items=[_shape(record.reference, each, standing_of(each, held)) for each in issued])


@operation("GET /requests/{reference}/documents/{id}", "One of them, as a PDF", key=True, download=True)
async def download_document(call: Given[Call], public_access: Given[Access], id: FromPath[str]) -> Stream:
    """Always as a download."""
    record, viewer = public_access.record, public_access.viewer
    document = await issued_as(id)
    if document is None or not may_open(viewer, document, record, call.host.jurisdictions):
        raise HTTPException(status_code=404, detail=gettext("There is no such document, or you may not see it."))
    try:
        content = pieces(await content_of_document(call.host, document))
    except FileNotFoundError:
        raise HTTPException(status_code=404, detail=gettext("What this document said was destroyed.")) from None
    call.host.of(AccessLog).at(viewer, record, "document")
    return Stream(content, media_type="application/pdf", headers=saved_as(document.name, document.size))


def _shape(reference: str, document: IssuedDocument, standing: Standing) -> DocumentShape:
    return DocumentShape(
        id=str(document.id),
        code=document.code,
        kind=cast("Kind", document.kind),
        title=languages(document.title),
        number=document.number,
        version=document.version,
        standing=standing,
        issued_at=document.issued_at,
        languages=document.language.split(","),
        verification=grouped_code(document.verification),
        digest=document.digest,
        size=document.size,
        url=f"/api/v1/requests/{reference}/documents/{document.id}" if document.content else None,
    )
