"""Visits in words, for residents and for the people of the town alike: state, time, what was found, notice."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from parvis.i18n import current, format_date, gettext, language, say
from parvis.requests.attached.attachments import kept_of
from parvis.requests.records import Record
from parvis.web.addresses import address, word
from parvis.web.downloads import shown_file
from parvis.web.panels import Panel
from parvis_inspections.inspecting import may_ask
from parvis_inspections.slots import slot_words
from parvis_inspections.visits import Result, Visit, declared, results_of, visits_of
from parvis_sdk.inspection_rules import points_of
from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment

CHIPS = {"wanted": "plain", "planned": "info", "passed": "ok", "failed": "bad", "missed": "warn", "waived": "plain"}
Files = Mapping[str, Attachment]


class ShownPoint(Struct, frozen=True, kw_only=True):
    """One point of a checklist, with what was found at it."""

    title: str
    article: str
    help: str
    finding: str = ""
    words: str = ""
    note: str = ""
    files: tuple[dict[str, Any], ...] = ()


class ShownResult(Struct, frozen=True, kw_only=True):
    """What was found at a visit, as one person sent it."""

    number: int
    outcome: str
    outcome_words: str
    made_at: Any
    by: str
    words: str
    points: tuple[ShownPoint, ...]

    @property
    def wrong(self) -> tuple[ShownPoint, ...]:
        """The points that are not in order."""
        return tuple(point for point in self.points if point.finding == "not_ok")


class ShownVisit(Struct, frozen=True, kw_only=True):
    """One visit as pages tell it; `results` has the one that holds first."""

    visit: Visit
    part: Inspection
    title: str
    state_words: str
    chip: str
    when: str
    due: str
    checklist: tuple[ShownPoint, ...]
    results: tuple[ShownResult, ...]


async def desk_visits_panel(record: Record, request_type: RequestType) -> Panel | None:
    """The panel at the desk; None while no visit was ever wanted."""
    visits = await visits_of(record.id) if request_type.of(Inspection) else ()
    shown = [
        shown_visit(each, part, current().time_zone)
        for each in visits
        if (part := declared(request_type, each.code)) is not None
    ]
    return Panel(template="inspections/box_desk.html", values={"visits": shown}) if shown else None


async def own_visits_panel(record: Record, request_type: RequestType) -> Panel | None:
    """The panel on the private page: visits, and those that can be asked for."""
    if not request_type.of(Inspection):
        return None
    visits = await visits_of(record.id)
    results = await results_of([each.id for each in visits if each.done_at])
    own = address(language(), ":track", record.reference)
    kept = await kept_of(record) if results else ()
    # What is kept of them is for the requester, as each is: see `record_result`.
    files = {each.attachment.id: each.attachment for each in kept if each.audience == "requester"}

    def file_at(id: str) -> str:
        return address(language(), ":track", record.reference, ":files", id)

    shown = [
        shown_visit(each, part, current().time_zone, results.get(each.id, ())[-1:], files, file_at)
        for each in visits
        if each.state != "waived" and (part := declared(request_type, each.code)) is not None
    ]
    still = {each.code for each in visits if each.is_open}
    asks = [
        part for part in request_type.of(Inspection) if part.code not in still and may_ask(part, record, visits) is None
    ]
    if not shown and not asks:
        return None
    values = {"visits": shown, "asks": asks, "own": f"{own}/inspections"}
    return Panel(template="inspections/box.html", values=values | {"calendar": word("calendar", language())})


def shown_visit(
    visit: Visit,
    part: Inspection,
    time_zone: str,
    results: tuple[Result, ...] = (),
    files: Files | None = None,
    file_at: Callable[[str], str] = str,
) -> ShownVisit:
    """A visit in the language of the page."""
    looked_at = points_of(part, visit)
    return ShownVisit(
        visit=visit,
        part=part,
        title=gettext("%(title)s (repeat)") % {"title": say(part.title)} if visit.former else say(part.title),
        state_words=state_words(visit.state),
        chip=CHIPS[visit.state],
        when=when_of(visit, time_zone),
        due=format_date(visit.due, "full") if visit.due else "",
        checklist=tuple(_point(point) for point in looked_at),
        results=tuple(_result(each, looked_at, files or {}, file_at) for each in reversed(results)),
    )


def when_of(visit: Visit, time_zone: str) -> str:
    """The day of a visit and, while it is to come, the part of it."""
    if not visit.day:
        return ""
    day = format_date(date.fromisoformat(visit.day), "full")
    if visit.state != "planned" or visit.starts_at is None or visit.ends_at is None:
        return day
    return f"{day}, {slot_words(visit.slot, visit.starts_at, visit.ends_at, time_zone).to(language())}"


def state_words(state: str) -> str:
    return {
        "wanted": gettext("to be planned"),
        "planned": gettext("planned"),
        "passed": gettext("compliant"),
        "failed": gettext("to be corrected"),
        "missed": gettext("could not take place"),
        "waived": gettext("no longer needed"),
    }[state]


def finding_words(finding: str) -> str:
    return {
        "ok": gettext("Compliant"),
        "not_ok": gettext("Not compliant"),
        "not_applicable": gettext("Does not apply"),
    }.get(finding, "")


def _point(point: Point, **more: Any) -> ShownPoint:
    return ShownPoint(title=say(point.title), article=say(point.article), help=say(point.help), **more)


def _result(result: Result, points: tuple[Point, ...], files: Files, file_at: Callable[[str], str]) -> ShownResult:
    shown = []
    for point in points:
        found = result.found.get(point.code)
        if found is None:
            continue
        photos = tuple(shown_file(files[id], file_at(id)) for id in found.photos if id in files)
        words = finding_words(found.finding)
        shown.append(_point(point, finding=found.finding, words=words, note=found.note, files=photos))
    return ShownResult(
        number=result.number,
        outcome=result.outcome,
        outcome_words=state_words(result.outcome),
        made_at=result.made_at,
        by=result.actor_name,
        words=result.words,
        points=tuple(shown),
    )
