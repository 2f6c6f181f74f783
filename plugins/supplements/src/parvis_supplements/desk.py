"""Marking what is to be corrected in a request, question by question; shown as it will be read, then sent once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct, structs

from parvis import clock, i18n
from parvis.i18n import gettext, say
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.rows_there import RowsOf
from parvis.requests.visibility import answers_for, mover_of
from parvis.web.answers import answer_words
from parvis.web.desk.context import DeskContext, case_path, go
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.moves import preview_of_prepared
from parvis.web.desk.one_request.telling import file_at_desk
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel
from parvis.web.storytelling import files_for
from parvis.web.typed import FormInput, typed
from parvis_sdk.fields import Date, File, Information, Photo
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_rules import MOST_WORDS, OTHER_POINT, told_of_points
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Transition
from parvis_supplements.lists import PAGE, last_of, lists_of, prepared_of
from parvis_supplements.marking import Stale, ask, asking, mark, supplement_of
from parvis_supplements.panels import supplement_desk_panel

DUE = Date(
    code="due_on",
    label=Text(fr="À répondre au plus tard le", en="Answer due by"),
    required=False,
    earliest=1,
)


class Sheet(Struct, frozen=True, kw_only=True):
    """What stands on the page: what is marked, the last day, and the words that go with the move."""

    marked: Mapping[str, Mapping[str, str]]
    due: Any = ""
    move: Mapping[str, Any] = {}
    seen: int = 0


class Question(Struct, frozen=True, kw_only=True):
    """One question that may be marked, with its answer and what is ready to be said of it."""

    code: str
    label: str
    value: Any
    files: list[dict[str, Any]]
    reasons: list[tuple[str, str]]
    is_hidden: bool = False


class Desk(Struct, frozen=True, kw_only=True):
    """Who marks what: the request as it stands, its supplement, and the move that sends the list."""

    room: DeskContext
    record: Record
    request_type: RequestType
    supplement: Supplement
    wanted: Transition | None


async def _desk(request: AnyRequest, reference: str, code: str) -> Desk:
    room = DeskContext(request)
    record = await room.record(reference, "work")
    request_type = await type_of_record(room.host, record)
    supplement = supplement_of(request_type, code)
    if supplement is None or record.erased_at is not None:
        raise NotFoundException("There is nothing to ask for here.")
    wanted = asking(request_type, code, record.state)
    mover = mover_of(room.viewer, record, room.host.jurisdictions)
    offered = wanted if wanted is not None and mover in wanted.by else None
    return Desk(room=room, record=record, request_type=request_type, supplement=supplement, wanted=offered)


@get(f"{CASE}/{PAGE}/{{code:str}}")
async def show_marking(request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    desk = await _desk(request, reference, code)
    lists = await lists_of(desk.record.id)
    kept, last = prepared_of(lists, code), last_of(lists, code)
    if kept is None and last is not None and last.state == "abandoned":
        kept = last  # to be asked once more
    marked = {
        one.point.field or OTHER_POINT: {"mark": "yes", "reason": one.point.reason, "words": one.point.words}
        for one in (kept.points if kept else ())
        if not one.done
    }
    prepared = kept if kept is not None and kept.state == "prepared" else None
    sheet = Sheet(marked=marked, due=prepared.due_on if prepared else "", seen=prepared.version if prepared else 0)
    return await _page(desk, sheet, done=request.query_params.get("fait", ""))


@post(f"{CASE}/{PAGE}/{{code:str}}")
async def send_marking(request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Keep the list, show what the requester would read, or send it."""
    desk = await _desk(request, reference, code)
    sent = await typed(request)
    sheet = _sheet(sent)
    day = read_value(DUE, sheet.due, DUE.code, Reading(), {})
    if isinstance(day, Problems):
        return await _page(desk, sheet, problems=day)
    due_on = "" if day is NOTHING else str(day)
    room, wanted = desk.room, desk.wanted
    if sent.text("do") != "send":
        kept = await mark(room.host, desk.record.reference, code, _points(sheet), due_on, seen=sheet.seen)
        if isinstance(kept, Problems | Stale):
            return await _refused(desk, sheet, kept)
        if sent.text("do") == "keep":
            return go(case_path(desk.record.reference, PAGE, code) + "?fait=garde#main")
        return await _preview(desk, sheet, kept.version, due_on)
    if wanted is None:
        return await _changed(desk, sheet)
    known = version_in(sent)
    if isinstance(known, Problems):
        return await _page(desk, sheet, problems=known)
    answer = await ask(
        room.host,
        desk.record.reference,
        code,
        _points(sheet),
        due_on,
        transition=wanted.code,
        raw=sheet.move,
        actor=room.actor,
        mover=mover_of(room.viewer, desk.record, room.host.jurisdictions) or "agent",
        seen=sheet.seen,
        expected=known,
    )
    if isinstance(answer, Record):
        return go(case_path(answer.reference) + "?fait=complements#main")
    return await _refused(desk, sheet, answer)


def _sheet(sent: FormInput) -> Sheet:
    given, move = sent.values.get("points"), sent.values.get("move")
    marked = {
        code: {name: value for name, value in one.items() if isinstance(value, str)}
        for code, one in (given.items() if isinstance(given, dict) else ())
        if isinstance(one, dict)
    }
    return Sheet(
        marked=marked,
        due=sent.values.get(DUE.code, ""),
        move=move if isinstance(move, dict) else {},
        seen=sent.number("seen") or 0,
    )


