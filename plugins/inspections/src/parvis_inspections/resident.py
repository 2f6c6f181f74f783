"""Visits as their requester sees them: when it suits them, a visit asked for, and the event for their calendar."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.requests.links import tracking_url
from parvis.web.addresses import in_each, patterns
from parvis.web.pages import render
from parvis.web.panels import PagePanel
from parvis.web.portal.visit import AtPortal, see_other
from parvis.web.portal.visit import Visit as AtThePortal
from parvis.web.track.calendar import Event, written
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address, private
from parvis.web.typed import typed
from parvis_inspections.inspecting import ask, may_ask
from parvis_inspections.shown import own_visits_panel, when_of
from parvis_inspections.slots import read_slot
from parvis_inspections.visits import Visit, Wishes, declared, visits_of
from parvis_sdk.fields import Date, LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.inspection_rules import lacking, points_of
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

AnyRequest = Request[Any, Any, Any]
PARTS = (
    Option(code="morning", label=Text(fr="En avant-midi", en="In the morning")),
    Option(code="afternoon", label=Text(fr="En après-midi", en="In the afternoon")),
)
SUITS = Form(
    sections=(
        Section(
            code="times",
            title=Text(fr="Vos disponibilités", en="Your availability"),
            fields=(
                Date(code="first_day", label=Text(fr="Un jour", en="A day"), required=False, earliest=0),
                OneOf(code="first_part", label=Text(fr="Ce jour-là", en="On that day"), required=False, options=PARTS),
                Date(code="second_day", label=Text(fr="Un autre jour", en="Another day"), required=False, earliest=0),
                OneOf(
                    code="second_part",
                    label=Text(fr="Cet autre jour", en="On that other day"),
                    required=False,
                    options=PARTS,
                ),
                LongText(
                    code="words",
                    label=Text(fr="Précisions pour la visite", en="Details for the visit"),
                    example=Text(
                        fr="Par exemple\u00a0: l’entrée se fait par la ruelle.",
                        en="For example: come in by the lane.",
                    ),
                    required=False,
                    max_length=1000,
                    rows=3,
                ),
            ),
        ),
    )
)
NOTHING = Text(fr="Proposez un jour ou ajoutez une précision.", en="Suggest a day or add details.")
NO_PART = Text(fr="Choisissez l’avant-midi ou l’après-midi.", en="Choose the morning or the afternoon.")


@get(patterns(":track", "{reference:str}", "inspections", "{code:str}"), name="visit-page")
async def visit_page(here: AtPortal, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """What is looked at, what to have ready, and when it would suit."""
    found = await held_or_redirect(here, reference)
    return await _page(here, found, _part(found, code), {})


@post(patterns(":track", "{reference:str}", "inspections", "{code:str}"), name="visit-asked", status_code=200)
async def ask_visit(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    part, sent = _part(found, code), await typed(request)
    raw = {field.code: value for field in SUITS.fields() if (value := sent.values.get(field.code))}
    wishes = _wishes(here, raw)
    if isinstance(wishes, Problems):
        return await _page(here, found, part, raw, wishes)
    answer = await ask(here.host, found.record.reference, part.code, wishes)
    if isinstance(answer, Denied):
        return await _page(here, found, part, raw, refused=say(answer.reason))
    return see_other(f"{own_address(here, found, fait='1')}#main")


def _wishes(here: AtThePortal, raw: dict[str, Any]) -> Wishes | Problems:
    read = SUITS.read(raw, today=here.today)
    if isinstance(read, Problems):
        return read
    times, wrong = [], list[Problem]()
    for which in ("first", "second"):
        day, part = read.answers.get(f"{which}_day"), read.answers.get(f"{which}_part")
        if not day:
            continue
        if not part:
            wrong.append(Problem(path=f"{which}_part", code="choose", message=NO_PART))
            continue
        slot = read_slot(here.town, {"day": day, "slot": part}, clock.now())
        if isinstance(slot, Problems):
            wrong += [Problem(path=f"{which}_day", code="slot", message=each.message) for each in slot.found]
        else:
            times.append((day, part))
    words = read.answers.get("words", "")
    if not wrong and not times and not words:
        wrong.append(Problem(path="first_day", code="required", message=NOTHING))
    return Problems(found=tuple(wrong)) if wrong else Wishes(times=tuple(times), words=words)


async def _page(
    here: AtThePortal,
    found: TrackedRequest,
    part: Inspection,
    values: dict[str, Any],
    problems: Problems | None = None,
    refused: str = "",
) -> Response[Any]:
    visits = await visits_of(found.record.id)
    still = next((each for each in visits if each.code == part.code and each.is_open), None)
    if still is None and not refused and (no := may_ask(part, found.record, visits)):
        refused = say(no.reason)
    first = [say(each.title) for code in lacking(part, visits) if (each := declared(found.request_type, code))]
    return render(
        here.request,
        "inspections/asking.html",
        status=422 if problems else 200,
        reference=found.record.reference,
        title=found.request_type.title,
        part=part,
        still=still,
        when=when_of(still, here.town.time_zone) if still else "",
        points=points_of(part, still) if still else part.points,
        first=first,
        fields=SUITS.fields(),
        values=values,
        problems=problems,
        refused=refused,
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", found.record.reference, "inspections", part.code),
        **private(),
    )


@get(patterns(":track", "{reference:str}", "inspections", "{id:str}", ":calendar"), name="visit-calendar")
async def visit_calendar(here: AtPortal, reference: FromPath[str], id: FromPath[str]) -> Response[str]:
    """The planned visit as an event; taken in again after it was moved, it replaces the one before."""
    found = await held_or_redirect(here, reference)
    planned = next((each for each in await visits_of(found.record.id) if str(each.id) == id), None)
    part = declared(found.request_type, planned.code) if planned else None
    if planned is None or part is None or planned.starts_at is None:
        raise NotFoundException("No visit is planned under this name.")
    name = f"{found.record.reference}-{local_day(here.town.calendar, planned.starts_at)}"
    headers = {
        "content-disposition": f'attachment; filename="{name}.ics"',
        "cache-control": "private, no-store",
    }
    return Response(written(_event(here, found, planned, part)), media_type="text/calendar", headers=headers)


def _event(here: AtThePortal, found: TrackedRequest, planned: Visit, part: Inspection) -> Event:
    record = found.record
    assert planned.starts_at is not None  # noqa: S101 - the caller has looked
    with here.request.app.state.pages.catalogues.speaking(here.language, here.town.time_zone):
        title = gettext("Visit: %(title)s, %(town)s") % {"title": say(part.title), "town": say(here.town.name)}
        discreet = gettext("Visit (%(reference)s)") % {"reference": record.reference}
        return Event(
            uid=f"{planned.id}@{urlsplit(here.host.base_url).hostname}",
            version=planned.version,
            changed_at=record.updated_at,
            day=local_day(here.town.calendar, planned.starts_at).strftime("%Y%m%d"),
            at=planned.starts_at,
            until=planned.ends_at,
            title=discreet if record.identity == "confidential" else f"{title} ({record.reference})",
            words=say(part.prepare) or gettext("Request %(reference)s") % {"reference": record.reference},
            link=tracking_url(here.host, here.town, record),
            is_over=planned.state != "planned",
        )


def _part(found: TrackedRequest, code: str) -> Inspection:
    part = declared(found.request_type, code)
    if part is None:
        raise NotFoundException("This visit does not exist.")
    return part


PANEL: PagePanel[AtThePortal, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="inspections",
    after="validity",
    title=lambda: gettext("Town inspections"),
    applies=lambda here, found: found.viewer.is_requester and bool(found.request_type.of(Inspection)),
    draw=lambda here, found: own_visits_panel(found.record, found.request_type),
)
