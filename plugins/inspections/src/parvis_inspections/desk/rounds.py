"""The round of a day: one inspector’s visits, or everybody’s, in the order of the walk; as a list and as a map."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get

from parvis import clock
from parvis.i18n import format_day, gettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.web.desk.context import AtDesk, DeskContext, unit_name, zone_name
from parvis.web.desk.lists.filtering import day_of
from parvis_inspections.desk.access import choices, inspectors, read, wanted_of
from parvis_inspections.desk.planning import VISITS
from parvis_inspections.rounds import Line, round_of
from parvis_inspections.shown import CHIPS, state_words
from parvis_inspections.slots import slot_words

ROUND = f"{VISITS}/tournee"


@get(ROUND)
async def show_round(room: AtDesk) -> Response[Any]:
    room.demand("work")
    asked = read(room)
    day = day_of(asked.first("jour")) or local_day(room.town.calendar, clock.now())
    found = await round_of(room.host, wanted_of(room, asked), day)
    people = await inspectors(room)
    return room.show(
        "inspections/round.html",
        asked=asked,
        day=day,
        day_words=format_day(day),
        before=asked.with_(jour=(day - timedelta(days=1)).isoformat()).address(ROUND),
        after=asked.with_(jour=(day + timedelta(days=1)).isoformat()).address(ROUND),
        found=found,
        stops=[stop(room, line) for line in found.lines],
        markers=markers_of(found.lines, f"{VISITS}/"),
        choices=choices(room, people),
        unit_name=lambda code: unit_name(room.town, code),
        zone_name=lambda code: zone_name(room.town, code),
    )


def stop(room: DeskContext, line: Line) -> dict[str, Any]:
    """One visit of the list; `at` is its place among the markers, if it is on the map."""
    visit = line.visit
    when = ""
    if visit.starts_at and visit.ends_at:
        when = slot_words(visit.slot, visit.starts_at, visit.ends_at, room.town.time_zone).to(room.language)
    return {
        "line": line,
        "title": say(line.part.title),
        "again": bool(visit.former),
        "kind": say(line.request_type.title),
        "when": when,
        "state": state_words(visit.state),
        "chip": CHIPS[visit.state],
        "address": line.address or gettext("not given"),
        "on_map": line.lon is not None and line.lat is not None,
    }


def markers_of(lines: tuple[Line, ...], under: str) -> list[dict[str, Any]]:
    """The pins of a round, numbered as its list; what is done is quiet."""
    return [
        {
            "lon": line.lon,
            "lat": line.lat,
            "text": f"{number}. {say(line.part.title)}, {line.address or line.reference}",
            "href": f"{under}{line.visit.id}",
            "number": number,
            **({} if line.visit.state == "planned" else {"kind": "quiet"}),
        }
        for number, line in enumerate(lines, start=1)
        if line.lon is not None and line.lat is not None
    ]


def today_of(room: DeskContext) -> date:
    """The day that it is in the town."""
    return local_day(room.town.calendar, clock.now())
