"""Incidents at the desk: those under way, declaring one after seeing what it matches, its page, in and out by hand."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis import clock, i18n
from parvis.access_scope import EVERYWHERE
from parvis.i18n import gettext
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.requests.intake import take_in, taken_before
from parvis.requests.lists.search import Filters, queue
from parvis.requests.offered import declares as may_declare
from parvis.requests.offered import type_of
from parvis.requests.records import find
from parvis.requests.references import normalise
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, case_path, go, title_of, zone_name
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.lists.mapped import POINTS
from parvis.web.desk.one_request.places import PlaceChoice, settle
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, flat_names, typed
from parvis.web.value_names import channel_name
from parvis_incidents.attaching import attach, attach_matching, preview, take_out
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.desk import in_menu
from parvis_incidents.desk.queue_filter import in_incident
from parvis_incidents.figures import AttachedCount, asked_whether_same, attached_to, figures_of
from parvis_incidents.incidents import Incident, incident, incidents_of
from parvis_incidents.matching import INCIDENT, INSTEAD, SHORT, SHOWN, TYPES, WHAT, drawn, rule_of
from parvis_incidents.titles import KINDS, OFFERED, OTHER, SAME, incident_title
from parvis_sdk.about import ZONES
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import AnyField
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Submission

INCIDENTS = "/bureau/incidents"
NEW = f"{INCIDENTS}/nouveau"
ONE = f"{INCIDENTS}/{{reference:str}}"
AT_ONCE = timedelta(seconds=5)  # what somebody waits for; the chore attaches the rest
SHOWN_HERE = 20
FIRST = ("what", ZONES, TYPES)  # what three presses answer; the rest is folded


@get(INCIDENTS)
async def show_incidents(room: AtDesk) -> Response[Any]:
    """Those under way and the last ones that are over."""
    room.demand("see")
    found = await incidents_of(room.host, room.town)
    counts = await attached_to(room.scope("see"), [each.record.id for each in found])
    return room.show(
        "incidents/incidents.html",
        found=found,
        counts=counts,
        nothing=AttachedCount(),
        kinds=[(code, i18n.say(title)) for code, title in OFFERED.items()],
        declares=declares(room),
        path_of=incident_path,
    )


@get(NEW)
async def new_incident(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The questions; what happened is answered already where a button said it."""
    demand_whole(room)
    what = request.query_params.get("what", "")
    return _form(room, {"what": what} if what in KINDS else {}, PlaceChoice(raw={}))