def _points(sheet: Sheet) -> tuple[Point, ...]:
    return tuple(
        Point(
            field="" if code == OTHER_POINT else code,
            reason=one.get("reason", ""),
            words=one.get("words", "").strip(),
        )
        for code, one in sheet.marked.items()
        if one.get("mark")
    )


async def _preview(desk: Desk, sheet: Sheet, seen: int, due_on: str) -> Response[Any]:
    sheet = Sheet(marked=sheet.marked, due=sheet.due, move=sheet.move, seen=seen)
    points = _points(sheet)
    if not points:
        nothing = Text(fr="Cochez au moins un point.", en="Check at least one point.")
        return await _page(desk, sheet, problems=Problems(found=(Problem(path="", code="required", message=nothing),)))
    if desk.wanted is None:
        return await _page(desk, sheet)
    fields, supplement = desk.request_type.form.fields(), desk.supplement
    until = date.fromisoformat(due_on) if due_on else i18n.local_day(clock.now()) + timedelta(days=supplement.days)
    words = told_of_points(supplement, fields, points, until)
    asked = supplement.fact("asked")
    made = preview_of_prepared(desk.room, desk.record, desk.request_type, desk.wanted, asked, words, sheet.move)
    if isinstance(made, Problems):
        return await _page(desk, sheet, problems=made.within("move"))
    return await _page(desk, sheet, preview=made)


async def _refused(desk: Desk, sheet: Sheet, answer: Problems | Denied | Conflict | Stale) -> Response[Any]:
    match answer:
        case Problems():
            known = {OTHER_POINT, DUE.code, "", "points", *(field.code for field in desk.request_type.form.fields())}
            found = tuple(one if one.path in known else _of_the_move(one) for one in answer.found)
            return await _page(desk, sheet, problems=Problems(found=found))
        case Denied():
            return await _page(desk, sheet, refused=say(answer.reason), status=409)
        case Stale():
            words = gettext(
                "A colleague changed this list in the meantime. Your version is below. Save it to replace theirs."
            )
            theirs = answer.now.version if answer.now else 0
            sheet = Sheet(marked=sheet.marked, due=sheet.due, move=sheet.move, seen=theirs)
            return await _page(desk, sheet, refused=words, status=409)
        case _:
            now = await desk.room.record(desk.record.reference, "work")
            return await _changed(structs.replace(desk, record=now), sheet)


async def _changed(desk: Desk, sheet: Sheet) -> Response[Any]:
    """The request as it stands now, with what was marked on its former version."""
    words = gettext("Somebody changed the request in the meantime. Check it, then send this again.")
    return await _page(desk, sheet, refused=words, status=409)


def _of_the_move(one: Problem) -> Problem:
    return Problem(path=f"move.{one.path}", code=one.code, message=one.message)


async def _page(
    desk: Desk,
    sheet: Sheet,
    *,
    problems: Problems | None = None,
    refused: str = "",
    preview: Mapping[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response[Any]:
    room, record = desk.room, desk.record
    room.writes(record)
    last = last_of(await lists_of(record.id), desk.supplement.code)
    usual = i18n.format_date(i18n.local_day(clock.now()) + timedelta(days=desk.supplement.days))
    return room.show(
        "supplements/marking.html",
        status=422 if problems else status,
        record=record,
        request_type=desk.request_type,
        supplement=desk.supplement,
        wanted=desk.wanted,
        sections=await _sections(desk),
        sheet=sheet,
        due=DUE,
        usual=usual,
        other=OTHER_POINT,
        most=MOST_WORDS,
        problems=problems,
        refused=refused,
        preview=preview,
        done=done,
        last=last if last is not None and last.is_open(record, desk.request_type) else None,
        general=[(each.code, say(each.title)) for each in desk.supplement.reasons_for("")],
        path=case_path(record.reference, PAGE, desk.supplement.code),
    )


async def _sections(desk: Desk) -> list[tuple[str, list[Question]]]:
    """The questions that may be marked, by section, as the person at the desk may see their answers."""
    room, record = desk.room, desk.record
    seen = answers_for(room.viewer, record, desk.request_type, room.host.jurisdictions)
    files = await files_for(room.host, record, room.viewer)
    visible = {field.code for field in desk.request_type.form.visible(record.answers)}
    found: list[tuple[str, list[Question]]] = []
    for section in desk.request_type.form.sections:
        asked = [
            Question(
                code=field.code,
                label=say(field.label),
                value=answer_words(field, seen[field.code], files)
                if field.code in seen and not isinstance(field, Photo | File)
                else "",
                files=[file_at_desk(files[id]) for id in seen.get(field.code, ()) if id in files]
                if isinstance(field, Photo | File)
                else [],
                reasons=[(each.code, say(each.title)) for each in desk.supplement.reasons_for(field.code)],
                is_hidden=field.code in record.answers and field.code not in seen,
            )
            for field in section.fields
            if field.code in visible
            and not isinstance(field, Information)
            and desk.supplement.may_be_marked(field.code)
        ]
        if asked:
            found.append((say(section.title), asked))
    return found


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="supplements",
    after="overlaps",
    title=lambda: gettext("To correct or to add"),
    rows=(RowsOf("supplement"),),
    draw=lambda room, case: supplement_desk_panel(case.record, case.request_type),
)
MESSAGE = DoneMessage(
    slot="desk.request.done",
    name="complements",
    text=lambda: gettext("The list is sent. The request is waiting for an answer."),
)
