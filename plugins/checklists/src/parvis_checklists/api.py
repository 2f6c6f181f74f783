"""The checklist of a request by the API: read and changed as at the desk."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.api.calls import Access, Call, Edit, Given, faulty, text_in, unprocessable
from parvis.api.operations import operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages
from parvis.people.agents import as_id
from parvis.requests.records import Record
from parvis_checklists.items import MOST, edit_checklist, items_of, lists_for, own_line
from parvis_checklists.items import Edit as Changes
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text


class ChecklistItemShape(Struct, frozen=True, kw_only=True):
    """One line of a checklist; `done_at` is null while it is to be done."""

    id: str
    words: Languages
    made_at: Moment
    done_at: Moment | None
    done_by: str


class ChecklistShape(ListAnswer, frozen=True, kw_only=True):
    """The lines of a request's checklist, in their order."""

    items: list[ChecklistItemShape]


class ChecklistEdit(Struct, frozen=True, kw_only=True):
    """What is to become of a checklist: a ready list begun by its code, lines added, ticked or not any more, removed.

    Lines are named by their ids and judged each by itself, so that no version is needed.
    """

    begin: str = ""
    add: list[str] = []
    done: list[str] = []
    not_done: list[str] = []
    remove: list[str] = []


@operation(
    "GET /requests/{reference}/checklist",
    "The checklists of a request, line by line",
    scope="requests:read",
)
async def show_checklist(access: Given[Access]) -> ChecklistShape:
    return await _shape(access.record)


@operation(
    "POST /requests/{reference}/checklist",
    "Add a checklist, add lines, tick them, remove them",
    body=ChecklistEdit,
    scope="requests:write",
    rights=("work",),
    problems=(410,),
)
async def change_checklist(call: Given[Call], edit: Given[Edit]) -> ChecklistShape:
    record, body = edit.record, edit.body
    changes = Changes(
        added=(*_begun(call, record, body), *_lines(body)),
        ticked={**dict.fromkeys(_ids(body, "done"), True), **dict.fromkeys(_ids(body, "not_done"), False)},
        removed=_ids(body, "remove"),
    )
    changed = await edit_checklist(call.host, record.reference, changes, actor=call.actor)
    if isinstance(changed, Problems):
        raise unprocessable(changed, call.language)
    return await _shape(record)


async def _shape(record: Record) -> ChecklistShape:
    items = await items_of(record)
    return ChecklistShape(
        items=[
            ChecklistItemShape(
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
    code = text_in(body, "begin", most=60)
    ready = {each.code: each for each in lists_for(call.town, record)}
    if code not in ready:
        raise faulty("begin", "not_offered", "one_of", offered=", ".join(ready) or "—")
    return ready[code].items


def _lines(body: dict[str, Any]) -> list[Text]:
    return [line for each in _texts(body, "add") if (line := own_line(each)) is not None]


def _ids(body: dict[str, Any], name: str) -> list[UUID]:
    ids = [as_id(each) for each in _texts(body, name)]
    found = [id for id in ids if id is not None]
    if len(found) < len(ids):
        raise faulty(name, "wrong_kind", "misshapen")
    return found


def _texts(body: dict[str, Any], name: str) -> list[str]:
    given = body.get(name, [])
    if not isinstance(given, list) or len(given) > MOST or not all(isinstance(each, str) for each in given):
        raise faulty(name, "wrong_kind", "misshapen")
    return given
