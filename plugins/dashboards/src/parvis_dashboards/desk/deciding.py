"""The page on decisions of one type: month by month and by category, with the days that they took."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from msgspec import Struct, structs

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.offered import types_of
from parvis.selection import Period
from parvis.sheets import sheet
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.lists.filtering import category_titles, midnight
from parvis.web.desk.lists.period import FIGURES, PeriodFilter, chosen_days
from parvis.web.value_names import NOWHERE
from parvis_dashboards.decisions import DecisionFigures, Decisions, decisions
from parvis_dashboards.desk.behind import Lists
from parvis_sdk.request_types import RequestType

DECISIONS = f"{FIGURES}/decisions"
SHEET = f"{DECISIONS}.csv"
LONGEST = 30 * 366


class Row(Struct, frozen=True, kw_only=True):
    """One line with its words and the lists behind its two counts."""

    title: str
    counted: DecisionFigures
    received: str
    decided: str


@get(DECISIONS)
async def show_decisions(room: AtDesk) -> Response[Any]:
    """Two statements; months and categories with their median and nine in ten."""
    room.demand("report")
    request_type, chosen, category = _asked(room)
    titles = category_titles(request_type)
    counted = await _counted(room, chosen, request_type, category)
    months = [
        _row(room, _month_of(each.code, chosen), each, _month_name(each.code), category) for each in counted.months
    ]
    kinds = [
        _row(room, chosen, each, titles.get(each.code, gettext("not given")), each.code or NOWHERE)
        for each in counted.categories
    ]
    return room.show(
        "dashboards/decisions.html",
        request_type=request_type,
        chosen=chosen,
        category=category,
        total=_row(room, chosen, counted.total, "", category),
        months=months,
        kinds=kinds if request_type.category else [],
        types=[(each.code, i18n.say(each.title)) for each in _request_types(room)],
        categories=[("", gettext("All categories")), *titles.items()] if titles else [],
        sheet=chosen.address(SHEET, **({"genre": category} if category else {})),
        back=chosen.address(),
    )


@get(SHEET)
async def take_decisions(room: AtDesk) -> Response[Any]:
    """The months as a sheet."""
    room.demand("report")
    request_type, chosen, category = _asked(room)
    counted = await _counted(room, chosen, request_type, category)
    headings = [
        gettext("Month"),
        gettext("Received"),
        gettext("Decided"),
        gettext("Median (days)"),
        gettext("90th percentile (days)"),
    ]
    rows = [[each.code, each.received, each.decided, each.median, each.ninetieth] for each in counted.months]
    named = f'attachment; filename="parvis-decisions-{request_type.code}-{chosen.since}-{chosen.until}.csv"'
    headers = {"content-disposition": named, "cache-control": "private, no-store"}
    return Response(sheet(headings, rows), media_type="text/csv", headers=headers)


def _asked(room: DeskContext) -> tuple[RequestType, PeriodFilter, str]:
    chosen = chosen_days(room, LONGEST)
    request_types = {request_type.code: request_type for request_type in _request_types(room)}
    if not request_types:
        raise NotFoundException("No type of request is decided here.")
    request_type = request_types.get(chosen.type) or next(iter(request_types.values()))
    category = room.request.query_params.get("genre", "")[:60]
    chosen = PeriodFilter(since=chosen.since, until=chosen.until, type=request_type.code, unit=chosen.unit)
    return request_type, chosen, category if category in category_titles(request_type) else ""


def _request_types(room: DeskContext) -> list[RequestType]:
    """Those that are counted by a category first: permits rather than potholes."""
    return sorted(
        types_of(room.host, room.town),
        key=lambda request_type: (not request_type.category, i18n.say(request_type.title)),
    )


async def _counted(room: DeskContext, chosen: PeriodFilter, request_type: RequestType, category: str) -> Decisions:
    scope = room.scope("report")
    if chosen.unit:
        scope = scope.narrowed(room.town.units_under(chosen.unit))
    zone = room.town.time_zone
    period = Period(since=midnight(chosen.since, zone), until=midnight(chosen.until + timedelta(days=1), zone))
    return await decisions(scope, period, room.town.calendar, request_type.code, category)


def _row(room: DeskContext, chosen: PeriodFilter, counted: DecisionFigures, title: str, category: str) -> Row:
    lists, narrowed = Lists(room, chosen), {"genre": category}
    return Row(title=title, counted=counted, received=lists.received(**narrowed), decided=lists.decided(**narrowed))


def _month_of(month: str, chosen: PeriodFilter) -> PeriodFilter:
    """The same with the days of one month alone."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    since, until = max(first, chosen.since), min(after - timedelta(days=1), chosen.until)
    return structs.replace(chosen, since=since, until=until)


def _month_name(month: str) -> str:
    return i18n.format_month(date.fromisoformat(f"{month}-01"))
