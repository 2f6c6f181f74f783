"""The checklist of one visit: a plain form with network, the same page without it once the phone has kept it."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.requests.attached.attachments import waiting
from parvis.requests.records import Record
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.errors import wants_page
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis.web.uploads import take_files
from parvis_inspections.desk.access import VisitAccess, opened
from parvis_inspections.desk.day import FIELD
from parvis_inspections.desk.planning import VISITS
from parvis_inspections.desk.taking import LONGEST_KEY, PHOTO, files_known, holder_for
from parvis_inspections.inspected import KnownResult, ResultConflict, record_result, sent_before
from parvis_inspections.shown import finding_words, state_words, when_of
from parvis_inspections.visit_results import MOST_PHOTOS, read_result
from parvis_inspections.visits import Result, Visit, results_of
from parvis_sdk.inspection_rules import points_of
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Attachment
from parvis_sdk.workflow import Denied

CHECKLIST = f"{FIELD}/{{id:str}}"


@get(CHECKLIST)
async def show_checklist(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    """Blank, or filled in with the last result where that is to be corrected."""
    it = await opened(room, id)
    results = (await results_of([it.visit.id])).get(it.visit.id, ())
    return await _page(room, it, results, _typed_of(it.visit, results[-1]) if results else {})


@post(CHECKLIST, status_code=200)
async def take_checklist(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Keep the result once: a sending that comes again is answered like the first."""
    it, sent = await opened(room, id), await typed(request)
    key = sent.text("_key")[:LONGEST_KEY] or secrets.token_urlsafe(16)
    results = (await results_of([it.visit.id])).get(it.visit.id, ())
    if before := await sent_before(it.visit, key):
        return _kept(room, it, before.outcome)
    holder = holder_for(room, it.visit, key)
    raw = dict(sent.values)
    troubles = await _photos(room, it, holder, raw, sent)
    files = await waiting(holder) | await files_known(it.record, results)
    now = clock.now()
    read = read_result(it.part, it.visit, raw, files, now, local_day(room.town.calendar, now))
    if troubles or isinstance(read, Problems):
        found = (*troubles, *(read.found if isinstance(read, Problems) else ()))
        return await _wrong(room, it, results, raw, Problems(found=found), files, key)
    answer = await record_result(
        room.host,
        it.visit,
        it.record.reference,
        read,
        key=key,
        actor=room.actor,
        holder=holder,
        corrects=sent.number("_corrects") or 0,
    )
    match answer:
        case Record():
            return _kept(room, it, read.outcome)
        case KnownResult(result=result):
            return _kept(room, it, result.outcome)
        case ResultConflict(result=result):
            words = gettext("%(name)s has already sent a result for this visit: %(outcome)s. Yours was not saved.")
            said = words % {"name": result.actor_name, "outcome": state_words(result.outcome)}
            return await _refused(room, it, raw, said, key)
        case Denied(reason=reason):
            return await _refused(room, it, raw, say(reason), key)
    raise AssertionError("a result is never read against a version of its request")


async def _photos(
    room: DeskContext, it: VisitAccess, holder: str, raw: dict[str, Any], sent: FormInput
) -> list[Problem]:
    """Receive the photos that came with the form and put their ids among the answers."""
    given = raw.get("points")
    points: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    troubles: list[Problem] = []
    for point in points_of(it.part, it.visit):
        answer = points.get(point.code)
        answer = dict(answer) if isinstance(answer, Mapping) else {}
        before = answer.get("photos")
        ids = [before] if isinstance(before, str) else [each for each in before or () if isinstance(each, str)]
        path = f"points.{point.code}.photos"
        troubles += await take_files(room.host, holder, PHOTO, path, sent.files.get(path, ()), ids)
        points[point.code] = answer | {"photos": ids}
    raw["points"] = points
    return troubles


def _kept(room: DeskContext, it: VisitAccess, outcome: str) -> Response[Any]:
    if wants_page(room.request):
        return go(f"{VISITS}/{it.visit.id}?fait=resultat#main")
    return Response({"state": "kept", "outcome": outcome, "words": state_words(outcome)})


async def _wrong(
    room: DeskContext,
    it: VisitAccess,
    results: tuple[Result, ...],
    raw: dict[str, Any],
    problems: Problems,
    files: Mapping[str, Attachment],
    key: str,
) -> Response[Any]:
    if wants_page(room.request):
        return await _page(room, it, results, raw, problems=problems, files=files, key=key)
    said = [{"path": each.path, "code": each.code, "message": say(each.message)} for each in problems.found]
    return Response({"state": "wrong", "problems": said}, status_code=422)


async def _refused(room: DeskContext, it: VisitAccess, raw: dict[str, Any], why: str, key: str) -> Response[Any]:
    if wants_page(room.request):
        results = (await results_of([it.visit.id])).get(it.visit.id, ())
        return await _page(room, it, results, raw, refused=why, key=key)
    return Response({"state": "refused", "why": why}, status_code=409)


async def _page(
    room: DeskContext,
    it: VisitAccess,
    results: tuple[Result, ...],
    values: dict[str, Any],
    *,
    problems: Problems | None = None,
    refused: str = "",
    files: Mapping[str, Attachment] | None = None,
    key: str = "",
) -> Response[Any]:
    today = local_day(room.town.calendar, clock.now())
    known = files if files is not None else await files_known(it.record, results)
    former = (await results_of([it.visit.former])).get(it.visit.former, ()) if it.visit.former else ()
    last = former[-1] if former else None
    return room.show(
        "inspections/checklist.html",
        status=422 if problems else 409 if refused else 200,
        it=it,
        visit=it.visit,
        points=[
            {
                "point": point,
                "values": part_of(values, point.code),
                "findings": [(code, finding_words(code)) for code in point.findings],
                "kept": [known[id] for id in ids_of(part_of(values, point.code)) if id in known],
                "before": last.found.get(point.code) if last else None,
            }
            for point in points_of(it.part, it.visit)
        ],
        photo=PHOTO,
        values=values,
        when=when_of(it.visit, room.town.time_zone),
        problems=problems,
        refused=refused,
        corrects=len(results),
        key=key or secrets.token_urlsafe(16),
        due=values.get("due") or (today + timedelta(days=it.part.correct_within)).isoformat(),
        earliest=min(today.isoformat(), it.visit.due or today.isoformat()),
        most_photos=MOST_PHOTOS,
        path=f"{FIELD}/{it.visit.id}",
    )


def part_of(values: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    points = values.get("points")
    found = points.get(code) if isinstance(points, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def ids_of(answer: Mapping[str, Any]) -> list[str]:
    given = answer.get("photos")
    return [given] if isinstance(given, str) else [each for each in given or () if isinstance(each, str)]


def _typed_of(visit: Visit, result: Result) -> dict[str, Any]:
    """The result of a visit as it would be typed, with the notice that it gave and the day that it set."""
    points = {
        code: {"finding": found.finding, "note": found.note, "photos": list(found.photos)}
        for code, found in result.found.items()
    }
    return {
        "outcome": "missed" if result.outcome == "missed" else "made",
        "points": points,
        "words": result.words,
        "notice": "yes" if visit.notice else "",
        "due": visit.due,
    }
