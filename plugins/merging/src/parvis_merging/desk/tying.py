"""Tying a request to another one: what it would mean is shown before it is done; and taking a tie away."""

from typing import Any, get_args

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from parvis.i18n import gettext
from parvis.requests.declarations import type_of_record
from parvis.requests.records import ENDED, Record, find
from parvis.requests.relations.children import Outlook
from parvis.requests.relations.ties import NO_SUCH, TieKind
from parvis.requests.visibility import present
from parvis.web.answers import answer_rows
from parvis.web.desk.context import AtDesk, DeskContext, unit_name
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_merging.merging import merge, part
from parvis_merging.merging import refused as not_merged
from parvis_merging.tying import becomes_with, link, not_tied, unlink
from parvis_sdk.fields import File, Photo
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

FORM = "tie"
DONE = {"duplicate_of": "jointe", "child_of": "liee", "about": "liee"}
UNDONE = {"duplicate_of": "separee", "child_of": "deliee", "about": "deliee"}
MESSAGES = (
    DoneMessage(slot=SLOT, name="deliee", text=lambda: gettext("The link was removed.")),
    DoneMessage(
        slot=SLOT, name="jointe", text=lambda: gettext("The two requests are joined, and the person is notified.")
    ),
    DoneMessage(slot=SLOT, name="liee", text=lambda: gettext("The two requests are now linked.")),
    DoneMessage(
        slot=SLOT,
        name="separee",
        text=lambda: gettext("The request is handled separately again, and the requester is notified."),
    ),
)


class Side(Struct, frozen=True, kw_only=True):
    """One of the two requests, as the person sees it."""

    record: Record
    shown: Any
    rows: list[dict[str, Any]]
    unit: str


class Ahead(Struct, frozen=True, kw_only=True):
    """What becomes by itself of a request of which another one is made a part: by which steps, and which at once.

    There is none where its type has no rule for parts; `is_over` is one that is closed or decided already.
    """

    begins: Text | None
    ends: Text
    closes: str
    is_over: bool
    at_once: Outlook


@get(f"{CASE}/liens")
async def show_tie(
    room: AtDesk, reference: FromPath[str], genre: FromQuery[str] = "about", avec: FromQuery[str] = ""
) -> Response[Any]:
    """Both requests side by side, and what tying them does."""
    record = await room.record(reference, "work")
    kind, other = _kind(genre), await find(room.host, avec)
    return await _page(room, record, kind, avec, other, await _denied(room, kind, record, other))


async def _page(
    room: DeskContext, record: Record, kind: TieKind, avec: str, other: Record | None, denied: Denied | None
) -> Response[Any]:
    sides = [await _side(room, record)]
    if other is not None and not (denied and denied.reason == NO_SUCH):
        sides.append(await _side(room, other))
    tied = kind == "child_of" and other is not None and denied is None
    wrong = Problems(found=(Problem(path="avec", code=denied.code, message=denied.reason),)) if denied else None
    return room.show(
        "merging/tie.html",
        status=422 if denied else 200,
        record=record,
        other=other if len(sides) == 2 else None,
        kind=kind,
        kinds=get_args(TieKind),
        typed=avec,
        sides=sides,
        ahead=await _ahead(room, other, record) if tied and other is not None else None,
        problems=wrong,
    )


async def _denied(room: DeskContext, kind: TieKind, record: Record, other: Record | None) -> Denied | None:
    if kind == "duplicate_of":
        return await not_merged(room.host, room.viewer, record, other)
    return await not_tied(room.host, room.viewer, kind, record, other)


async def _ahead(room: DeskContext, whole: Record, part: Record) -> Ahead | None:
    request_type = await type_of_record(room.host, whole)
    rule = request_type.children
    ends = request_type.workflow.transition(rule.move) if rule is not None else None
    if rule is None or ends is None:
        return None
    begins = request_type.workflow.transition(rule.begins)
    return Ahead(
        begins=begins.title if begins is not None else None,
        ends=ends.title,
        closes=rule.closes,
        is_over=whole.phase in ENDED,
        at_once=await becomes_with(room.host, whole, part),
    )


async def _side(room: DeskContext, record: Record) -> Side:
    request_type = await type_of_record(room.host, record)
    shown = present(room.host, record, request_type, room.viewer)
    asked = [one.field for one in shown.fields if not isinstance(one.field, Photo | File)]
    return Side(
        record=record,
        shown=shown,
        rows=answer_rows(asked, shown.answers, {}),
        unit=unit_name(room.town, record.unit),
    )


@post(f"{CASE}/liens")
async def tie_requests(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    record, sent = await room.record(reference, "work"), await typed(request)
    kind, other, seen = _kind(sent.text("genre")), sent.text("avec"), version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, {}, seen)
    if kind == "duplicate_of":
        answer = await merge(room.host, room.viewer, record.reference, other, actor=room.actor, expected=seen)
    else:
        answer = await link(room.host, room.viewer, record.reference, kind, other, actor=room.actor, expected=seen)
    if isinstance(answer, Denied):
        return await _page(room, record, kind, other, await find(room.host, other), answer)
    return await answered(room, record, FORM, {}, answer, DONE[kind])


@post(f"{CASE}/liens/fin")
async def end_tie(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Take a tie away; a merged request goes on by itself again."""
    record, sent = await room.record(reference, "work"), await typed(request)
    kind, other, seen = _kind(sent.text("genre")), sent.text("avec"), version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, {}, seen)
    if kind == "duplicate_of":
        answer = await part(room.host, room.viewer, record.reference, actor=room.actor, expected=seen)
    else:
        answer = await unlink(room.host, room.viewer, record.reference, kind, other, actor=room.actor, expected=seen)
    if isinstance(answer, Denied):
        gone = Problem(path="ties", code=answer.code, message=answer.reason)
        return await refused(room, record, FORM, {}, Problems(found=(gone,)))
    return await answered(room, record, FORM, {}, answer, UNDONE[kind])


def _kind(given: str) -> TieKind:
    return next((each for each in get_args(TieKind) if each == given), "about")
