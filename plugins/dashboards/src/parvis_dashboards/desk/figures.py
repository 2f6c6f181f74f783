"""The manager’s page: what came, stands and was finished, how fast and how well; each figure leads to its list."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from litestar import Response, get
from msgspec import structs

from parvis import clock, i18n
from parvis.access_scope import Scope
from parvis.db.engines import seconds_behind
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.module_figures import FigureMeaning
from parvis.requests.offered import types_of
from parvis.selection import Period
from parvis.sheets import MEDIA_TYPE, Sheet, sheet, workbook
from parvis.web.desk.context import AtDesk, DeskContext, management, title_of, unit_name, zone_name
from parvis.web.desk.lists.filtering import CHANNELS, TEAM
from parvis.web.desk.lists.period import FIGURES, PeriodFilter, chosen_days, period_of
from parvis.web.desk.lists.queue import taken_away
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.value_names import NOWHERE, channel_name, phase_name
from parvis_dashboards.beside import counted_beside
from parvis_dashboards.definitions import DEFINITIONS
from parvis_dashboards.desk.answered import answers_given
from parvis_dashboards.desk.at_a_glance import announcements, glance
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.desk.cells import cells_of
from parvis_dashboards.desk.drawn_once import drawn_once
from parvis_dashboards.desk.first_contact import first_contact
from parvis_dashboards.desk.module_tiles import module_tile
from parvis_dashboards.desk.plugin_tiles import (
    NUMBERS,
    numbers_of_plugins,
    sheets_of_plugins,
    table_of_plugin,
    tables_of_plugins,
    tiles_of_plugins,
)
from parvis_dashboards.desk.tiles import AT_A_GLANCE, first_contact_tile, tiles_of
from parvis_dashboards.figures import Age, Figures, Line, Narrow
from parvis_dashboards.kept_figures import figures_kept
from parvis_dashboards.plugin_figures import FigureAnswer, counted_by_plugins
from parvis_dashboards.town_targets import TARGETS
from parvis_dashboards.weekly import Week
from parvis_sdk.contents import Table
from parvis_sdk.text_normalisation import fold

SHEET, BOOK = f"{FIGURES}/chiffres.csv", f"{FIGURES}/chiffres.xlsx"
SPANS = (7, 30, 90, 365)
TABLES = {"type": "type", "unit": TEAM, "zone": "zone", "channel": "canal"}
"""Each table of lines with the filter by which the queue is narrowed to one of them."""


@get(FIGURES)
async def show_figures(room: AtDesk) -> Response[Any]:
    room.demand("report")
    chosen = chosen_days(room)
    before = year_before(chosen)
    counted = await counted_for(room, chosen, before)
    titles = {request_type.code: i18n.say(request_type.title) for request_type in types_of(room.host, room.town)}
    lists = Lists(room, chosen)
    informed = await first_contact(room, chosen, counted.channels)
    beside = await counted_beside(room.host, room.town, *counted_over(room, chosen))
    of_plugins = await counted_by_plugins(room.host, room.town, *counted_over(room, chosen))
    of_the_town = announcements(types_of(room.host, room.town))
    shown = tiles_of(counted.total, counted.before, lists, TARGETS.of(room.town).kept)
    sheets = {name: chosen.address(SHEET, par=name) for name in (*TABLES, "week", *_sheets_of(of_plugins))}
    return room.show(
        "dashboards/figures.html",
        chosen=chosen,
        before=before,
        compared=counted.before is not None and bool(counted.before.received or counted.before.finished),
        counted=counted,
        glance=partial(glance, room, counted, lists, of_the_town),
        drawn_once=drawn_once(room, counted, lists, titles),
        tiles=shown[:AT_A_GLANCE],
        others=(
            *shown[AT_A_GLANCE:],
            *([first_contact_tile(informed)] if informed.is_counted else []),
            *(module_tile(room, chosen, figure, number) for figure, number in beside),
            *tiles_of_plugins(of_plugins),
        ),
        tables_of_plugins=tables_of_plugins(of_plugins, sheets),
        definitions=DEFINITIONS,
        behind=seconds_behind(room.host.engine),
        spans=[_span(room, chosen, days) for days in SPANS],
        types=[("", gettext("All types")), *_offered(titles, of_the_town - {chosen.type})],
        units=[("", gettext("All units")), *room.units_for("report")],
        zones=[
            ("", gettext("All sectors")),
            *((zone.code, i18n.say(zone.name)) for zone in room.town.zones),
            (NOWHERE, gettext("No sector")),
        ],
        channels=[("", gettext("All channels")), *((code, channel_name(code)) for code in CHANNELS)],
        lists=lists,
        cells_of=cells_of,
        tables=partial(_tables, room, counted, of_the_town),
        ages=lambda: [(age_words(room, age), age.requests, lists.aged(age.since, age.until)) for age in counted.ages],
        day_words=i18n.format_date,
        narrowed=narrowed_words(room, chosen),
        phase_name=phase_name,
        channel_name=channel_name,
        weeks=partial(_weeks, room, chosen, counted),
        answered=await answers_given(room, chosen.since, chosen.until, chosen.type),
        informed=informed,
        decisions=chosen.address(f"{FIGURES}/decisions"),
        more=[(link, chosen.address(link.path)) for link in room.links("desk.figures.more")],
        book=chosen.address(BOOK),
        on_map=chosen.address(f"{FIGURES}/carte"),
        sheets=sheets,
    )


@get(SHEET)
async def take_figures(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """One of the page's tables as a sheet."""
    room.demand("report")
    chosen = chosen_days(room)
    by = request.query_params.get("par", "type")
    made = await _of_plugins(room, chosen, by)
    if made is None:
        counted = await counted_for(room, chosen)
        by = by if by in (*TABLES, "week") else "type"
        made = weeks_of(counted) if by == "week" else lines_of(room, counted, by)
    return taken_away(sheet(made.headings, made.rows), f"parvis-{by}-{chosen.since}-{chosen.until}.csv", "text/csv")


