"""Visits: those of a request, those that wait, the round of a day; planned, cancelled, made."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Struct, structs, to_builtins

from parvis import clock
from parvis.api.calls import (
    AnyRequest,
    Call,
    body_of,
    call_of,
    limited,
    once_in,
    require,
    seen,
    seen_version,
    text_in,
    unauthorized,
    unprocessable,
)
from parvis.api.inspection_shapes import Inspections, InspectionShape, PointShape
from parvis.api.requests import actor_of
from parvis.api.shapes import languages
from parvis.requests.attached.attachments import waiting
from parvis.requests.changing import AlreadyErased, Conflict
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.parts.inspections import Result, Visit, declared, points_of, results_of, visit_named, visits_of
from parvis.requests.records import Record, type_of_record
from parvis.requests.records import get as get_record
from parvis.requests.visibility import Viewer, inspects, scope_of
from parvis.requests.visits.inspected import Recorded, Taken, record_result, sent_before
from parvis.requests.visits.inspecting import Overtaken, cancel_visit, plan_visit
from parvis.requests.visits.rounds import Line, Wanted, round_of
from parvis.requests.visits.rounds import waiting as waiting_visits
from parvis.requests.visits.slots import read_slot
from parvis.requests.visits.visit_results import read_result
from parvis.territory.calendars import local_day
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied


class Opened(Struct, frozen=True, kw_only=True):
    """A visit that the caller may make, with its request."""

    visit: Visit
    part: Inspection
    record: Record


@get("/requests/{reference:str}/inspections")
async def list_inspections_of_request(
    request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = ""
) -> Inspections:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await seen(call, reference, key)
    if viewer.kind == "public":
        raise unauthorized("Inspections are told to the requester, with the key, and to the town.")
    return Inspections(inspections=await shapes_of(call, record, viewer))


async def shapes_of(call: Call, record: Record, viewer: Viewer) -> list[InspectionShape]:
    """The visits of a request as this viewer may see them."""
    kind = await type_of_record(call.heart, record)
    visits = await visits_of(record.id)
    results = await results_of([each.id for each in visits])
    return [
        shape(record.reference, each, part, results.get(each.id, ()), staff=viewer.is_staff)
        for each in visits
        if (part := declared(kind, each.code)) is not None
    ]


@get("/inspections")
async def list_inspections(
    request: AnyRequest,
    day: FromQuery[str] = "",
    unit: FromQuery[str] = "",
    zone: FromQuery[str] = "",
    code: FromQuery[str] = "",
) -> Inspections:
    """What waits to be planned; with a day, its round."""
    call = await call_of(request)
    limited(call, "read")
    require(call, "requests:write")
    wanted = Wanted(
        scope=scope_of(call.viewer, call.town.code, call.heart.territory, "work"),
        unit=call.town.units_under(unit) or frozenset({unit}) if unit else frozenset(),
        zone=zone[:60],
        code=code[:60],
    )
    found = await round_of(call.heart, wanted, _day(day)) if day else await waiting_visits(call.heart, wanted)
    return Inspections(inspections=await _listed(found.lines), more=found.more)


async def _listed(lines: Iterable[Line]) -> list[InspectionShape]:
    lines = list(lines)
    results = await results_of([line.visit.id for line in lines])
    return [shape(line.reference, line.visit, line.part, results.get(line.visit.id, ()), staff=True) for line in lines]


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise HTTPException(status_code=422, detail="`day` is a date, like 2026-11-25.") from error


@post("/inspections/{id:str}/plan", status_code=200)
async def plan_inspection(request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    call, it, body = await _begin(request, id)
    slot = read_slot(call.town, body, clock.now())
    if isinstance(slot, Problems):
        raise unprocessable(slot, call.language)
    answer = await plan_visit(
        call.heart,
        _as_seen(it, body),
        it.record.reference,
        slot,
        inspector=None,
        inspector_name=text_in(body, "inspector", most=120, required=False),
        reason=text_in(body, "reason", most=1000, required=False),
        actor=actor_of(call),
    )
    return await _answer(call, it, answer)


@post("/inspections/{id:str}/cancellation", status_code=200)
async def cancel_inspection(request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    call, it, body = await _begin(request, id)
    reason = text_in(body, "reason", most=1000)
    answer = await cancel_visit(call.heart, _as_seen(it, body), it.record.reference, reason, actor=actor_of(call))
    return await _answer(call, it, answer)


@post("/inspections/{id:str}/results", status_code=200)
async def record_results(request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    call, it, body = await _begin(request, id)
    if not (once := once_in(request)):
        raise HTTPException(status_code=400, detail="Send an `Idempotency-Key`.")
    key = f"api:{actor_of(call).id}:{once}"
    if await sent_before(it.visit, key):
        return await _now(call, it)
    upload = text_in(body, "upload", most=200, required=False)
    holder = holder_of(upload) if upload else ""
    now = clock.now()
    sent = read_result(
        it.part, it.visit, body, await waiting(holder) if holder else {}, now, local_day(call.town.calendar, now)
    )
    if isinstance(sent, Problems):
        raise unprocessable(sent, call.language)
    corrects = body.get("corrects", 0)
    if not isinstance(corrects, int) or isinstance(corrects, bool):
        raise HTTPException(status_code=422, detail="`corrects` must be a whole number.")
    answer = await record_result(
        call.heart, it.visit, it.record.reference, sent, key=key, actor=actor_of(call), holder=holder, corrects=corrects
    )
    return await _answer(call, it, answer)


async def _begin(request: AnyRequest, id: str) -> tuple[Call, Opened, dict[str, Any]]:
    call = await call_of(request)
    limited(call, "write")
    require(call, "requests:write")
    body = await body_of(request)
    visit = await visit_named(id)
    record = await get_record(call.heart, visit.request) if visit else None
    part = declared(await type_of_record(call.heart, record), visit.code) if visit and record else None
    here = record is not None and record.jurisdiction == call.town.code
    if visit is None or record is None or part is None or not here:
        raise HTTPException(status_code=404, detail="There is no such visit, or you may not make it.")
    if not inspects(call.viewer, visit.unit, record, call.heart.territory):
        raise HTTPException(status_code=404, detail="There is no such visit, or you may not make it.")
    if record.erased_at is not None:
        raise AlreadyErased(record.reference)
    call.heart.looks.at(call.viewer, record, "page")
    return call, Opened(visit=visit, part=part, record=record), body


def _as_seen(it: Opened, body: dict[str, Any]) -> Visit:
    return structs.replace(it.visit, version=seen_version(body))


async def _answer(call: Call, it: Opened, answer: Any) -> InspectionShape:
    match answer:
        case Record() | Recorded():
            return await _now(call, it)
        case Denied(reason=reason):
            raise HTTPException(status_code=409, detail=reason.to(call.language))
        case Overtaken() | Taken() | Conflict():
            raise HTTPException(status_code=409, detail="Somebody changed the visit since you looked at it.")
    raise AssertionError(f"a visit was answered by {type(answer).__name__}")


async def _now(call: Call, it: Opened) -> InspectionShape:
    visit = await visit_named(str(it.visit.id)) or it.visit
    results = (await results_of([visit.id])).get(visit.id, ())
    return shape(it.record.reference, visit, it.part, results, staff=True)


def shape(
    reference: str, visit: Visit, part: Inspection, results: tuple[Result, ...], *, staff: bool
) -> InspectionShape:
    """One visit, with what holds of its results."""
    last = results[-1] if results else None
    return InspectionShape(
        id=str(visit.id),
        reference=reference,
        code=visit.code,
        title=languages(part.title),
        state=visit.state,
        former=str(visit.former) if visit.former else None,
        wanted_at=visit.wanted_at,
        day=visit.day,
        slot=visit.slot,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        done_at=visit.done_at,
        points=_points(visit, part, last),
        words=last.words if last else "",
        notice=visit.notice,
        due=visit.due,
        overdue=visit.overdue,
        version=visit.version,
        results=len(results),
        unit=visit.unit if staff else UNSET,
        inspector=visit.inspector_name if staff else UNSET,
        asked=visit.asked if staff else UNSET,
        wishes=to_builtins(visit.wishes) if staff else UNSET,
    )


def _points(visit: Visit, part: Inspection, last: Result | None) -> list[PointShape]:
    shown = []
    for point in points_of(part, visit):
        found = last.found.get(point.code) if last else None
        shown.append(
            PointShape(
                code=point.code,
                title=languages(point.title),
                article=languages(point.article) if point.article else {},
                photo=point.photo,
                finding=found.finding if found else "",
                note=found.note if found else "",
                files=list(found.photos) if found else [],
            )
        )
    return shown


HANDLERS = (list_inspections_of_request, list_inspections, plan_inspection, cancel_inspection, record_results)
