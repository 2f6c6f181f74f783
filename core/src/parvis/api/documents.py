"""Documents that were issued: listed with their request, and read by those who may see them."""

from typing import cast

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from parvis.api.calls import AnyRequest, call_of, limited, read
from parvis.api.document_shapes import Documents, DocumentShape
from parvis.api.shapes import languages
from parvis.requests.issuing.codes import grouped_code
from parvis.requests.issuing.issued import (
    Issued,
    Standing,
    content_of_document,
    issued_as,
    issued_for,
    may_open,
    standing_of,
)
from parvis.requests.parts.validity import validity_of
from parvis.saving import pieces, saved_as
from parvis_sdk.documents import Kind


@get("/requests/{reference:str}/documents")
async def list_documents(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> Documents:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await read(call, reference, key)
    issued = await issued_for(viewer, record, call.heart)
    held = await validity_of(record.id) if issued else ()
    return Documents(documents=[_shape(record.reference, each, standing_of(each, held)) for each in issued])


@get("/requests/{reference:str}/documents/{id:str}")
async def download_document(
    request: AnyRequest, reference: FromPath[str], id: FromPath[str], key: FromQuery[str] = ""
) -> Stream:
    """The PDF, always as a download."""
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await read(call, reference, key)
    document = await issued_as(id)
    if document is None or not may_open(viewer, document, record, call.heart):
        raise HTTPException(status_code=404, detail="There is no such document, or you may not see it.")
    try:
        content = pieces(await content_of_document(call.heart, document))
    except FileNotFoundError:
        raise HTTPException(status_code=404, detail="What this document said was destroyed.") from None
    call.heart.looks.at(viewer, record, "document")
    return Stream(content, media_type="application/pdf", headers=saved_as(document.name, document.size))


def _shape(reference: str, document: Issued, standing: Standing) -> DocumentShape:
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


HANDLERS = (list_documents, download_document)
