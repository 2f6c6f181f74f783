"""The whole file of a request on one page, to be printed: also when its plugin is gone."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from parvis.requests.records import type_of_record
from parvis.web.answers import answer_rows
from parvis.web.desk.answering import CASE
from parvis.web.desk.case import gather
from parvis.web.desk.panels import panels_of
from parvis.web.desk.room import Room
from parvis.web.desk.telling import entries
from parvis.web.pages import AnyRequest
from parvis.web.versions import rested, versioned


@get(f"{CASE}/dossier")
async def show_whole(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    room = Room(request)
    record = await room.record(reference)
    kind, case = await type_of_record(room.heart, record), await gather(room, record)
    files = {one.attachment.id: one.attachment for one in case.files}
    return room.show(
        "desk/whole.html",
        record=record,
        shown=case.shown,
        facts=answer_rows([one.field for one in case.shown.fields], case.shown.answers, files),
        files=list(files.values()),
        panels=await panels_of(room, record, kind, case.ties),
        versioned=await versioned(room.heart, record, kind, room.viewer, lambda id: f"/bureau/fichiers/{id}"),
        rested=await rested(room.heart, record, kind, room.viewer),
        timeline_entries=entries(case.story, files),
    )


HANDLERS = (show_whole,)
