"""The round of the day as an inspector carries it: the list, the map, and what the phone keeps of it."""

from typing import Any

from litestar import Response, get

from parvis import clock
from parvis.i18n import format_day
from parvis.jurisdictions.calendars import local_day
from parvis.web.desk.context import AtDesk
from parvis.web.desk.lists.filtering import ListQuery, day_of
from parvis.web.installable import field_files
from parvis_inspections.desk.access import read, wanted_of
from parvis_inspections.desk.rounds import markers_of, stop
from parvis_inspections.rounds import round_of

FIELD = "/bureau/terrain"
EVERYBODY = "tous"


@get(FIELD)
async def show_day(room: AtDesk) -> Response[Any]:
    """One's own visits of today; everybody's, or another day's, when asked for."""
    room.demand("work")
    asked = read(room)
    today = local_day(room.town.calendar, clock.now())
    day = day_of(asked.first("jour")) or today
    everybody = asked.first("a") == EVERYBODY
    narrowed = ListQuery(values={**asked.values, "a": ("" if everybody else "moi",)})
    found = await round_of(room.host, wanted_of(room, narrowed), day)
    paths = [f"{FIELD}/{line.visit.id}" for line in found.lines if line.visit.is_open]
    return room.show(
        "inspections/day.html",
        day=day,
        today=today,
        day_words=format_day(day),
        everybody=everybody,
        other=ListQuery(values={**asked.values, "a": () if everybody else (EVERYBODY,)}).with_().address(FIELD),
        found=found,
        stops=[stop(room, line) for line in found.lines],
        markers=markers_of(found.lines, f"{FIELD}/"),
        # What is kept is the round that one walks today, not whatever day was looked at.
        kept={"pages": [FIELD, *paths], "files": field_files()} if day == today and not everybody else None,
    )
