"""Figures on a map: where requests come from, and where they take long; the same as a table."""

from typing import Any

from litestar import Response, get
from msgspec import Struct

from parvis.i18n import format_date, format_number, gettext, ngettext
from parvis.web.desk.context import AtDesk, DeskContext, zone_name
from parvis.web.desk.lists.filtering import BOX
from parvis.web.desk.lists.period import FIGURES, PeriodFilter, chosen_days
from parvis.web.pages import AnyRequest
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.desk.figures import counted_over, narrowed_words
from parvis_dashboards.desk.tiles import delay
from parvis_dashboards.places import MOST, Cell, What, cells
from parvis_dashboards.published import LEAST

MAP = f"{FIGURES}/carte"
EDGE = 1e-7  # a centimetre, so that what lies on the edge is within


class Place(Struct, frozen=True, kw_only=True):
    """One cell as a line of the table and a pin of the map."""

    number: int
    name: str
    cell: Cell
    href: str

    @property
    def half(self) -> str:
        return delay(self.cell.half)


@get(MAP)
async def show_places(room: AtDesk, request: AnyRequest) -> Response[Any]:
    room.demand("report")
    chosen = chosen_days(room)
    slow = request.query_params.get("quoi") == "delai"
    what: What = "finished" if slow else "received"
    scope, period, narrow = counted_over(room, chosen)
    found = await cells(scope, period, narrow, what)
    if slow:
        found = tuple(sorted(found, key=lambda cell: -(cell.half or 0)))
    lists = Lists(room, chosen)
    places = [_place(room, lists, number, cell, slow) for number, cell in enumerate(found, start=1)]
    return room.show(
        "dashboards/places.html",
        chosen=chosen,
        slow=slow,
        places=places,
        least=LEAST,
        most=MOST,
        narrowed=narrowed_words(room, chosen),
        dashboard=chosen.address(),
        day_words=format_date,
        views=[
            (gettext("Requests by location"), _view(chosen, ""), not slow),
            (gettext("Response times by location"), _view(chosen, "delai"), slow),
        ],
        markers=[_marker(place, slow) for place in places],
    )


def _view(chosen: PeriodFilter, what: str) -> str:
    return chosen.address(MAP, quoi=what)


def _place(room: DeskContext, lists: Lists, number: int, cell: Cell, slow: bool) -> Place:
    west, south, east, north = cell.box
    box = f"{west - EDGE:.7f},{south - EDGE:.7f},{east + EDGE:.7f},{north + EDGE:.7f}"
    lon, lat = cell.middle
    zone = zone_name(room.town, cell.zone) if cell.zone else gettext("No sector")
    name = f"{zone} ({format_number(lat, 3)}, {format_number(lon, 3)})"
    href = (lists.finished if slow else lists.received)(**{BOX: box})
    return Place(number=number, name=name, cell=cell, href=href)


def _marker(place: Place, slow: bool) -> dict[str, Any]:
    lon, lat = place.cell.middle
    many = ngettext("%(num)s request", "%(num)s requests", place.cell.requests) % {"num": place.cell.requests}
    took = gettext("median: %(days)s business days") % {"days": place.half}
    words = f"{many}, {took}" if slow else many
    return {"lon": lon, "lat": lat, "text": f"{place.number}. {words}", "href": place.href, "number": place.number}
