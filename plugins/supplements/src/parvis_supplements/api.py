"""Supplements: the same lists and answers as on the pages."""

from typing import Any, Literal

from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis.api.calls import (
    Access,
    Call,
    Edit,
    Given,
    among_answers,
    answers_in,
    faulty,
    holder_in,
    not_found,
    seen_version,
    shaped,
    unprocessable,
)
from parvis.api.changes import answer_of
from parvis.api.operations import operation
from parvis.api.shapes import Languages, ListAnswer, Moment, RequestShape, languages
from parvis.i18n import gettext
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.visibility import mover_of
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_answers import SupplementAnswers as Answered
from parvis_sdk.supplements import Point, Supplement
from parvis_supplements.completing import answer
from parvis_supplements.lists import SupplementList, lists_of, reads_list
from parvis_supplements.marking import Stale, ask, asking, mark, supplement_of


class SupplementPointShape(Struct, frozen=True, kw_only=True):
    """One point: the code of its question (empty: something else), a ready reason, own words, and what is read."""

    field: str
    reason: str
    words: str
    said: Languages
    done: bool


class SupplementShape(Struct, frozen=True, kw_only=True):
    """One list of points. `version` counts the writings of one that is prepared."""

    code: str
    title: Languages
    number: int
    state: Literal["prepared", "asked", "answered", "abandoned", "replaced"]
    open: bool
    points: list[SupplementPointShape]
    due_on: str
    asked_at: Moment | None
    version: int


class Supplements(ListAnswer, frozen=True, kw_only=True):
    """The lists of a request; those in preparation only for the town's people."""

    items: list[SupplementShape]


class NewPoint(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question that is not right, why by a ready reason, or in words."""

    field: str
    reason: str = ""
    words: str = ""


class NewList(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be corrected, until which day (`2026-12-15`); `version` is that of the list seen, 0 for none."""

    points: list[NewPoint]
    due_on: str = ""
    version: int = 0


class NewAsking(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The same, sent; `answers` are what the move itself asks, `version` the request as the caller has seen it, and
    `list_version` the list."""

    points: list[NewPoint]
    due_on: str = ""
    list_version: int = 0
    answers: dict[str, Any] = {}
    version: int


class NewAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Corrected answers by question, a word beside each, questions whose earlier files stay beside new ones.

    `number` is that of the list answered: of two answers to one list the second is told that it came too late. `files`
    go with the point that is about no question, whose word stands under `_other`; `upload` owns all files named.
    """

    answers: dict[str, Any] = {}
    words: dict[str, str] = {}
    beside: list[str] = []
    files: list[str] = []
    number: int | None = None
    upload: str = ""


@operation(
    "GET /requests/{reference}/supplements",
    "The lists of what was to be corrected or added, point by point, oldest first",
    key=True,
)
async def list_supplements(call: Given[Call], access: Given[Access]) -> Supplements:
    record, viewer = access.record, access.viewer
    if viewer.kind == "public":
        raise not_found()
    request_type = await type_of_record(call.host, record)
    lists = [each for each in await lists_of(record.id) if reads_list(viewer, record, request_type, each)]
    return Supplements(
        items=[_shape(record, request_type, each) for each in lists if supplement_of(request_type, each.code)]
    )


@operation(
    "PUT /requests/{reference}/supplements/{code}",
    "Save a list of points while it is being prepared; nothing is sent",
    body=NewList,
    formerly={"seen": "version"},
    scope="requests:write",
    rights=("work",),
    problems=(409,),
)
async def prepare_supplement(call: Given[Call], edit: Given[Edit], code: FromPath[str]) -> SupplementShape:
    record = edit.record
    request_type = await _kind(call, record, code)
    given = shaped(edit.body, NewList)
    kept = await mark(call.host, record.reference, code, _points(given), given.due_on, seen=given.version)
    if isinstance(kept, Problems):
        raise unprocessable(kept, call.language)
    if isinstance(kept, Stale):
        raise _changed(kept)
    return _shape(record, request_type, kept)


@operation(
    "POST /requests/{reference}/supplements/{code}",
    "Send a list of points, with the step that asks for it",
    body=NewAsking,
    formerly={"seen": "list_version"},
    scope="requests:write",
    rights=("work",),
    problems=(409, 410, 428),
)
async def send_supplement(call: Given[Call], edit: Given[Edit], code: FromPath[str]) -> RequestShape:
    record, body = edit.record, edit.body
    request_type = await _kind(call, record, code)
    transition, mover = asking(request_type, code, record.state), mover_of(edit.viewer, record, call.host.jurisdictions)
    if transition is None or mover is None:
        raise HTTPException(status_code=409, detail=gettext("No step available now sends such a list."))
    expected = seen_version(body)
    given = shaped(body, NewAsking)
    sent = await ask(
        call.host,
        record.reference,
        code,
        _points(given),
        given.due_on,
        transition=transition.code,
        raw=answers_in(body, transition.asks, missing={}),
        actor=call.actor,
        mover=mover,
        seen=given.list_version,
        expected=expected,
    )
    if isinstance(sent, Stale):
        raise _changed(sent)
    return await answer_of(call, sent, edit)


@operation(
    "POST /requests/{reference}/supplements/{code}/answer",
    "Answer the open list, as the requester",
    body=NewAnswer,
    key=True,
    problems=(409, 410),
)
async def answer_supplement(call: Given[Call], edit: Given[Edit], code: FromPath[str]) -> RequestShape:
    request_type = await _kind(call, edit.record, code)
    sent, holder = shaped(edit.body, NewAnswer), holder_in(edit.body)
    given = Answered(
        raw=as_programs_send(request_type.form.fields(), sent.answers),
        words=sent.words,
        beside=frozenset(sent.beside),
        files=tuple(sent.files[:20]),
    )
    done = await answer(call.host, edit.record.reference, code, given, number=sent.number, holder=holder)
    return await answer_of(call, done, edit, among_answers(request_type.form, NewAnswer, edit.body))


async def _kind(call: Call, record: Record, code: str) -> RequestType:
    request_type = await type_of_record(call.host, record)
    if supplement_of(request_type, code) is None:
        raise HTTPException(status_code=404, detail=gettext("Nothing of that code is asked for in such a request."))
    return request_type


def _points(given: NewList | NewAsking) -> tuple[Point, ...]:
    return tuple(Point(field=each.field, reason=each.reason, words=each.words) for each in given.points[:200])


def _changed(stale: Stale) -> HTTPException:
    now = stale.now.version if stale.now else 0
    return faulty(
        "version",
        "conflict",
        gettext("The list has changed; it is now at version {version}.").format(version=now),
        status=409,
    )


def _shape(record: Record, request_type: RequestType, listed: SupplementList) -> SupplementShape:
    supplement = next(each for each in request_type.of(Supplement) if each.code == listed.code)
    fields = request_type.form.fields()
    return SupplementShape(
        code=listed.code,
        title=languages(supplement.title),
        number=listed.number,
        state=listed.state,
        open=listed.is_open(record, request_type),
        points=[
            SupplementPointShape(
                field=one.point.field,
                reason=one.point.reason,
                words=one.point.words,
                said=languages(supplement.said(one.point, fields)),
                done=one.done,
            )
            for one in listed.points
        ],
        due_on=listed.due_on,
        asked_at=listed.asked_at,
        version=listed.version,
    )
