"""The whole file of a request: on one page, to be printed, and as one ZIP; also when its plugin is gone."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from parvis.downloads import pieces, saved_as
from parvis.i18n import gettext
from parvis.requests.access_log import SHORTEST_REASON
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at
from parvis.requests.records import Record
from parvis.requests.whole_file import (
    WholeFile,
    as_data,
    for_a_reason,
    gather_whole,
    named_documents,
    named_files,
    note_taken,
    plain,
    sections_of,
)
from parvis.web.answers import answer_rows
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.one_request.case import gather, panels_at
from parvis.web.desk.one_request.forms import CASE, words_in, wrong
from parvis.web.desk.one_request.telling import entries
from parvis.web.downloads import opened, packed
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis.web.versions import rested, versioned
from parvis_sdk.problems import Problems


@get(f"{CASE}/dossier")
async def show_whole(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    record = await room.record(reference)
    room.logs_access(record, "print")
    return await _page(room, record)


@post(f"{CASE}/dossier/archive", status_code=200)
async def take_whole(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any] | Stream:
    """One ZIP of what the person may see; what is sensitive only with the right to it and a reason, written down."""
    sent = await typed(request)
    with_all = bool(sent.text("_all"))
    record = await room.record(reference, "reveal" if with_all else "see")
    reason = words_in(sent, "reason") if with_all else ""
    if with_all and len(reason) < SHORTEST_REASON:
        words = gettext("Say why the sensitive information is exported.")
        return await _page(room, record, wrong("all-reason", words), reason)
    if record.erased_at is None:
        record = await note_taken(room.host, record.reference, reason=reason, actor=room.actor)
    room.logs_access(record, "archive")
    viewer = for_a_reason(room.viewer, record) if with_all else plain(room.viewer)
    whole = await gather_whole(room.host, record, viewer, room.language, with_person=with_all)
    found, missing = await opened(room.host, named_files(whole), named_documents(whole))
    pages = {
        "dossier.html": (await _readable(room, record, whole, missing)).encode(),
        "donnees.json": as_data(whole, room.language),
    }
    content = await asyncio.to_thread(packed, pages, found)
    return Stream(pieces(content), media_type="application/zip", headers=saved_as(f"{record.reference}.zip"))


async def _page(room: DeskContext, record: Record, problems: Problems | None = None, reason: str = "") -> Response[Any]:
    request_type, case = await type_of_record(room.host, record), await gather(room, record)
    files = case.attachments
    return room.show(
        "desk/whole.html",
        status=422 if problems else 200,
        record=record,
        shown=case.shown,
        problems=problems,
        reason=reason,
        may_take_all=room.may("reveal", record) and record.erased_at is None,
        sections=await sections_of(room.host, record, room.language),
        facts=answer_rows([one.field for one in case.shown.fields], case.shown.answers, files),
        files=list(files.values()),
        panels=await panels_at("desk.request", room, case),
        versioned=await versioned(room.host, record, request_type, room.viewer, lambda id: f"/bureau/fichiers/{id}"),
        rested=await rested(room.host, record, request_type, room.viewer),
        timeline_entries=entries(case.story, files),
    )


async def _readable(room: DeskContext, record: Record, whole: WholeFile, missing: list[str]) -> str:
    """The page inside, which needs nothing but itself."""
    pages = room.request.app.state.pages
    files = {each.attachment.id: each.attachment for each in whole.files}
    broken = await broken_at(record)
    with pages.catalogues.speaking(room.language, room.town.time_zone):
        return str(
            pages.environment.get_template("desk/whole_file.html").render(
                language=room.language,
                whole=whole,
                person=room.person,
                rows=answer_rows([one.field for one in whole.shown.fields], whole.shown.answers, files),
                timeline_entries=entries(whole.story, files),
                files=[(name, file.attachment.name) for file, name in named_files(whole)],
                documents=[(name, document.number) for document, name in named_documents(whole)],
                missing=missing,
                broken_at=broken,
            )
        )
