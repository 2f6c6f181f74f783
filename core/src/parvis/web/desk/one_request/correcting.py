"""Correcting the type, the place or the answers of a request; what the new form also asks is carried over."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import convert, structs

from parvis import clock, i18n
from parvis.jurisdictions.calendars import local_day
from parvis.requests.amendments import amend
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.differing import before, weigh
from parvis.requests.offered import is_declared, type_of, types_of
from parvis.requests.records import Record
from parvis.requests.retyping import carried, taken_along
from parvis.requests.visibility import sees, sees_answer
from parvis.web.answers import answer_rows, answer_words, place_words
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.differing import Beside, beside, keeps_saved, news_of
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.places import PlaceChoice, offered, raw_place, settle
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.fields import AnyField, File, Group, Information, Photo
from parvis_sdk.forms import FormAnswers, raw_of
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text_normalisation import fold

PLACE = "_place"


@get(f"{CASE}/correction")
async def show_correction(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The answers as they are, in the form of the request's type or of the one chosen."""
    record = await room.record(reference, "amend")
    request_type = await _request_type(room, record, request.query_params.get("type", ""))
    raw = await _as_asked(room, record, request_type)
    return await _page(room, record, request_type, raw, PlaceChoice(raw=raw_place(record.place)))


async def _as_asked(room: DeskContext, record: Record, request_type: RequestType) -> dict[str, Any]:
    """The answers as the form of this type asks for them: of another type, by what they mean."""
    if request_type.code == record.type:
        return raw_of(request_type.form.fields(), record.answers)
    asked = (await type_of_record(room.host, record)).form.fields()
    files = {one.attachment.id: one.attachment for one in await kept_of(record)}
    return raw_of(request_type.form.fields(), carried(request_type, raw_of(asked, record.answers), files, asked))


