"""What one screen of the dashboard answers: are promises kept, where does work pile up, what has changed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from msgspec import Struct

from parvis.i18n import format_number, format_percent, gettext, language, locale_of, ngettext
from parvis.web.desk.context import DeskContext, title_of, unit_name
from parvis.web.desk.lists.filtering import TEAM
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.desk.drawing import Chart, Series, chart, round_top
from parvis_dashboards.desk.sectors import Sector, SectorMap, sector_map
from parvis_dashboards.figures import Figures, Jam, Line
from parvis_dashboards.town_targets import TARGETS
from parvis_dashboards.weekly import Week
from parvis_sdk.request_types import RequestType

WORST = 5
INCIDENT = "incident"
SHORT = {"fr": "d MMM", "en": "MMM d"}


class JamLine(Struct, frozen=True, kw_only=True):
    """One place where work piles up: its name, and each number with the list of exactly these; "" has none."""

    name: str
    where: str = ""
    numbers: tuple[tuple[str, str], ...]


class Glance(Struct, frozen=True, kw_only=True):
    """What is drawn and listed above the tables."""

    promises: Chart
    flow: Chart
    jams: tuple[JamLine, ...]
    sectors: SectorMap | None
    zones: tuple[JamLine, ...]


def announcements(types: Iterable[RequestType]) -> frozenset[str]:
    """The types by which a town tells of its own incidents and operations: nobody has asked for those."""
    return frozenset(each.code for each in types if each.operation is not None or each.code == INCIDENT)


def glance(room: DeskContext, counted: Figures, lists: Lists, of_the_town: frozenset[str]) -> Glance:
    """Of what was counted; types that are the town's own announcements are no jams."""
    sectors = sector_map(room.town, counted.by_zone)
    return Glance(
        promises=_promises(counted, TARGETS.of(room.town).kept),
        flow=_flow(counted),
        jams=_jams(room, counted, lists, of_the_town),
        sectors=sectors,
        zones=tuple(_zone(each, lists) for each in sectors.listed) if sectors else (),
    )


def _promises(counted: Figures, target: float | None) -> Chart:
    series = [Series(name=gettext("This period"), kind="now", values=_of(counted.weeks, lambda week: week.share_kept))]
    before = _of(counted.weeks_before, lambda week: week.share_kept)
    if any(value is not None for value in before):
        series.append(Series(name=gettext("A year earlier"), kind="before", values=before))
    if target:
        named = gettext("Target: %(share)s") % {"share": format_percent(target)}
        series.append(Series(name=named, kind="target", values=(target,) * len(counted.weeks)))
    levels = tuple((share, format_percent(share)) for share in (0.0, 0.5, 1.0))
    return chart(tuple(series), _named(counted.weeks), levels)


def _flow(counted: Figures) -> Chart:
    received, finished = (
        _of(counted.weeks, lambda week: week.received),
        _of(counted.weeks, lambda week: week.finished),
    )
    before = _of(counted.weeks_before, lambda week: week.received)
    series = [
        Series(name=gettext("Received"), kind="now", values=received),
        Series(name=gettext("Finished"), kind="done", values=finished),
    ]
    if any(before):
        series.append(Series(name=gettext("Received a year earlier"), kind="before", values=before))
    top = round_top([*received, *finished, *before])
    levels = tuple((level, format_number(level)) for level in (0.0, top / 2, float(top)))
    return chart(tuple(series), _named(counted.weeks), levels)


def _of(weeks: Sequence[Week], told: Callable[[Week], float | None]) -> tuple[float | None, ...]:
    return tuple(told(week) for week in weeks)


def _named(weeks: Sequence[Week]) -> tuple[str, ...]:
    return tuple(_day(week.monday, language()) for week in weeks)


@lru_cache(maxsize=2000)
def _day(day: date, spoken: str) -> str:
    said = str(format_date(day, SHORT.get(spoken, SHORT["fr"]), locale_of(spoken)))
    return f"1er{said[1:]}" if spoken == "fr" and day.day == 1 else said


def _jams(room: DeskContext, counted: Figures, lists: Lists, of_the_town: frozenset[str]) -> tuple[JamLine, ...]:
    worst = [jam for jam in counted.jams if jam.type not in of_the_town and (jam.late or jam.old)][:WORST]
    return tuple(
        JamLine(
            name=title_of(room, jam.type),
            where=unit_name(room.town, jam.unit),
            numbers=_numbers(jam, lists, jam.old, type=jam.type, **{TEAM: jam.unit}),
        )
        for jam in worst
    )


def _zone(sector: Sector, lists: Lists) -> JamLine:
    line = sector.line
    return JamLine(name=sector.name, numbers=_numbers(line, lists, zone=line.code) if line else ())


def _numbers(of: Jam | Line, lists: Lists, old: int = 0, **narrow: str) -> tuple[tuple[str, str], ...]:
    late = ngettext("%(num)s overdue", "%(num)s overdue", of.late) % {"num": format_number(of.late)}
    standing = ngettext("%(num)s open", "%(num)s open", of.standing) % {"num": format_number(of.standing)}
    aged = ngettext("%(num)s for more than 30 days", "%(num)s for more than 30 days", old) % {"num": format_number(old)}
    return (
        *(((late, lists.late(**narrow)),) if of.late else ()),
        (standing, lists.standing(**narrow)),
        *(((aged, ""),) if old else ()),
    )