@get(BOOK)
async def take_workbook(room: AtDesk) -> Response[Any]:
    """All of the page's tables in one file, with what each figure means."""
    room.demand("report")
    chosen = chosen_days(room)
    counted = await counted_for(room, chosen)
    beside = await counted_beside(room.host, room.town, *counted_over(room, chosen))
    of_plugins = await counted_by_plugins(room.host, room.town, *counted_over(room, chosen))
    known: tuple[FigureMeaning, ...] = (
        *DEFINITIONS.values(),
        *(figure for figure, _ in beside),
        *(each.named.meaning for each in of_plugins),
    )
    meanings = Sheet(
        name=gettext("How figures are calculated"),
        headings=[gettext("Figure"), gettext("How figures are calculated")],
        rows=[[i18n.say(each.title), i18n.say(each.meaning)] for each in known],
    )
    others = Sheet(
        name=gettext("Other figures"),
        headings=[gettext("Figure"), gettext("Value")],
        rows=[[i18n.say(figure.title), number] for figure, number in beside],
    )
    sheets = (
        *(lines_of(room, counted, by) for by in TABLES),
        weeks_of(counted),
        *((others,) if beside else ()),
        *sheets_of_plugins(of_plugins),
        meanings,
    )
    title = f"{gettext('Dashboard')} {chosen.since} - {chosen.until}"
    return taken_away(workbook(sheets, title), f"parvis-{chosen.since}-{chosen.until}.xlsx", MEDIA_TYPE)