@post(f"{CASE}/correction")
async def correct(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Everything at once; what the person may not see stays as it is."""
    record, sent = await room.record(reference, "amend"), await typed(request)
    request_type = await _request_type(room, record, sent.text("type"))
    given = sent.values.get("answers")
    untouched = {field.code for field in request_type.form.fields() if not _editable(room, record, field)}
    saved = await _as_asked(room, record, request_type)
    raw = {code: value for code, value in saved.items() if code in untouched}
    raw |= {code: value for code, value in (given if isinstance(given, dict) else {}).items() if code not in untouched}
    settled = await settle(room.host, room.town, sent.values.get("place"), sent.text("mark"), sent.text("_address"))
    if sent.text("_address"):
        return await _page(room, record, request_type, raw, settled)
    for code in raw:
        if keeps_saved(sent, code):
            raw[code] = saved.get(code)
    if keeps_saved(sent, PLACE):
        settled = PlaceChoice(raw=raw_place(record.place))
    place = _changed_place(record, request_type, settled)
    if isinstance(place, Problem):
        return await _page(room, record, request_type, raw, settled, Problems(found=(place,)), status=422)
    answers = {code: value for code, value in raw.items() if request_type.form.field(code) is not None}
    same_type = request_type.code == record.type
    same_answers = same_type and await _reads_the_same(room, record, request_type, answers)
    if same_answers and place is None:
        return go(case_path(record.reference))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, request_type, raw, settled, seen, status=422)
    answer = await amend(
        room.host,
        record.reference,
        type=None if same_type else request_type.code,
        place=place,
        answers=None if same_answers else answers,
        sees=partial(_sees, room, record),
        actor=room.actor,
        expected=seen,
    )
    if isinstance(answer, Problems):
        problems = Problems(found=tuple(_under_answers(one) for one in answer.found))
        return await _page(room, record, request_type, raw, settled, problems, status=422)
    if isinstance(answer, Conflict):
        return await _overtaken(room, await room.record(record.reference, "amend"), request_type, raw, settled, answer)
    theirs = sees(room.viewer, answer, room.host.jurisdictions)
    return go(case_path(answer.reference) + "?fait=correction#main" if theirs else f"{QUEUE}?fait=confiee")


async def _overtaken(
    room: DeskContext,
    record: Record,
    request_type: RequestType,
    raw: dict[str, Any],
    settled: PlaceChoice,
    conflict: Conflict,
) -> Response[Any]:
    """The form again: with what others saved where the person had changed nothing, beside it where both did."""
    if request_type.code == before(conflict.entries, "type", record.type) and request_type.code != record.type:
        request_type = await type_of_record(room.host, record)
    fields = {field.code: field for field in _shown(room, record, request_type)}
    was = before(conflict.entries, "answers", record.answers)
    files = {one.attachment.id: one.attachment for one in await kept_of(record)}
    reading = Reading(today=local_day(room.town.calendar, clock.now()), attachments=files)
    typed_now = {code: _read(field, raw.get(code), reading) for code, field in fields.items()}
    saved = {code: record.answers.get(code) for code in fields}
    _, differences = weigh(was, saved, typed_now)
    taken = raw_of(request_type.form.fields(), {one.code: one.saved for one in differences if not one.both})
    raw = raw | taken
    place_was = before(conflict.entries, "place", record.place)
    was_raw = raw_place(convert(place_was, Place) if isinstance(place_was, Mapping) else place_was)
    places, moved = weigh({PLACE: was_raw}, {PLACE: raw_place(record.place)}, {PLACE: settled.raw})
    if places[PLACE] is not settled.raw:
        settled = PlaceChoice(raw=places[PLACE])
    labels = {code: i18n.say(field.label) for code, field in fields.items()} | {PLACE: i18n.gettext("Place")}
    differing = beside(
        (*moved, *differences),
        labels,
        lambda code, value: place_words(value) if code == PLACE else answer_words(fields[code], value, files),
        chosen=True,
    )
    return await _page(room, record, request_type, raw, settled, conflict=conflict, differences=differing, status=409)


def _read(field: AnyField, raw: Any, reading: Reading) -> Any:
    """An answer as it would be kept, to compare it with what is; one that is wrong, as it was typed."""
    read = read_value(field, raw, field.code, reading, {})
    return raw if isinstance(read, Problems) else None if read is NOTHING else read


async def _reads_the_same(
    room: DeskContext, record: Record, request_type: RequestType, answers: Mapping[str, Any]
) -> bool:
    files = {one.attachment.id: one.attachment for one in await kept_of(record)}
    read = request_type.form.read(answers, today=local_day(room.town.calendar, clock.now()), attachments=files)
    return isinstance(read, FormAnswers) and read.answers == record.answers


def _under_answers(problem: Problem) -> Problem:
    outside = problem.path in ("place", "type", "") or problem.path.startswith("answers.")
    path = problem.path if outside else f"answers.{problem.path}"
    return Problem(path=path, code=problem.code, message=problem.message)


async def _request_type(room: DeskContext, record: Record, code: str) -> RequestType:
    """The type chosen, as it is today; the pinned one when none or the same was chosen."""
    pinned = await type_of_record(room.host, record)
    chosen = type_of(room.host, room.town, code) if code and code != record.type else None
    return chosen if chosen is not None and not is_declared(chosen) else pinned


def _editable(room: DeskContext, record: Record, field: AnyField) -> bool:
    return not isinstance(field, Photo | File | Information) and _sees(room, record, field)


def _shown(room: DeskContext, record: Record, request_type: RequestType) -> list[AnyField]:
    """The questions whose answers the person may see and change, of a group those inside it."""
    return [
        structs.replace(field, fields=tuple(each for each in field.fields if _sees(room, record, each)))
        if isinstance(field, Group)
        else field
        for field in request_type.form.fields()
        if _editable(room, record, field)
    ]


def _sees(room: DeskContext, record: Record, field: AnyField) -> bool:
    return sees_answer(room.viewer, field, record, room.host.jurisdictions)


def _changed_place(record: Record, request_type: RequestType, settled: PlaceChoice) -> Place | Problem | None:
    """The new place, if it is another one; what is wrong with it; None where it stays."""
    if settled.raw == raw_place(record.place) or (not settled.raw and request_type.place.need != "required"):
        return None
    if settled.problem is not None:
        return settled.problem
    read = request_type.place.read(settled.raw)
    if isinstance(read, Problem):
        return Problem(path="place", code=read.code, message=read.message)
    return None if read == record.place else read


async def _page(
    room: DeskContext,
    record: Record,
    request_type: RequestType,
    raw: Mapping[str, Any],
    settled: PlaceChoice,
    problems: Problems | None = None,
    *,
    conflict: Conflict | None = None,
    differences: Sequence[Beside] = (),
    status: int = 200,
) -> Response[Any]:
    room.writes(record)
    pinned = await type_of_record(room.host, record)
    files = {one.attachment.id: one.attachment for one in await kept_of(record)}
    along = taken_along(request_type, record.answers, pinned.form.fields())
    lost = [
        field
        for field in pinned.form.fields()
        if field.code in record.answers and field.code not in along and _sees(room, record, field)
    ]
    news = await news_of(room, record, conflict) if conflict is not None else []
    titles = {one.code: i18n.say(one.title) for one in types_of(room.host, room.town) if not is_declared(one)}
    others = sorted(titles.items(), key=lambda one: fold(one[1]))
    return room.show(
        "desk/correction.html",
        status=status,
        record=record,
        request_type=request_type,
        is_new_type=request_type.code != record.type,
        pinned=pinned,
        types=others if record.type in titles else [(record.type, i18n.say(pinned.title)), *others],
        fields=_shown(room, record, request_type),
        raw=raw,
        settled=settled,
        assets=offered(room.town, request_type, settled),
        problems=problems,
        lost=answer_rows(lost, record.answers, files),
        conflict=conflict is not None,
        differences=differences,
        news=news,
    )