@post(NEW, status_code=200)
async def declare(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Shown first what it matches; pressed again, declared, and what matches attached."""
    demand_whole(room)
    sent = await typed(request)
    request_type = _request_type(room)
    answers = sent.values.get("answers")
    answers = answers if isinstance(answers, dict) else {}
    place = await settle(room.host, room.town, sent.values.get("place"), sent.text("mark"), sent.text("_address"))
    idempotency_key = f"incident:{sent.text('once')[:40]}"
    if sent.text("_sure") and isinstance(before := await taken_before(room.host, room.town, idempotency_key), Receipt):
        return go(incident_path(before.reference))  # the same press again
    raw = {
        "language": room.town.languages[0],
        "answers": answers,
        "place": place.raw,
        "requester": {"mode": "anonymous"},
    }
    submission = request_type.read(raw, channel="counter", today=local_day(room.town.calendar, clock.now()))
    if isinstance(submission, Problems) or place.problem or sent.text("_back"):
        found = submission.found if isinstance(submission, Problems) and not sent.text("_back") else ()
        more = (place.problem,) if place.problem and place.raw and not sent.text("_back") else ()
        return _form(room, answers, place, Problems(found=(*found, *more)) if found or more else None)
    if sent.text("_sure"):
        return await _declared(room, request_type, submission, idempotency_key)
    return await _preview(room, submission, sent)


async def _declared(
    room: DeskContext, request_type: RequestType, submission: Submission, idempotency_key: str
) -> Response[Any]:
    answer = await take_in(
        room.host,
        room.town,
        submission,
        actor=room.actor,
        idempotency_key=idempotency_key,
        judged=False,
        declares=declares(room),
    )
    if isinstance(answer, Problems):
        return _form(room, dict(submission.answers), PlaceChoice(raw={}), answer)
    await room.host.of(Bulletin).look(room.host.jurisdictions)
    made = await incident(room.host, room.town, answer.reference)
    if made is not None:
        await attach_matching(room.host, room.town, made, actor=room.actor, until=clock.now() + AT_ONCE)
    return go(f"{incident_path(answer.reference)}?fait=declare#main")


async def _preview(room: DeskContext, submission: Submission, sent: FormInput) -> Response[Any]:
    rule = rule_of(submission.answers, submission.place, clock.now(), room.town.time_zone)
    found = await preview(room.host, room.town, rule)
    return room.show(
        "incidents/sure.html",
        title=i18n.say(incident_title(room.town, submission.answers["what"], rule.zones)),
        found=found,
        rule=rule,
        zones=[zone_name(room.town, code) for code in rule.zones],
        types=[title_of(room, code) for code in rule.types],
        portal=[submission.answers.get(code) for code in (SHOWN, INSTEAD, SHORT)],
        pairs=[*flat_names(sent.values.get("answers"), "answers"), *_place_pairs(sent)],
        idempotency_key=new_id(),
        type_title=lambda code: title_of(room, code),
        case_path=case_path,
    )


def _place_pairs(sent: FormInput) -> list[tuple[str, str]]:
    place = sent.values.get("place")
    if not isinstance(place, dict):
        return []
    drawn = place.get("geometry")
    plain = flat_names({name: value for name, value in place.items() if name != "geometry"}, "place")
    return [*plain, *([("place.geometry", _as_geojson(drawn))] if drawn else []), ("mark", sent.text("mark"))]


def _as_geojson(drawn: object) -> str:
    return drawn if isinstance(drawn, str) else msgspec.json.encode(drawn).decode()


def _form(
    room: DeskContext, answers: dict[str, Any], place: PlaceChoice, problems: Problems | None = None
) -> Response[Any]:
    request_type = _request_type(room)
    first, more = parted(request_type.form.fields())
    known = {"answers": answers, "place": place.raw}
    return room.show(
        "incidents/new.html",
        status=422 if problems else 200,
        request_type=request_type,
        first=first,
        more=more,
        opened=bool(place.raw) or any(answers.get(field.code) for field in more),
        values=known,
        place=place,
        problems=problems,
    )


def parted(fields: Iterable[AnyField]) -> tuple[list[AnyField], list[AnyField]]:
    """What is always asked, in its order, and what is asked further down."""
    known = {field.code: field for field in fields}
    first = [known[code] for code in FIRST if code in known]
    return first, [field for field in known.values() if field not in first]


@get(ONE)
async def show_incident(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """What was said, what belongs to it as far as the person sees it, and its figures."""
    room.demand("see")
    return await incident_page(room, await found_incident(room, reference))


@post(f"{ONE}/ajouter")
async def put_in(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Attach one request by hand."""
    room.demand("assign")
    one, sent = await found_incident(room, reference), await typed(request)
    wanted = normalise(sent.text("request"))
    record = await find(room.host, wanted) if wanted else None
    if record is None or record.jurisdiction != room.town.code or not room.may("assign", record):
        return go(f"{incident_path(one.record.reference)}?fait=inconnue#main")
    done = await attach(room.host, one.record, record.reference, "hand", actor=room.actor)
    return _back(sent, one, record.reference, "ajoutee" if done else "deja-la")


@post(f"{ONE}/retirer")
async def put_out(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Remove one request permanently."""
    room.demand("assign")
    one, sent = await found_incident(room, reference), await typed(request)
    record = await room.record(sent.text("request"), "assign")
    await take_out(room.host, one.record, record.reference, actor=room.actor)
    return _back(sent, one, record.reference, "retiree")


def _back(sent: FormInput, one: Incident, request: str, done: str) -> Response[Any]:
    if sent.text("from") == "case":
        return go(f"{case_path(request)}#incidents")
    return go(f"{incident_path(one.record.reference)}?fait={done}#main")


async def incident_page(room: DeskContext, one: Incident, *, status: int = 200, **more: Any) -> Response[Any]:
    """The page, with what is tried on it."""
    reference = one.record.reference
    figures = await figures_of(room.scope("see"), one.record.id, room.town.time_zone)
    filters = Filters(conditions=(in_incident(reference),))
    found = await queue(room.host, room.viewer, room.town.code, filters, sort="newest", limit=SHOWN_HERE, count=False)
    listed = ListQuery(values={"incident": (reference,), "ouvertes": ("toutes",)})
    given: dict[str, Any] = {"problems": None, "tried": {}, "done": room.request.query_params.get("fait", "")}
    return room.show(
        "incidents/incident.html",
        status=status,
        one=one,
        figures=figures,
        intake=[(_shown(at, by_day=figures.by_day), count) for at, count in figures.intake],
        channels=[(channel_name(channel), count) for channel, count in figures.channels],
        found=found,
        as_list=listed.address(QUEUE),
        groups=listed.address(POINTS),
        area=drawn(one.rule, {zone.code: zone.geometry for zone in room.town.zones}),
        question=SAME.get(str(one.record.answers.get(WHAT, "")), SAME[OTHER]),
        same=await asked_whether_same(one.record),
        on_map=listed.address(f"{QUEUE}/carte"),
        many=room.selection and f"{room.selection.path}?incident={reference}&tous=1",
        zones=[zone_name(room.town, code) for code in one.rule.zones],
        types=[title_of(room, code) for code in one.rule.types],
        tells=declares(room),
        path=incident_path(reference),
        case_path=case_path,
        languages=room.town.languages,
        idempotency_key=new_id(),
        public=f"/{room.language}/{'requete' if room.language == 'fr' else 'request'}/{reference}",
        **(given | more),
    )


def _shown(at: datetime, *, by_day: bool) -> str:
    return i18n.format_date(at) if by_day else i18n.format_datetime(at)


async def found_incident(room: DeskContext, reference: str) -> Incident:
    one = await incident(room.host, room.town, reference)
    if one is None:
        raise NotFoundException("There is no such incident.")
    return one


def declares(room: DeskContext) -> bool:
    """Whether the person gives requests of the whole town: an incident gathers them from every unit."""
    return may_declare(room.host, room.viewer, room.town)


def has_any(room: DeskContext) -> bool:
    """Whether there is something to see: always for viewers of the whole town, else once there was an incident."""
    return EVERYWHERE in room.scope("see").areas or room.host.of(Bulletin).has_known(room.town.code)


def demand_whole(room: DeskContext) -> None:
    """Refuse the page to whom only some units' requests are entrusted."""
    room.demand("assign")
    if not declares(room):
        raise PermissionDeniedException("This needs the right 'assign' over the whole town.")


def incident_path(reference: str) -> str:
    return f"{INCIDENTS}/{reference}"


def _request_type(room: DeskContext) -> RequestType:
    request_type = type_of(room.host, room.town, INCIDENT)
    if request_type is None:
        raise NotFoundException("This town has no incidents.")
    return request_type


LINK = PageLink(
    slot="desk.menu",
    path=INCIDENTS,
    guide="docs/incidents#declaring-one",
    after="/bureau/echeances",
    text=lambda: gettext("Incidents"),
    right="see",
    when=has_any,
    icon="warning",
    group=in_menu,
)