def _tables(
    room: DeskContext, counted: Figures, of_the_town: frozenset[str]
) -> Iterator[tuple[str, str, str, Any, Sequence[Line], str]]:
    """Each table of lines; what the town tells of itself is no type that somebody asks for, and stands apart."""
    for by, name in TABLES.items():
        lines: Sequence[Line] = getattr(counted, f"by_{by}")
        if by != "type":
            yield by, *_table(room, by), lines, name
            continue
        yield by, *_table(room, by), [line for line in lines if line.code not in of_the_town], name
        if own := [line for line in lines if line.code in of_the_town]:
            _, heading, named = _table(room, by)
            yield "", gettext("Incidents and operations"), heading, named, own, name


def _offered(titles: Mapping[str, str], besides: Collection[str]) -> list[tuple[str, str]]:
    """The types that can be chosen, in their order; an address that names another one keeps it."""
    return sorted((each for each in titles.items() if each[0] not in besides), key=lambda one: fold(one[1]))


def _sheets_of(of_plugins: tuple[FigureAnswer, ...]) -> dict[str, FigureAnswer | None]:
    """The sheets of figures of plugins: one of all numbers, and one of each table, as addresses call them."""
    numbers = {NUMBERS: None} if any(not isinstance(each.value, Table) for each in of_plugins) else {}
    return {**numbers, **{each.named.name: each for each in of_plugins if isinstance(each.value, Table)}}


async def _of_plugins(room: DeskContext, chosen: PeriodFilter, by: str) -> Sheet | None:
    """The sheet of figures of plugins that an address calls so; None where there is none, and nobody is asked."""
    if by in (*TABLES, "week"):
        return None
    of_plugins = await counted_by_plugins(room.host, room.town, *counted_over(room, chosen))
    found = _sheets_of(of_plugins)
    if by not in found:
        return None
    one = found[by]
    if one is None or not isinstance(one.value, Table):
        return numbers_of_plugins(of_plugins)
    return table_of_plugin(i18n.say(one.named.figure.title), one.value)


def _weeks(room: DeskContext, chosen: PeriodFilter, counted: Figures) -> Iterator[tuple[Week, str, Lists]]:
    """Each week with its Monday in words and its lists."""
    for week in counted.weeks:
        yield week, i18n.format_date(week.monday, "medium"), _of_week(room, chosen, week)


def _of_week(room: DeskContext, chosen: PeriodFilter, week: Week) -> Lists:
    """The lists of what of a week lies in the period."""
    since, until = max(week.monday, chosen.since), min(week.monday + timedelta(days=6), chosen.until)
    return Lists(room, structs.replace(chosen, since=since, until=until))


def lines_of(room: DeskContext, counted: Figures, by: str) -> Sheet:
    """The table of one dimension."""
    caption, heading, named = _table(room, by)
    rows = [[named(line.code), *_cells(line)] for line in getattr(counted, f"by_{by}")]
    return Sheet(name=caption, headings=[heading, *_headings()], rows=rows)


def weeks_of(counted: Figures) -> Sheet:
    """The table of weeks."""
    headings = [gettext("Week of"), gettext("Received"), gettext("Finished")]
    rows = [[week.monday.isoformat(), week.received, week.finished] for week in counted.weeks]
    return Sheet(name=gettext("By week"), headings=headings, rows=rows)


def narrowed_words(room: DeskContext, chosen: PeriodFilter) -> list[str]:
    """What is counted alone, in words: folded away, a choice must still be seen."""
    said = [
        title_of(room, chosen.type) if chosen.type else "",
        unit_name(room.town, chosen.unit) if chosen.unit else "",
        zone_name(room.town, chosen.zone) if chosen.zone else "",
        channel_name(chosen.channel) if chosen.channel else "",
    ]
    return [words for words in said if words]


def _table(room: DeskContext, by: str) -> tuple[str, str, Any]:
    """What a table of lines is called, what its lines are, and how each is."""
    titles = {request_type.code: i18n.say(request_type.title) for request_type in types_of(room.host, room.town)}
    return {
        "type": (gettext("By type"), gettext("Type"), lambda code: titles.get(code, code)),
        "unit": (gettext("By unit"), gettext("Unit"), lambda code: unit_name(room.town, code)),
        "zone": (gettext("By sector"), gettext("Sector"), lambda code: zone_name(room.town, code or NOWHERE)),
        "channel": (gettext("By channel"), gettext("Channel"), channel_name),
    }[by]


