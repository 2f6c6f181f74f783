"""Documents at the desk: saved, previewed before a step issues them, replaced by a corrected version, revoked."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from parvis import clock
from parvis.downloads import saved_as
from parvis.i18n import gettext
from parvis.requests.changing import Conflict, Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.parts.together import terms_of
from parvis.requests.records import Record
from parvis.requests.rows_there import RowsOf
from parvis.web.addresses import address
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.case import Case, MovePreview
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.sign_in.guard import REMAINS
from parvis.web.typed import typed
from parvis_documents.codes import VERIFY
from parvis_documents.composing import Paper
from parvis_documents.issued import IssuedDocument, may_open
from parvis_documents.making import preview
from parvis_documents.reissuing import may_be_replaced, preview_paper, replace, revoke
from parvis_documents.shown import document_for, documents_panel, handed_document
from parvis_sdk.documents import Document
from parvis_sdk.fields import LongText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Transition

REASON = LongText(
    code="reason",
    label=Text(fr="Raison", en="Reason"),
    help=Text(fr="La personne lira cette raison.", en="The requester will read this reason."),
    max_length=1000,
    rows=3,
)
FORM = Form(sections=(Section(code="why", title=REASON.label, fields=(REASON,)),))


@get(f"{CASE}/documents/{{id:str}}", opt={REMAINS: Document.part})
async def save_document(room: AtDesk, reference: FromPath[str], id: FromPath[str]) -> Stream:
    record = await room.record(reference)
    document = await document_for(room.host, room.viewer, record, id)
    room.logs_access(record, "document")
    return await handed_document(room.host, document)


async def preview_document(
    room: DeskContext, record: Record, request_type: RequestType, move: Transition, code: str, raw: Any
) -> Response[bytes] | Denied | Problems:
    """The document that this step would issue, as a PDF marked as a preview; or what is wrong with the answers."""
    document = request_type.part(Document, code)
    if document is None or code not in _issued_by(request_type, move):
        raise NotFoundException("This step issues no such document.")
    read = move.asks.read(raw)
    given = {} if isinstance(read, Problems) else read.answers
    here = Situation(record=record, request_type=request_type, town=room.town, at=clock.now())
    paper = await preview_paper(room.host, here, document, move, given, room.actor)
    made = await preview(room.host, paper) if isinstance(paper, Paper) else paper
    if not isinstance(made, bytes):
        return made
    return Response(made, media_type="application/pdf", headers=saved_as(f"apercu-{code}-{record.reference}.pdf"))


def _issued_by(request_type: RequestType, move: Transition) -> tuple[str, ...]:
    """The documents that a step issues, in the order in which it names them."""
    parts = (request_type.part_of(fact) for fact in request_type.workflow.brought_by(move))
    return tuple(part.code for part, word in parts if isinstance(part, Document) and word == "issued")


PREVIEW = MovePreview(
    name="document", text=lambda: gettext("Preview the document"), codes=_issued_by, make=preview_document
)


@get(f"{CASE}/documents/{{id:str}}/changer")
async def show_change(room: AtDesk, reference: FromPath[str], id: FromPath[str]) -> Response[Any]:
    """Where a document is replaced or revoked."""
    record = await room.record(reference, "report")
    return await _page(room, record, await document_for(room.host, room.viewer, record, id))


@post(f"{CASE}/documents/{{id:str}}/changer")
async def change_document(
    room: AtDesk, request: AnyRequest, reference: FromPath[str], id: FromPath[str]
) -> Response[Any]:
    """Replace it by a version made of the request as it is now, or revoke it; the person is told why."""
    record, sent = await room.record(reference, "report"), await typed(request)
    document = await document_for(room.host, room.viewer, record, id)
    raw = {"reason": sent.text("reason")}
    read = FORM.read(raw)
    if isinstance(read, Problems):
        return await _page(room, record, document, values=raw, problems=read)
    doing = revoke if sent.text("do") == "revoke" else replace
    reason = read.answers["reason"]
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, document, values=raw, problems=seen)
    answer = await doing(room.host, record.reference, id, reason, actor=room.actor, expected=seen)
    if isinstance(answer, Record):
        done = "revoque" if doing is revoke else "remplace"
        return go(f"{case_path(record.reference)}?fait={done}#main")
    now = await room.record(reference, "report")
    refused = "" if isinstance(answer, Conflict) else answer.reason.to(room.language)
    return await _page(room, now, document, values=raw, refused=refused, changed=isinstance(answer, Conflict))


async def _page(
    room: DeskContext,
    record: Record,
    document: IssuedDocument,
    *,
    values: dict[str, Any] | None = None,
    problems: Problems | None = None,
    refused: str = "",
    changed: bool = False,
) -> Response[Any]:
    if document.state != "issued" or not may_open(room.viewer, document, record, room.host.jurisdictions):
        raise NotFoundException("Nothing can be changed about this document any more.")
    room.writes(record)
    request_type = await type_of_record(room.host, record)
    return room.show(
        "documents/change.html",
        status=422 if problems else 409 if changed or refused else 200,
        record=record,
        request_type=request_type,
        document=document,
        replaceable=may_be_replaced(document, await terms_of(room.host, record.id)),
        fields=(REASON,),
        values=values or {},
        problems=problems,
        refused=refused,
        changed=changed,
    )


async def panel_of_documents(room: DeskContext, case: Case) -> Panel | None:
    """The documents that the person may open, each with what they may do with it."""
    record = case.record
    may_change = room.may("report", record) and record.erased_at is None
    return await documents_panel(
        room.host,
        record,
        case.request_type,
        room.viewer,
        href=lambda id: case_path(record.reference, "documents", id),
        verify=lambda code: address(room.language, VERIFY, code),
        changes=(lambda id: case_path(record.reference, "documents", id, "changer")) if may_change else None,
    )


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="documents",
    after="delays",
    title=lambda: gettext("Documents"),
    rows=(RowsOf("document"),),
    draw=panel_of_documents,
    remains=Document.part,
)
MESSAGES = (
    DoneMessage(
        slot="desk.request.done",
        name="remplace",
        text=lambda: gettext("The new version is issued, and the person is notified."),
    ),
    DoneMessage(
        slot="desk.request.done",
        name="revoque",
        text=lambda: gettext("The document is revoked, and the person is notified."),
    ),
)
