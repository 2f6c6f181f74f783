"""The manager’s page: what came, stands and was finished, how long it took; each figure leads to its list."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get
from msgspec import Struct

from parvis import clock, i18n
from parvis.folding import fold
from parvis.i18n import gettext
from parvis.insights.figures import Figures, Line, Narrow, figures
from parvis.insights.scope import Period
from parvis.insights.sheets import sheet
from parvis.requests.heart import types_of
from parvis.territory.calendars import local_day
from parvis.web.desk.answered import answers_given
from parvis.web.desk.filtering import Asked, day_of, midnight
from parvis.web.desk.first_contact import first_contact
from parvis.web.desk.queue import channel_name, phase_name
from parvis.web.desk.room import FIGURES, QUEUE, Room, unit_name
from parvis.web.pages import AnyRequest

SHEET = f"{FIGURES}/chiffres.csv"
SPANS = (7, 30, 90, 365)
USUAL = 90
LONGEST = 3 * 366


class Chosen(Struct, frozen=True, kw_only=True):
    """Over what the page counts: days of the town, both included, and perhaps one type or one unit."""

    since: date
    until: date
    type: str = ""
    unit: str = ""

    def address(self, path: str = FIGURES, **more: str) -> str:
        days = {"depuis": self.since.isoformat(), "jusqua": self.until.isoformat()}
        given = {**days, "type": self.type, "unite": self.unit}
        return Asked(values={name: (value,) for name, value in {**given, **more}.items() if value}).address(path)


@get(FIGURES)
async def show_figures(request: AnyRequest) -> Response[Any]:
    room = Room(request)
    room.demand("report")
    chosen = chosen_days(room)
    counted = await _counted(room, chosen)
    titles = {kind.code: i18n.say(kind.title) for kind in types_of(room.heart, room.town)}
    return room.show(
        "desk/figures.html",
        chosen=chosen,
        counted=counted,
        spans=[(_span_name(days), _span(room, chosen, days)) for days in SPANS],
        types=[("", gettext("All types")), *sorted(titles.items(), key=lambda one: fold(one[1]))],
        units=[("", gettext("All units")), *room.units_for("report")],
        lists=_Lists(chosen),
        type_title=lambda code: titles.get(code, code),
        unit_name=lambda code: unit_name(room.town, code),
        phase_name=phase_name,
        channel_name=channel_name,
        weeks=[(i18n.format_date(week.monday, "medium"), week.received, week.finished) for week in counted.weeks],
        answered=await answers_given(room, chosen.since, chosen.until, chosen.type),
        informed=await first_contact(room, chosen.since, chosen.until, chosen.type, chosen.unit, counted.channels),
        decisions=chosen.address(f"{FIGURES}/decisions"),
        sheets={name: chosen.address(SHEET, par=name) for name in ("type", "unit", "week")},
    )


@get(SHEET)
async def take_figures(request: AnyRequest) -> Response[Any]:
    """One of the page's tables as a sheet."""
    room = Room(request)
    room.demand("report")
    chosen = chosen_days(room)
    counted = await _counted(room, chosen)
    by = request.query_params.get("par", "type")
    titles = {kind.code: i18n.say(kind.title) for kind in types_of(room.heart, room.town)}
    if by == "week":
        headings = [gettext("Week of"), gettext("Received"), gettext("Finished")]
        rows: list[list[Any]] = [[week.monday.isoformat(), week.received, week.finished] for week in counted.weeks]
    else:
        lines = counted.by_unit if by == "unit" else counted.by_type
        headings = [gettext("Unit") if by == "unit" else gettext("Type"), *_headings()]
        named = (lambda code: unit_name(room.town, code)) if by == "unit" else (lambda code: titles.get(code, code))
        rows = [[named(line.code), *_cells(line)] for line in lines]
    filename = f"parvis-{by if by in ('unit', 'week') else 'type'}-{chosen.since}-{chosen.until}.csv"
    headers = {"content-disposition": f'attachment; filename="{filename}"', "cache-control": "private, no-store"}
    return Response(sheet(headings, rows), media_type="text/csv", headers=headers)


def _headings() -> list[str]:
    return [
        gettext("Received"),
        gettext("Finished"),
        gettext("Open now"),
        gettext("Overdue now"),
        gettext("Median (business days)"),
        gettext("9 in 10 within (business days)"),
        gettext("Promised (business days)"),
        gettext("Promises kept"),
        gettext("Promises broken"),
        gettext("Settled, requesters say"),
        gettext("Not settled, requesters say"),
    ]


def _cells(line: Line) -> list[Any]:
    delays = [round(value, 2) if value is not None else None for value in (line.median, line.ninetieth, line.promised)]
    return [line.received, line.finished, line.standing, line.late, *delays, *_counts(line)]


def _counts(line: Line) -> list[int]:
    return [line.kept, line.broken, line.settled, line.unsettled]


async def _counted(room: Room, chosen: Chosen) -> Figures:
    scope = room.scope("report")
    if chosen.unit:
        scope = scope.narrowed(room.town.units_under(chosen.unit))
    zone = room.town.time_zone
    period = Period(since=midnight(chosen.since, zone), until=midnight(chosen.until + timedelta(days=1), zone))
    return await figures(scope, period, room.town.calendar, Narrow(types=(chosen.type,) if chosen.type else ()))


def chosen_days(room: Room, longest: int = LONGEST) -> Chosen:
    """What the address asks for; a period the wrong way round is turned, one of more than `longest` days is cut."""
    asked = room.request.query_params
    today = local_day(room.town.calendar, clock.now())
    until = day_of(asked.get("jusqua", "")) or today
    since = day_of(asked.get("depuis", "")) or until - timedelta(days=USUAL - 1)
    since, until = min(since, until), max(since, until)
    since = max(since, until - timedelta(days=longest))
    return Chosen(since=since, until=until, type=asked.get("type", "")[:60], unit=asked.get("unite", "")[:60])


def _span(room: Room, chosen: Chosen, days: int) -> str:
    today = local_day(room.town.calendar, clock.now())
    first = today - timedelta(days=days - 1)
    return Chosen(since=first, until=today, type=chosen.type, unit=chosen.unit).address()


def _span_name(days: int) -> str:
    return i18n.ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


class _Lists:
    """The list behind each figure: the queue, asked for exactly what was counted."""

    def __init__(self, chosen: Chosen) -> None:
        both = {"type": chosen.type, "unite": chosen.unit}
        self.base = {name: (value,) for name, value in both.items() if value}
        self.since, self.until = (chosen.since.isoformat(),), (chosen.until.isoformat(),)

    def received(self, **more: str) -> str:
        return self._to(more, depuis=self.since, jusqua=self.until, ouvertes=("toutes",))

    def finished(self, **more: str) -> str:
        return self._to(more, fermees_depuis=self.since, fermees_jusqua=self.until, ouvertes=("non",))

    def standing(self, **more: str) -> str:
        return self._to(more)

    def late(self, **more: str) -> str:
        return self._to(more, retard=("oui",))

    def _to(self, more: dict[str, str], **given: tuple[str, ...]) -> str:
        values = {**self.base, **given, **{name: (value,) for name, value in more.items()}}
        if "equipe" in values:
            values.pop("unite", None)
        return Asked(values={name: values[name] for name in sorted(values)}).address(QUEUE)


HANDLERS = (show_figures, take_figures)
