"""The planning of visits: what waits, what is planned, what was not corrected in time; several given a day at once."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext, ngettext, say
from parvis.jurisdictions.calendars import local_day, next_business_day
from parvis.requests.changing import Conflict
from parvis.requests.lists.stalled import StalledCount
from parvis.requests.records import Record
from parvis.requests.remaining_parts import has_part
from parvis.web.desk.context import AtDesk, DeskContext, go, unit_name, work, zone_name
from parvis.web.desk.lists.filtering import ListQuery, chips
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_inspections.desk.access import (
    choices,
    inspector_in,
    inspectors,
    opened,
    read,
    slot_raw,
    slots,
    wanted_of,
)
from parvis_inspections.inspecting import VisitConflict, plan_visit
from parvis_inspections.rounds import Lines, VisitFilter, blocked, figures_of, planned, to_correct, waiting
from parvis_inspections.shown import when_of
from parvis_inspections.slots import Slot, read_slot
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

VISITS = "/bureau/visites"
VIEWS = ("waiting", "planned", "late")
MOST_TICKED = 60


class PlanAttempt(Struct, frozen=True, kw_only=True):
    """What was ticked and typed and did not go through, with why."""

    values: dict[str, Any] = {}
    ticked: tuple[str, ...] = ()
    problems: Problems | None = None
    refused: tuple[tuple[str, str], ...] = ()


@get(VISITS)
async def show_planning(room: AtDesk) -> Response[Any]:
    room.demand("work")
    return await _page(room, read(room), PlanAttempt())


async def _page(room: DeskContext, asked: ListQuery, tried: PlanAttempt) -> Response[Any]:
    wanted, view = wanted_of(room, asked), _view(asked)
    people, now = await inspectors(room), clock.now()
    today = local_day(room.town.calendar, now)
    found = await _lines(room, view, asked)
    first = await blocked(found.lines) if view == "waiting" else {}
    # What can be planned comes before what must still wait for another visit.
    lines = sorted(found.lines, key=lambda line: line.visit.id in first)
    zone = room.town.time_zone
    return room.show(
        "inspections/visits.html",
        status=422 if tried.problems else 409 if tried.refused else 200,
        asked=asked,
        view=view,
        views=_views(asked),
        lines=lines,
        more=found.more,
        first=first,
        figures=await figures_of(wanted, today, now),
        choices=choices(room, people),
        chips=chips(asked, VISITS, _words(room, dict(choices(room, people)["a"]))),
        people=[("", gettext("Nobody yet")), *((one.id, one.name) for one in people)],
        slots=slots(room),
        tried=tried,
        next_day=next_business_day(room.town.calendar, today).isoformat(),
        today=today.isoformat(),
        done=_done(room.request.query_params.get("fait", "")),
        when=lambda line: when_of(line.visit, zone),
        unit_name=lambda code: unit_name(room.town, code),
        zone_name=lambda code: zone_name(room.town, code),
    )


def _view(asked: ListQuery) -> str:
    return {"prevues": "planned", "retard": "late"}.get(asked.first("vue"), "waiting")


async def _lines(room: DeskContext, view: str, asked: ListQuery) -> Lines:
    wanted = wanted_of(room, asked)
    if view == "planned":
        # Yesterday's too: what was to be made and is not reported stands first.
        since = local_day(room.town.calendar, clock.now()) - timedelta(days=60)
        return await planned(room.host, wanted, since)
    return await (to_correct if view == "late" else waiting)(room.host, wanted)


def _views(asked: ListQuery) -> list[tuple[str, str, bool]]:
    named = [
        (gettext("To be planned"), ""),
        (gettext("Planned"), "prevues"),
        (gettext("Not corrected in time"), "retard"),
    ]
    return [(text, asked.with_(vue=code).address(VISITS), asked.first("vue") == code) for text, code in named]


def _words(room: DeskContext, people: dict[str, str]) -> dict[str, Any]:
    kinds = dict(choices(room, ())["visite"])
    return {
        "unite": lambda code: unit_name(room.town, code),
        "zone": lambda code: zone_name(room.town, code),
        "visite": lambda code: kinds.get(code, code),
        "a": lambda id: people.get(id, id),
    }


def _done(given: str) -> str:
    count = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else 0
    return ngettext("%(num)s visit is planned.", "%(num)s visits are planned.", count) % {"num": count} if count else ""


@post(VISITS, status_code=200)
async def plan_ticked(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Give all visits that are ticked the same day and person; those that cannot have them are named."""
    room.demand("work")
    sent, asked = await typed(request), read(room)
    ticked = _ticked(sent)
    values = {name: sent.text(name) for name in ("day", "slot", "from", "to", "inspector")}
    slot = read_slot(room.town, slot_raw(sent), clock.now())
    person = inspector_in(await inspectors(room), sent.text("inspector"))
    problems = list(slot.found) if isinstance(slot, Problems) else []
    if not ticked:
        problems.append(_wrong("ticked", gettext("Select at least one visit.")))
    if person is None:
        problems.append(_wrong("inspector", gettext("Choose a colleague.")))
    if problems or isinstance(slot, Problems) or person is None:
        return await _page(
            room, asked, PlanAttempt(values=values, ticked=ticked, problems=Problems(found=tuple(problems)))
        )
    refused = [why for each in ticked if (why := await _plan_one(room, each, slot, person))]
    if refused:
        return await _page(room, asked, PlanAttempt(values=values, refused=tuple(refused)))
    return go(asked.with_().address(VISITS) + ("&" if asked.values else "?") + f"fait={len(ticked)}#main")


