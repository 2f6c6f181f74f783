"""One visit at the desk: planned, moved, cancelled, found needless; with everything that was found at it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import structs

from parvis import clock
from parvis.i18n import gettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Conflict
from parvis.requests.records import Record
from parvis.requests.visibility import sees_audience
from parvis.web.desk.context import AtDesk, DeskContext, go, unit_name, zone_name
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import version_in
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel
from parvis.web.typed import FormInput, typed
from parvis_inspections.desk.access import VisitAccess, inspector_in, inspectors, opened, slot_raw, slots
from parvis_inspections.desk.planning import VISITS
from parvis_inspections.inspecting import VisitConflict, cancel_visit, plan_visit, waive_visit
from parvis_inspections.shown import desk_visits_panel, shown_visit, when_of
from parvis_inspections.slots import read_slot
from parvis_inspections.visits import Visit, declared, results_of, visits_of
from parvis_sdk.inspection_rules import lacking
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ONE = f"{VISITS}/{{id:str}}"


@get(ONE)
async def show_visit(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    return await _page(room, await opened(room, id))


@post(f"{ONE}/plan", status_code=200)
async def plan(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Give the visit a day and a person, or others."""
    it, sent = await opened(room, id), await typed(request)
    values = {name: sent.text(name) for name in ("day", "slot", "from", "to", "inspector", "reason")}
    slot = read_slot(room.town, slot_raw(sent), clock.now())
    person = inspector_in(await inspectors(room), values["inspector"])
    if isinstance(slot, Problems):
        return await _page(room, it, values=values, problems=slot)
    if person is None:
        return await _page(room, it, values=values, problems=_wrong("inspector", gettext("Choose a colleague.")))
    visit = _as_seen(it, sent)
    if isinstance(visit, Problems):
        return await _page(room, it, values=values, problems=visit)
    answer = await plan_visit(
        room.host,
        visit,
        it.record.reference,
        slot,
        inspector=person[0],
        inspector_name=person[1],
        reason=values["reason"],
        actor=room.actor,
    )
    return await _answered(room, it, answer, "prevue", values)


@post(f"{ONE}/annulation", status_code=200)
async def cancel(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Take the day back; the requester is told why."""
    return await _by_reason(request, id, cancel_visit, "annulee")


@post(f"{ONE}/inutile", status_code=200)
async def waive(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """The visit need not be made; why stays with the town."""
    return await _by_reason(request, id, waive_visit, "inutile")


async def _by_reason(request: AnyRequest, id: str, act: Any, done: str) -> Response[Any]:
    room = DeskContext(request)
    it, sent = await opened(room, id), await typed(request)
    reason = sent.text("reason").strip()
    if not reason:
        return await _page(room, it, problems=_wrong(f"{done}-reason", gettext("Give a reason.")))
    visit, values = _as_seen(it, sent), {**_values(it), f"{done}-reason": reason}
    if isinstance(visit, Problems):
        return await _page(room, it, values=values, problems=visit)
    answer = await act(room.host, visit, it.record.reference, reason, actor=room.actor)
    return await _answered(room, it, answer, done, values)


def _as_seen(it: VisitAccess, sent: FormInput) -> Visit | Problems:
    """The visit with the version that the person saw, so that what others did meanwhile is noticed."""
    seen = version_in(sent)
    return seen if isinstance(seen, Problems) else structs.replace(it.visit, version=seen)


async def _answered(
    room: DeskContext, it: VisitAccess, answer: Any, done: str, values: dict[str, str]
) -> Response[Any]:
    match answer:
        case Record():
            return go(f"{VISITS}/{it.visit.id}?fait={done}#main")
        case Denied(reason=reason):
            return await _page(room, await opened(room, str(it.visit.id)), values=values, refused=say(reason))
        case VisitConflict() | Conflict():
            words = gettext("Somebody changed this visit in the meantime. Check it, then send this again.")
            return await _page(room, await opened(room, str(it.visit.id)), values=values, refused=words)
    raise AssertionError(f"a visit was answered by {type(answer).__name__}")


async def _page(
    room: DeskContext,
    it: VisitAccess,
    *,
    values: dict[str, str] | None = None,
    problems: Problems | None = None,
    refused: str = "",
) -> Response[Any]:
    visits = await visits_of(it.record.id)
    jurisdictions = room.host.jurisdictions
    files = {
        each.attachment.id: each.attachment
        for each in await kept_of(it.record)
        if sees_audience(room.viewer, each.audience, it.record, jurisdictions)
    }
    results = await results_of([each.id for each in visits if each.code == it.visit.code])
    zone = room.town.time_zone

    def shown(visit: Any) -> Any:
        return shown_visit(visit, it.part, zone, results.get(visit.id, ()), files, _file_at)

    return room.show(
        "inspections/visit.html",
        status=422 if problems else 409 if refused else 200,
        it=it,
        visit=it.visit,
        shown=shown(it.visit),
        others=[shown(each) for each in visits if each.code == it.visit.code and each.id != it.visit.id],
        first=[say(part.title) for code in lacking(it.part, visits) if (part := declared(it.request_type, code))],
        values=values or _values(it),
        problems=problems,
        refused=refused,
        done=room.request.query_params.get("fait", ""),
        people=[("", gettext("Nobody yet")), *((one.id, one.name) for one in await inspectors(room))],
        slots=slots(room),
        today=local_day(room.town.calendar, clock.now()).isoformat(),
        when=when_of(it.visit, zone),
        unit_name=lambda code: unit_name(room.town, code),
        zone_name=lambda code: zone_name(room.town, code),
    )


def _values(it: VisitAccess) -> dict[str, str]:
    """What stands in the boxes at first: the time that the visit has."""
    visit = it.visit
    start, _, end = visit.slot.partition("-") if "-" in visit.slot else ("", "", "")
    slot = "hours" if start else visit.slot or "morning"
    inspector = str(visit.inspector) if visit.inspector else ""
    return {"day": visit.day, "slot": slot, "from": start, "to": end, "inspector": inspector, "reason": ""}


def _file_at(id: str) -> str:
    return f"/bureau/fichiers/{id}"


def _wrong(path: str, words: str) -> Problems:
    return Problems(found=(Problem(path=path, code="required", message=Text(fr=words, en=words)),))


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="inspections",
    after="documents",
    title=lambda: gettext("Inspections"),
    applies=lambda room, case: bool(case.request_type.of(Inspection)),
    draw=lambda room, case: desk_visits_panel(case.record, case.request_type),
)
