"""The access log of a day: each person and machine, what one of them looked at, and all of it as a sheet."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.response import Stream
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext
from parvis.requests.access_log import AccessLog, all_lines, lines_of, people_on
from parvis.sheets import MARK, line_of
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext
from parvis.web.value_names import what_words

LOOKS = f"{HOME}/consultations"
SHEET = f"{LOOKS}/feuille.csv"
MOST_LINES = 200
NAMES = ("hour", "jurisdiction", "kind", "name", "what", "about", "times")


class AccessLogFilter(Struct, frozen=True, kw_only=True):
    """The day, and the towns that the operator runs, all or one."""

    day: date
    since: datetime
    until: datetime
    towns: tuple[str, ...]
    town: str
    who: str

    def address(self, page: str = LOOKS, **changed: str) -> str:
        given = {"jour": self.day.isoformat(), "ville": self.town, "qui": self.who} | changed
        return f"{page}?{urlencode({name: value for name, value in given.items() if value})}"


@get(LOOKS)
async def show_looks(room: AtOperations) -> Response[Any]:
    """One day of the access log, the busiest readers first; with a name, what that person looked at."""
    chosen = chosen_in(room)
    people = await people_on(chosen.towns, chosen.since, chosen.until, reader=room.person.id)
    about = next((one for one in people if one.who == chosen.who), None)
    bounds = (chosen.towns, chosen.since, chosen.until, chosen.who)
    lines = await lines_of(*bounds, reader=room.person.id, most=MOST_LINES) if about else ()
    today = local_today(room)
    return room.show(
        "registers/access_log.html",
        chosen=chosen,
        people=people,
        about=about,
        lines=lines,
        more=len(lines) == MOST_LINES,
        what_words=what_words,
        towns=[("", ""), *((town.code, room.town_name(town.code)) for town in room.towns)],
        before=chosen.address(jour=(chosen.day - timedelta(days=1)).isoformat()),
        after=chosen.address(jour=(chosen.day + timedelta(days=1)).isoformat()) if chosen.day < today else "",
        sheet=chosen.address(SHEET),
        days=room.host.of(AccessLog).days,
    )


@get(SHEET)
async def take_looks(room: AtOperations) -> Stream:
    """Every line of the day, of one person where one is named."""
    chosen = chosen_in(room)
    room.note("take looks", day=str(chosen.day), whose=chosen.who)
    named = f'attachment; filename="consultations-{chosen.day}.csv"'
    headers = {"content-disposition": named, "cache-control": "private, no-store"}
    return Stream(_sheet(chosen, room.person.id), media_type="text/csv", headers=headers)


async def _sheet(chosen: AccessLogFilter, reader: str) -> AsyncIterator[str]:
    yield MARK + line_of(NAMES)
    async for line in all_lines(chosen.towns, chosen.since, chosen.until, chosen.who, reader=reader):
        yield line_of([line.at.astimezone(UTC).isoformat(), *(getattr(line, name) for name in NAMES[1:])])


def chosen_in(room: OperatorContext) -> AccessLogFilter:
    """What the address asks for, in the days of the town whose page this is."""
    given = room.request.query_params
    try:
        day = date.fromisoformat(given.get("jour", ""))
    except ValueError:
        day = local_today(room)
    day = day if 1990 <= day.year <= 2200 else local_today(room)
    town = given.get("ville", "")
    towns = tuple(each.code for each in room.towns)
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return AccessLogFilter(
        day=day,
        since=since,
        until=until,
        towns=(town,) if town in towns else towns,
        town=town if town in towns else "",
        who=given.get("qui", "")[:60],
    )


def local_today(room: OperatorContext) -> date:
    return clock.now().astimezone(ZoneInfo(room.town.time_zone)).date()


LINK = PageLink(slot="operators.menu", path=LOOKS, after="/exploitation/connexions", text=lambda: gettext("Access log"))