async def _plan_one(room: DeskContext, named: str, slot: Slot, person: tuple[Any, str]) -> tuple[str, str] | None:
    """Plan one visit, seen at the version that stands behind its id; why not, beside the reference."""
    id, _, version = named.partition(":")
    try:
        it = await opened(room, id)
    except NotFoundException:
        return ("", gettext("This visit does not exist."))
    if version != str(it.visit.version):
        return (it.record.reference, gettext("Somebody changed this visit in the meantime."))
    answer = await plan_visit(
        room.host, it.visit, it.record.reference, slot, inspector=person[0], inspector_name=person[1], actor=room.actor
    )
    match answer:
        case Record():
            return None
        case Denied(reason=reason):
            return (it.record.reference, say(reason))
        case VisitConflict() | Conflict():
            return (it.record.reference, gettext("Somebody changed this visit in the meantime."))


def _ticked(sent: FormInput) -> tuple[str, ...]:
    given = sent.values.get("ticked")
    ids = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return tuple(dict.fromkeys(each for each in ids if isinstance(each, str)))[:MOST_TICKED]


def _wrong(path: str, words: str) -> Problem:
    return Problem(path=path, code="required", message=Text(fr=words, en=words))


def inspects(room: DeskContext) -> bool:
    """Whether any request of this town is looked at on the spot."""
    return has_part(room.host, room.town, Inspection)


LINK = PageLink(
    slot="desk.menu",
    path=VISITS,
    guide="docs/permits#planning-visits",
    after="/bureau/echeances",
    text=lambda: gettext("Inspections"),
    right="work",
    when=inspects,
    icon="calendar",
    group=work,
)


async def unfinished_visits(room: DeskContext) -> tuple[StalledList, ...]:
    """Visits that nobody reported on, and what was not corrected by its day."""
    now = clock.now()
    visits = await figures_of(VisitFilter(scope=room.scope("work")), local_day(room.town.calendar, now), now)
    return (
        StalledList(
            title=gettext("Visits without a report"),
            meaning=gettext("The visit date has passed and no report was entered."),
            href=f"{VISITS}?vue=prevues",
            found=StalledCount(requests=visits.unreported),
        ),
        StalledList(
            title=gettext("Not corrected in time"),
            meaning=gettext("Corrections required by a visit are past their due date."),
            href=f"{VISITS}?vue=retard",
            found=StalledCount(requests=visits.overdue),
        ),
    )


UNFINISHED = StalledSource(
    name="inspections",
    after="conditions",
    title=lambda: gettext("Inspections"),
    right="work",
    when=inspects,
    find=unfinished_visits,
)
