"""Figures: the numbers of the dashboard over the units that a token reaches, and those that everybody may know."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from litestar.params import FromQuery
from msgspec import Struct

from parvis import clock
from parvis.api.calls import AnyRequest, Call, Given, faulty
from parvis.api.operations import Schema, operation
from parvis.api.shapes import Moment
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.module_figures import FigureMeaning
from parvis.requests.offered import types_of
from parvis.requests.visibility import scope_of
from parvis.selection import Period
from parvis_dashboards.beside import counted_beside
from parvis_dashboards.definitions import DEFINITIONS
from parvis_dashboards.figures import Line, Narrow, figures
from parvis_dashboards.plugin_figures import FigureAnswer, counted_by_plugins
from parvis_dashboards.published import Figures, ResponseFigures
from parvis_sdk.contents import Amount, RequestReference, Table, Value
from parvis_sdk.text import Text

USUAL = 90
LONGEST = 3 * 366
DAY: Schema = {"type": "string", "format": "date"}


class FiguresLine(Struct, frozen=True, kw_only=True):
    """One type, unit, zone or channel, or everything; what each figure means stands in `definitions`."""

    code: str
    received: int
    finished: int
    standing: int
    late: int
    median_days: float | None
    ninetieth_days: float | None
    kept: int
    broken: int
    settled: int
    unsettled: int
    promised_days: float | None
    answered: int
    first_answer_days: float | None
    first_answer_ninetieth_days: float | None
    reopened: int
    reopened_again: int
    broken_by_reopening: int


class FiguresAge(Struct, frozen=True, kw_only=True):
    """How many open requests were received between two days, both included; null is without end."""

    since: date | None
    until: date
    requests: int


class FiguresDefinition(Struct, frozen=True, kw_only=True):
    """What a figure is called and what is counted, in the language of the call."""

    title: str
    meaning: str


class FiguresOther(Struct, frozen=True, kw_only=True):
    """A figure of a module beside those of requests; what it counts stands in `definitions`."""

    code: str
    number: int


class FiguresTable(Struct, frozen=True, kw_only=True):
    """A small table of a plugin: headings, and rows of as many cells; amounts in cents, `more` rows are not there."""

    columns: list[str]
    rows: list[list[str | int]]
    more: int


class FiguresOfPlugin(Struct, frozen=True, kw_only=True):
    """A figure of a plugin: a number, an amount in cents, or a table; none of them where there is nothing to tell.

    `missing` where the plugin did not answer, or what it reads is not granted; `left_out` is how many requests received
    earlier it does not count. What it counts stands in `definitions`, under `<plugin>.<code>`.
    """

    plugin: str
    code: str
    number: float | None = None
    cents: int | None = None
    unit: str | None = None
    table: FiguresTable | None = None
    missing: bool = False
    left_out: int = 0


class FiguresWeek(Struct, frozen=True, kw_only=True):
    """Seven days from a Monday."""

    monday: date
    received: int
    finished: int


class FiguresShape(Struct, frozen=True, kw_only=True):
    """What came in a period, what stands now, what was finished and how fast."""

    since: date
    until: date
    total: FiguresLine
    by_type: list[FiguresLine]
    by_unit: list[FiguresLine]
    by_zone: list[FiguresLine]
    by_channel: list[FiguresLine]
    weeks: list[FiguresWeek]
    phases: dict[str, int]
    channels: dict[str, int]
    ages: list[FiguresAge]
    others: list[FiguresOther]
    plugins: list[FiguresOfPlugin]
    definitions: dict[str, FiguresDefinition]


@operation(
    "GET /figures",
    "Volumes, response times, promised dates, answers and reopenings, each with what is counted",
    query={"since": DAY, "until": DAY},
    scope="reports:read",
    tag="figures",
)
async def show_figures(call: Given[Call], since: FromQuery[str] = "", until: FromQuery[str] = "") -> FiguresShape:
    """By type, unit, zone, channel and week; days are the town’s, both included."""
    last = _day("until", until) or local_day(call.town.calendar, clock.now())
    first = _day("since", since) or last - timedelta(days=USUAL - 1)
    if not 0 <= (last - first).days <= LONGEST:
        raise faulty("since", "out_of_range", gettext("`since` must come before `until`, three years at most."))
    scope = scope_of(call.viewer, call.town.code, call.host.jurisdictions, "report")
    period = Period(since=_midnight(call, first), until=_midnight(call, last + timedelta(days=1)))
    counted = await figures(scope, period, call.town.calendar)
    beside = await counted_beside(call.host, call.town, scope, period, Narrow())
    of_plugins = await counted_by_plugins(call.host, call.town, scope, period, Narrow())
    known: tuple[FigureMeaning, ...] = (
        *DEFINITIONS.values(),
        *(figure for figure, _ in beside),
        *(each.named.meaning for each in of_plugins),
    )
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
        others=[FiguresOther(code=figure.code, number=number) for figure, number in beside],
        plugins=[_of_plugin(call, each) for each in of_plugins],
        definitions={each.code: _definition(call, each) for each in known},
    )


def _definition(call: Call, told: FigureMeaning) -> FiguresDefinition:
    return FiguresDefinition(title=told.title.to(call.language), meaning=told.meaning.to(call.language))


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


def _of_plugin(call: Call, each: FigureAnswer) -> FiguresOfPlugin:
    value, unit = each.value, each.named.figure.unit
    return FiguresOfPlugin(
        plugin=each.named.origin.name,
        code=each.named.figure.code,
        number=value if isinstance(value, int | float) else None,
        cents=value.cents if isinstance(value, Amount) else None,
        unit=unit.to(call.language) if unit else None,
        table=_table(call, value) if isinstance(value, Table) else None,
        missing=bool(each.lacks),
        left_out=each.left_out,
    )


def _table(call: Call, table: Table) -> FiguresTable:
    rows = [[_cell(call, cell) for cell in row] for row in table.rows]
    return FiguresTable(columns=[each.to(call.language) for each in table.columns], rows=rows, more=table.more)


def _cell(call: Call, value: Value) -> str | int:
    match value:
        case Text():
            return value.to(call.language)
        case Amount():
            return value.cents
        case date():
            return value.isoformat()
        case RequestReference():
            return value.reference
    return value


def _day(name: str, given: str) -> date | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise faulty(name, "unreadable", f"`{name}` must be a day like 2026-11-25.") from error
    if not 1990 <= day.year <= 2200:
        raise faulty(name, "out_of_range", f"`{name}` is out of reach.")
    return day


def _midnight(call: Call, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(call.town.time_zone))


class PublicLine(Struct, frozen=True, kw_only=True):
    """One type, or all: response times in business days, null where too few were settled to say."""

    code: str
    received: int
    settled: int
    mean_days: float | None
    median_days: float | None
    ninetieth_days: float | None


class PublicFigures(Struct, frozen=True, kw_only=True):
    """What came and was settled in the last ninety days, and how fast."""

    since: Moment
    until: Moment
    total: PublicLine
    by_type: list[PublicLine]


@operation(
    "GET /public-figures",
    "Requests received and closed in the last ninety days, and in how many business days, by type",
    tag="figures",
)
async def show_public_figures(call: Given[Call], request: AnyRequest) -> PublicFigures:
    state = request.app.state
    if "published_figures" not in state:
        state.published_figures = Figures()
    kept: Figures = state.published_figures
    types = {request_type.code for request_type in types_of(call.host, call.town) if request_type.visibility.public}
    counted = await kept.of(call.town, types)
    return PublicFigures(
        since=counted.since,
        until=counted.until,
        total=_public_line(counted.total),
        by_type=[_public_line(told) for told in counted.by_type],
    )


def _public_line(told: ResponseFigures) -> PublicLine:
    return PublicLine(
        code=told.code,
        received=told.received,
        settled=told.settled,
        mean_days=_rounded(told.mean),
        median_days=_rounded(told.median),
        ninetieth_days=_rounded(told.ninetieth),
    )


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)
