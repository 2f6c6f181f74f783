"""Supplements, versions of answers and clocks: the same lists, answers and figures as on the pages."""

from typing import Any

import msgspec
from litestar import get, post, put
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis import clock
from parvis.api.calls import (
    AnyRequest,
    Call,
    answers_in,
    call_of,
    limited,
    read,
    seen,
    seen_version,
    text_in,
    unprocessable,
)
from parvis.api.changes import allow, answer_of, begin
from parvis.api.requests import actor_of
from parvis.api.shapes import RequestShape, languages
from parvis.api.supplement_shapes import (
    Clocks,
    ClockShape,
    NewAnswer,
    NewList,
    PointShape,
    RestShape,
    Supplements,
    SupplementShape,
    VersionedShape,
    Versions,
    VersionShape,
)
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.history import entries_of
from parvis.requests.parts.supplements import Listed, lists_of, reads_list
from parvis.requests.promises.clocks import clocks_of
from parvis.requests.promises.replaying import replay
from parvis.requests.records import Record, type_of_record
from parvis.requests.supplements.completing import Given, answer
from parvis.requests.supplements.marking import Stale, ask, asking, mark, supplement_of
from parvis.requests.supplements.versions import versions_for
from parvis.requests.timeline import kinds_at
from parvis.requests.visibility import mover_of
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplements import Point, Supplement


@get("/requests/{reference:str}/supplements")
async def list_supplements(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> Supplements:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await seen(call, reference, key)
    if viewer.kind == "public":
        raise HTTPException(status_code=404, detail="There is no such request, or you may not see it.")
    kind = await type_of_record(call.heart, record)
    lists = [each for each in await lists_of(record.id) if reads_list(viewer, record, each)]
    return Supplements(supplements=[_shape(record, kind, each) for each in lists if supplement_of(kind, each.code)])


@put("/requests/{reference:str}/supplements/{code:str}")
async def prepare_supplement(request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> SupplementShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    kind = await _kind(call, record, code)
    given = _read(body, NewList)
    kept = await mark(call.heart, record.reference, code, _points(given), given.due_on, seen=given.seen)
    if isinstance(kept, Problems):
        raise unprocessable(kept, call.language)
    if isinstance(kept, Stale):
        raise _changed(kept)
    return _shape(record, kind, kept)


@post("/requests/{reference:str}/supplements/{code:str}", status_code=200)
async def send_supplement(request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> RequestShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    kind = await _kind(call, record, code)
    transition, mover = asking(kind, code, record.state), mover_of(viewer, record, call.heart.territory)
    if transition is None or mover is None:
        raise HTTPException(status_code=409, detail="No move from here sends such a list.")
    given = _read({name: value for name, value in body.items() if name in NewList.__struct_fields__}, NewList)
    sent = await ask(
        call.heart,
        record.reference,
        code,
        _points(given),
        given.due_on,
        transition=transition.code,
        raw=answers_in(body, transition.asks, missing={}),
        actor=actor_of(call),
        mover=mover,
        seen=given.seen,
        expected=seen_version(body),
    )
    if isinstance(sent, Stale):
        raise _changed(sent)
    return await answer_of(call, sent, viewer, record)


@post("/requests/{reference:str}/supplements/{code:str}/answer", status_code=200)
async def answer_supplement(
    request: AnyRequest, reference: FromPath[str], code: FromPath[str], key: FromQuery[str] = ""
) -> RequestShape:
    """With the key of the request."""
    call, record, viewer, body = await begin(request, reference, key)
    if viewer.kind != "holder":
        raise HTTPException(status_code=403, detail="Only who asked may answer.")
    kind = await _kind(call, record, code)
    sent = _read(body, NewAnswer)
    upload = text_in(body, "upload", most=200, required=False)
    given = Given(
        raw=as_programs_send(kind.form.fields(), sent.answers),
        words=sent.words,
        beside=frozenset(sent.beside),
        files=tuple(sent.files[:20]),
    )
    holder = holder_of(upload) if upload else ""
    done = await answer(call.heart, record.reference, code, given, number=sent.number, holder=holder)
    return await answer_of(call, done, viewer, record)


@get("/requests/{reference:str}/versions")
async def list_versions(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> Versions:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await seen(call, reference, key)
    if viewer.kind == "public":
        raise HTTPException(status_code=404, detail="There is no such request, or you may not see it.")
    kind = await type_of_record(call.heart, record)
    return Versions(
        answers=[
            VersionedShape(
                field=field.code,
                versions=[
                    VersionShape(
                        number=each.number,
                        entry=each.entry,
                        at=each.at,
                        by="requester" if each.actor.kind == "requester" else "town",
                        value=each.value,
                        digest=each.digest,
                    )
                    for each in versions
                ],
            )
            for field, versions in await versions_for(viewer, record, kind, call.heart.territory)
        ]
    )


@get("/requests/{reference:str}/clocks")
async def list_clocks(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> Clocks:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await read(call, reference, key)
    entries = await entries_of(record)
    kinds = await kinds_at(call.heart, record, entries)
    told = replay(entries, kinds, call.heart.territory.jurisdiction(record.jurisdiction), clock.now())
    shapes = [
        ClockShape(
            code=each.code,
            title=languages(each.allowance.title),
            state=each.state,
            statutory=each.allowance.statutory,
            internal=each.allowance.internal,
            told=each.shown,
            started_at=each.started_at,
            due_at=each.due_at,
            paused_at=each.paused_at,
            ended_at=each.ended_at,
            rests=[
                RestShape(
                    since=rest.since.at,
                    until=rest.until.at if rest.until else None,
                    why=rest.since.body.get("why", ""),
                    since_entry=rest.since.number,
                    until_entry=rest.until.number if rest.until else None,
                )
                for rest in told.rests
                if rest.code == each.code
            ],
        )
        for each in await clocks_of(record.id)
        if viewer.is_staff or not each.allowance.internal
    ]
    return Clocks(clocks=shapes)


async def _kind(call: Call, record: Record, code: str) -> RequestType:
    kind = await type_of_record(call.heart, record)
    if supplement_of(kind, code) is None:
        raise HTTPException(status_code=404, detail="Nothing of that code is asked for in such a request.")
    return kind


def _read(body: dict[str, Any], shape: type[Any]) -> Any:
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        raise HTTPException(status_code=422, detail=str(error)) from error


def _points(given: NewList) -> tuple[Point, ...]:
    return tuple(Point(field=each.field, reason=each.reason, words=each.words) for each in given.points[:200])


def _changed(stale: Stale) -> HTTPException:
    now = stale.now.version if stale.now else 0
    return HTTPException(status_code=409, detail=f"The list has changed; it is now at version {now}.")


def _shape(record: Record, kind: RequestType, listed: Listed) -> SupplementShape:
    supplement = next(each for each in kind.of(Supplement) if each.code == listed.code)
    fields = kind.form.fields()
    return SupplementShape(
        code=listed.code,
        title=languages(supplement.title),
        number=listed.number,
        state=listed.state,
        open=listed.is_open(record),
        points=[
            PointShape(
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


HANDLERS = (list_supplements, prepare_supplement, send_supplement, answer_supplement, list_versions, list_clocks)
