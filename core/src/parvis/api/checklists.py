"""The checklist of a request by the API: read and changed as at the desk."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from parvis.api.calls import AnyRequest, Call, call_of, limited, require, seen, unprocessable
from parvis.api.changes import allow, begin
from parvis.api.checklist_shapes import ChecklistShape, ItemShape
from parvis.api.requests import actor_of
from parvis.api.shapes import languages
from parvis.people.agents import as_id
from parvis.requests.records import Record
from parvis.requests.work.checklists import MOST, Edit, edit_checklist, items_of, lists_for, own_line
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text


@get("/requests/{reference:str}/checklist")
async def show_checklist(request: AnyRequest, reference: FromPath[str]) -> ChecklistShape:
    call = await call_of(request)
    limited(call, "read")
    require(call, "requests:read")
    record, _ = await seen(call, reference)
    return await _shape(record)


@post("/requests/{reference:str}/checklist", status_code=200)
async def change_checklist(request: AnyRequest, reference: FromPath[str]) -> ChecklistShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    edit = Edit(
        added=(*_begun(call, record, body), *_lines(body)),
        ticked={**dict.fromkeys(_ids(body, "done"), True), **dict.fromkeys(_ids(body, "not_done"), False)},
        removed=_ids(body, "remove"),
    )
    changed = await edit_checklist(call.heart, record.reference, edit, actor=actor_of(call))
    if isinstance(changed, Problems):
        raise unprocessable(changed, call.language)
    return await _shape(record)


async def _shape(record: Record) -> ChecklistShape:
    items = await items_of(record)
    return ChecklistShape(
        items=[
            ItemShape(
                id=str(item.id),
                words=languages(item.words),
                made_at=item.made_at,
                done_at=item.done_at,
                done_by=item.done_by,
            )
            for item in items
        ]
    )


def _begun(call: Call, record: Record, body: dict[str, Any]) -> tuple[Text, ...]:
    code = body.get("begin")
    if code is None:
        return ()
    ready = {each.code: each for each in lists_for(call.town, record)}
    if code not in ready:
        detail = f"`begin` is the code of a ready list for this type: {', '.join(ready) or 'there is none'}."
        raise HTTPException(status_code=422, detail=detail)
    return ready[code].items


def _lines(body: dict[str, Any]) -> list[Text]:
    return [line for each in _texts(body, "add") if (line := own_line(each)) is not None]


def _ids(body: dict[str, Any], name: str) -> list[UUID]:
    ids = [as_id(each) for each in _texts(body, name)]
    found = [id for id in ids if id is not None]
    if len(found) < len(ids):
        raise HTTPException(status_code=422, detail=f"`{name}` must be a list of ids.")
    return found


def _texts(body: dict[str, Any], name: str) -> list[str]:
    given = body.get(name, [])
    if not isinstance(given, list) or len(given) > MOST or not all(isinstance(each, str) for each in given):
        raise HTTPException(status_code=422, detail=f"`{name}` must be a list of texts, {MOST} at most.")
    return given


HANDLERS = (show_checklist, change_checklist)
