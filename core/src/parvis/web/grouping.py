"""What a map of a list asks: which part of it is seen, and how close two requests lie to be drawn as one."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response
from msgspec import structs

from parvis.requests.lists.mapped import Group
from parvis.requests.lists.search import Filters

MOST_ZOOM = 22
CELLS_AT_ZOOM_0 = 1 / 59  # so many cells of sixty pixels within one degree of latitude, doubled with each zoom
Box = tuple[float, float, float, float]


def seen(given: Mapping[str, str], filters: Filters) -> tuple[Filters, float]:
    """The list narrowed to what the map shows, and how many cells lie within one degree of latitude."""
    if view := corners_of(given.get("view", "")):
        filters = structs.replace(filters, box=both(view, filters.box))
    zoom = given.get("zoom", "")
    level = min(int(zoom), MOST_ZOOM) if zoom.isascii() and zoom.isdigit() and len(zoom) < 3 else 12
    return filters, CELLS_AT_ZOOM_0 * 2**level


def corners_of(box: str) -> Box | None:
    """West, south, east, north of a map, or nothing that is one."""
    try:
        west, south, east, north = (float(part) for part in box.split(","))
    except ValueError:
        return None
    numbers = (west, south, east, north)
    right = all(map(math.isfinite, numbers)) and -180 <= west < east <= 180 and -90 <= south < north <= 90
    return numbers if right else None


def both(view: Box, box: Box | None) -> Box:
    """What a map shows of the box that the list is narrowed to."""
    if box is None:
        return view
    return (max(view[0], box[0]), max(view[1], box[1]), min(view[2], box[2]), min(view[3], box[3]))


def told(
    groups: tuple[Group, ...], language: str, page_of: Callable[[str], str], cached: str
) -> Response[dict[str, Any]]:
    """The groups as the map reads them."""
    drawn_ones = [drawn(group, language, page_of) for group in groups]
    return Response(
        {"groups": drawn_ones, "placed": sum(group.requests for group in groups)}, headers={"cache-control": cached}
    )


def drawn(group: Group, language: str, page_of: Callable[[str], str]) -> dict[str, Any]:
    """A pin with its words and its page, or a number to come closer to."""
    if group.title is None:
        return {"lon": group.lon, "lat": group.lat, "number": group.requests, "box": group.box}
    return {
        "lon": group.lon,
        "lat": group.lat,
        "text": group.title.to(language),
        "reference": group.reference,
        "href": page_of(group.reference),
        "quiet": group.phase == "closed",
    }