def _headings() -> list[str]:
    return [
        gettext("Received"),
        gettext("Finished"),
        gettext("Open now"),
        gettext("Overdue now"),
        gettext("Median (business days)"),
        gettext("90th percentile (business days)"),
        gettext("Promised (business days)"),
        gettext("Promised dates met"),
        gettext("Promised dates missed"),
        gettext("Satisfaction: resolved"),
        gettext("Satisfaction: not resolved"),
        gettext("Answered"),
        gettext("First response, median (business days)"),
        gettext("First response, 90th percentile (business days)"),
        gettext("Reopened"),
        gettext("Reopened more than once"),
        gettext("Promised dates missed after reopening"),
    ]


def _cells(line: Line) -> list[Any]:
    counts = [line.kept, line.broken, line.settled, line.unsettled, line.answered]
    delays = [_rounded(value) for value in (line.median, line.ninetieth, line.promised)]
    first = [_rounded(value) for value in (line.first_median, line.first_ninetieth)]
    back = [line.reopened, line.reopened_again, line.undone]
    return [line.received, line.finished, line.standing, line.late, *delays, *counts, *first, *back]


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)


async def counted_for(room: DeskContext, chosen: PeriodFilter, before: PeriodFilter | None = None) -> Figures:
    """The figures of what was chosen, with the totals of another choice beside them where one is given."""
    scope, period, narrow = counted_over(room, chosen)
    against = period_of(room, before) if before else None
    return await figures_kept(room.host, room.town, scope, period, narrow, against=against)


def counted_over(room: DeskContext, chosen: PeriodFilter) -> tuple[Scope, Period, Narrow]:
    """The chosen scope in words, as far as the viewer may count."""
    scope = room.scope("report")
    if chosen.unit:
        scope = scope.narrowed(room.town.units_under(chosen.unit))
    narrow = Narrow(
        types=(chosen.type,) if chosen.type else (),
        zones=("" if chosen.zone == NOWHERE else chosen.zone,) if chosen.zone else (),
        channels=(chosen.channel,) if chosen.channel else (),
    )
    return scope, period_of(room, chosen), narrow


def year_before(chosen: PeriodFilter) -> PeriodFilter:
    """The same days of the year before; the last day of February where there is no 29th."""
    return structs.replace(chosen, since=_a_year_before(chosen.since), until=_a_year_before(chosen.until))


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def age_words(room: DeskContext, age: Age) -> str:
    """An age in days, as people say it."""
    today = local_day(room.town.calendar, clock.now())
    youngest = (today - age.until).days
    if age.since is None:
        return gettext("More than %(days)s days") % {"days": youngest}
    oldest = (today - age.since).days + 1
    if not youngest:
        return gettext("Up to %(days)s days") % {"days": oldest}
    return gettext("%(youngest)s to %(oldest)s days") % {"youngest": youngest + 1, "oldest": oldest}


def _span(room: DeskContext, chosen: PeriodFilter, days: int) -> tuple[str, str, bool]:
    """So many days until today: in words, where they are counted, and whether this page counts them."""
    today = local_day(room.town.calendar, clock.now())
    span = structs.replace(chosen, since=today - timedelta(days=days - 1), until=today)
    return i18n.ngettext("%(num)s day", "%(num)s days", days) % {"num": days}, span.address(), span == chosen


LINK = PageLink(
    slot="desk.menu",
    path=FIGURES,
    guide="docs/figures#what-is-counted",
    after="/bureau/pages-publiques",
    text=lambda: gettext("Dashboard"),
    right="report",
    icon="chart",
    group=management,
)
