"""The documents of a request on its private page, and saving them."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from parvis.i18n import gettext
from parvis.web.addresses import address, patterns
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.sign_in.guard import REMAINS
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address
from parvis_documents.codes import VERIFY
from parvis_documents.shown import document_for, documents_panel, handed_document
from parvis_sdk.documents import Document

AnyRequest = Request[Any, Any, Any]


DOCUMENTS = {"fr": "documents", "en": "documents"}


async def panel_of_documents(here: Visit, found: TrackedRequest) -> Panel | None:
    return await documents_panel(
        here.host,
        found.record,
        found.request_type,
        found.viewer,
        href=lambda id: own_address(here, found, DOCUMENTS, id),
        verify=lambda code: address(here.language, VERIFY, code),
    )


@get(patterns(":track", "{reference:str}", DOCUMENTS, "{id:str}"), name="track-document", opt={REMAINS: Document.part})
async def document_of_request(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]
) -> Stream:
    """The PDF, for a person with a key to its request, as far as their role allows."""
    found = await held_or_redirect(here, reference, "see")
    return await handed_document(here.host, await document_for(here.host, found.viewer, found.record, id))


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="documents",
    after="validity",
    title=lambda: gettext("Documents"),
    draw=panel_of_documents,
    remains=Document.part,
)
