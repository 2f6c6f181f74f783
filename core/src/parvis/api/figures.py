"""The manager's figures for machines: the same numbers as the dashboard, over the units that the token reaches."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromQuery

from parvis import clock
from parvis.api.calls import AnyRequest, Call, call_of, limited, require
from parvis.api.figures_shapes import FiguresAge, FiguresDefinition, FiguresLine, FiguresShape, FiguresWeek
from parvis.insights.definitions import DEFINITIONS
from parvis.insights.figures import Line, figures
from parvis.insights.scope import Period
from parvis.requests.visibility import scope_of
from parvis.territory.calendars import local_day

USUAL = 90
LONGEST = 3 * 366


@get("/figures")
async def show_figures(request: AnyRequest, since: FromQuery[str] = "", until: FromQuery[str] = "") -> FiguresShape:
    """What came, stands and was finished, by type, unit, zone, channel and week; days are the town’s, both included."""
    call = await call_of(request)
    limited(call, "read")
    require(call, "reports:read")
    last = _day("until", until) or local_day(call.town.calendar, clock.now())
    first = _day("since", since) or last - timedelta(days=USUAL - 1)
    if not 0 <= (last - first).days <= LONGEST:
        raise HTTPException(status_code=422, detail="`since` must come before `until`, three years at most.")
    scope = scope_of(call.viewer, call.town.code, call.heart.territory, "report")
    period = Period(since=_midnight(call, first), until=_midnight(call, last + timedelta(days=1)))
    counted = await figures(scope, period, call.town.calendar)
    return FiguresShape(
        since=first,
        until=last,
        total=_line(counted.total),
        by_type=[_line(line) for line in counted.by_type],
        by_unit=[_line(line) for line in counted.by_unit],
        by_zone=[_line(line) for line in counted.by_zone],
        by_channel=[_line(line) for line in counted.by_channel],
        weeks=[
            FiguresWeek(monday=each.monday, received=each.received, finished=each.finished) for each in counted.weeks
        ],
        phases=counted.phases,
        channels=counted.channels,
        ages=[FiguresAge(since=each.since, until=each.until, requests=each.requests) for each in counted.ages],
        definitions={
            each.code: FiguresDefinition(title=each.title.to(call.language), meaning=each.meaning.to(call.language))
            for each in DEFINITIONS.values()
        },
    )


def _line(line: Line) -> FiguresLine:
    return FiguresLine(
        code=line.code,
        received=line.received,
        finished=line.finished,
        standing=line.standing,
        late=line.late,
        median_days=line.median,
        ninetieth_days=line.ninetieth,
        kept=line.kept,
        broken=line.broken,
        settled=line.settled,
        unsettled=line.unsettled,
        promised_days=line.promised,
        answered=line.answered,
        first_answer_days=line.first_median,
        first_answer_ninetieth_days=line.first_ninetieth,
        reopened=line.reopened,
        reopened_again=line.reopened_again,
        broken_by_reopening=line.undone,
    )


def _day(name: str, given: str) -> date | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise HTTPException(status_code=422, detail=f"`{name}` must be a day like 2026-11-25.") from error
    if not 1990 <= day.year <= 2200:
        raise HTTPException(status_code=422, detail=f"`{name}` is out of reach.")
    return day


def _midnight(call: Call, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(call.town.time_zone))


HANDLERS = (show_figures,)
