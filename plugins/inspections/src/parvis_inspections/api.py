"""Visits: those of a request, those that wait, the round of a day; planned, cancelled, made."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Struct, UnsetType, structs, to_builtins

from parvis import clock
from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Given,
    body_of,
    faulty,
    holder_in,
    idempotency_key_of,
    seen_version,
    text_in,
    unauthorized,
    unprocessable,
)
from parvis.api.operations import FIELDS, WORDS, operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.access_log import AccessLog
from parvis.requests.attached.attachments import waiting
from parvis.requests.changing import AlreadyErased, Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.records import get as get_record
from parvis.requests.visibility import Viewer, scope_of
from parvis_inspections.inspected import KnownResult, ResultConflict, record_result, sent_before
from parvis_inspections.inspecting import VisitConflict, cancel_visit, plan_visit
from parvis_inspections.rounds import MOST, Line, VisitFilter, inspects, round_of
from parvis_inspections.rounds import waiting as waiting_visits
from parvis_inspections.slots import read_slot
from parvis_inspections.visit_results import read_result
from parvis_inspections.visits import Result, Visit, declared, results_of, visit_named, visits_of
from parvis_sdk.inspection_rules import points_of
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied


class InspectionPointShape(Struct, frozen=True, kw_only=True):
    """One point of a checklist; `finding` is empty until the visit was made. `files` are ids to download."""

    code: str
    title: Languages
    article: Languages
    photo: bool
    finding: str
    note: str
    files: list[str]


class InspectionShape(Struct, frozen=True, kw_only=True):
    """One visit. `version` counts its changes, `results` what was sent of it; the last holds.

    `unit`, `inspector`, `wishes` and `asked` are for the town.
    """

    id: str
    reference: str
    code: str
    title: Languages
    state: str
    former: str | None
    wanted_at: Moment
    day: str
    slot: str
    starts_at: Moment | None
    ends_at: Moment | None
    done_at: Moment | None
    points: list[InspectionPointShape]
    words: str
    notice: bool
    due: str
    overdue: bool
    version: int
    results: int
    unit: str | UnsetType = UNSET
    inspector: str | UnsetType = UNSET
    asked: bool | UnsetType = UNSET
    wishes: dict[str, Any] | UnsetType = UNSET


class Inspections(ListAnswer, frozen=True, kw_only=True):
    """Some visits: those of a request all at once, of a list two hundred at a time."""

    items: list[InspectionShape]


class NewPlan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a visit will be made: a day, and `slot` as "morning", "afternoon" or hours ("09:30-11:00")."""

    day: str
    slot: str
    inspector: str = ""
    reason: str = ""
    version: int


class NewCancellation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a planned visit is cancelled; the requester reads it."""

    reason: str
    version: int


class FoundShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found at one point; `photos` are files sent before under `upload`."""

    finding: str
    note: str = ""
    photos: list[str] = []


class NewResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found at a visit, or with the outcome "missed" why it could not be made.

    `corrects` is the number of results that the caller has seen: 0 for the first.
    """

    outcome: str = "made"
    points: dict[str, FoundShape] = {}
    words: str = ""
    notice: bool = False
    due: str = ""
    made_at: str = ""
    corrects: int = 0
    upload: str = ""


class CallerVisit(Struct, frozen=True, kw_only=True):
    """A visit that the caller may make, with its request."""

    visit: Visit
    part: Inspection
    record: Record


@operation(
    "GET /requests/{reference}/inspections",
    "The inspections of a request, with their results",
    key=True,
    tag="inspections",
)
async def list_inspections_of_request(call: Given[Call], access: Given[Access]) -> Inspections:
    if access.viewer.kind == "public":
        raise unauthorized(gettext("Only the requester, with the key, and the town may see inspections."))
    return Inspections(items=await shapes_of(call, access.record, access.viewer))


async def shapes_of(call: Call, record: Record, viewer: Viewer) -> list[InspectionShape]:
    """The visits of a request as this viewer may see them."""
    request_type = await type_of_record(call.host, record)
    visits = await visits_of(record.id)
    results = await results_of([each.id for each in visits])
    return [
        shape(record.reference, each, part, results.get(each.id, ()), staff=viewer.is_staff)
        for each in visits
        if (part := declared(request_type, each.code)) is not None
    ]


@operation(
    "GET /inspections",
    "Inspections to be planned, or those of one day in the order of the route",
    query={
        "day": {"type": "string", "format": "date"},
        "unit": WORDS,
        "zone": WORDS,
        "code": WORDS,
        "cursor": {"type": "string", "pattern": "^([0-9]{1,9}|[0-9a-f-]{36})?$"},
        "fields": FIELDS,
    },
    scope="requests:write",
    tag="inspections",
)
async def list_inspections(
    call: Given[Call],
    day: FromQuery[str] = "",
    unit: FromQuery[str] = "",
    zone: FromQuery[str] = "",
    code: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Inspections:
    """What waits to be planned; with a day, its round."""
    wanted = VisitFilter(
        scope=scope_of(call.viewer, call.town.code, call.host.jurisdictions, "work"),
        unit=call.town.units_under(unit) or frozenset({unit}) if unit else frozenset(),
        zone=zone[:60],
        code=code[:60],
    )
    try:
        skipped, after = (int(cursor or 0), None) if day else (0, UUID(cursor) if cursor else None)
    except ValueError as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    if day:
        found = await round_of(call.host, wanted, _day(day), skipped)
        following = str(skipped + MOST)
    else:
        found = await waiting_visits(call.host, wanted, after)
        following = str(found.lines[-1].visit.id) if found.lines else ""
    return Inspections(items=await _listed(found.lines), next_cursor=following if found.more else "")


async def _listed(lines: Iterable[Line]) -> list[InspectionShape]:
    lines = list(lines)
    results = await results_of([line.visit.id for line in lines])
    return [shape(line.reference, line.visit, line.part, results.get(line.visit.id, ()), staff=True) for line in lines]


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise faulty("day", "unreadable", "not_day") from error


@operation(
    "POST /inspections/{id}/plan",
    "Plan an inspection, or move it to another day; the requester is told",
    body=NewPlan,
    scope="requests:write",
    problems=(409, 410, 428),
    tag="inspections",
)
async def plan_inspection(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    it, body = await _begin(call, request, id)
    slot = read_slot(call.town, body, clock.now())
    if isinstance(slot, Problems):
        raise unprocessable(slot, call.language)
    answer = await plan_visit(
        call.host,
        _as_seen(it, body),
        it.record.reference,
        slot,
        inspector=None,
        inspector_name=text_in(body, "inspector", most=120, required=False),
        reason=text_in(body, "reason", most=1000, required=False),
        actor=call.actor,
    )
    return await _answer(call, it, answer)


@operation(
    "POST /inspections/{id}/cancellation",
    "Cancel the day of an inspection; the requester is told",
    body=NewCancellation,
    scope="requests:write",
    problems=(409, 410, 428),
    tag="inspections",
)
async def cancel_inspection(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    it, body = await _begin(call, request, id)
    reason = text_in(body, "reason", most=1000)
    answer = await cancel_visit(call.host, _as_seen(it, body), it.record.reference, reason, actor=call.actor)
    return await _answer(call, it, answer)


@operation(
    "POST /inspections/{id}/results",
    "Record the result; a repeated Idempotency-Key records it once",
    body=NewResult,
    headers={"Idempotency-Key": WORDS | {"x-required": True}},
    id="record_result",
    scope="requests:write",
    problems=(409, 410),
    tag="inspections",
)
async def record_results(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> InspectionShape:
    it, body = await _begin(call, request, id)
    if not (idempotency_key := idempotency_key_of(request)):
        raise faulty("Idempotency-Key", "required", "missing", status=400)
    key = f"api:{idempotency_key}"
    if await sent_before(it.visit, key):
        return await _now(call, it)
    holder, now = holder_in(body), clock.now()
    sent = read_result(
        it.part, it.visit, body, await waiting(holder) if holder else {}, now, local_day(call.town.calendar, now)
    )
    if isinstance(sent, Problems):
        raise unprocessable(sent, call.language)
    corrects = body.get("corrects", 0)
    if not isinstance(corrects, int) or isinstance(corrects, bool):
        raise faulty("corrects", "number", "not_number")
    answer = await record_result(
        call.host, it.visit, it.record.reference, sent, key=key, actor=call.actor, holder=holder, corrects=corrects
    )
    return await _answer(call, it, answer)


async def _begin(call: Call, request: AnyRequest, id: str) -> tuple[CallerVisit, dict[str, Any]]:
    body = await body_of(request)
    visit = await visit_named(id)
    record = await get_record(call.host, visit.request) if visit else None
    part = declared(await type_of_record(call.host, record), visit.code) if visit and record else None
    here = record is not None and record.jurisdiction == call.town.code
    if visit is None or record is None or part is None or not here:
        raise HTTPException(status_code=404, detail=gettext("There is no such visit, or you may not make it."))
    if not inspects(call.viewer, visit.unit, record, call.host.jurisdictions):
        raise HTTPException(status_code=404, detail=gettext("There is no such visit, or you may not make it."))
    if record.erased_at is not None:
        raise AlreadyErased(record.reference)
    call.host.of(AccessLog).at(call.viewer, record, "page")
    return CallerVisit(visit=visit, part=part, record=record), body


def _as_seen(it: CallerVisit, body: dict[str, Any]) -> Visit:
    return structs.replace(it.visit, version=seen_version(body))


async def _answer(call: Call, it: CallerVisit, answer: Any) -> InspectionShape:
    match answer:
        case Record() | KnownResult():
            return await _now(call, it)
        case Denied(code=code, reason=reason):
            raise faulty("", code, reason.to(call.language), status=409)
        case VisitConflict() | ResultConflict() | Conflict():
            raise faulty(
                "version", "conflict", gettext("Somebody changed the visit since you looked at it."), status=409
            )
    raise AssertionError(f"a visit was answered by {type(answer).__name__}")


async def _now(call: Call, it: CallerVisit) -> InspectionShape:
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


def _points(visit: Visit, part: Inspection, last: Result | None) -> list[InspectionPointShape]:
    shown = []
    for point in points_of(part, visit):
        found = last.found.get(point.code) if last else None
        shown.append(
            InspectionPointShape(
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
