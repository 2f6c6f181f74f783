"""What narrows a list of requests, read from the address of a call; what cannot be read is refused, not ignored."""

import math
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from parvis.api.calls import AnyRequest, Call, faulty
from parvis.api.operations import SEVERAL, WORDS
from parvis.api.shapes import Moment
from parvis.i18n import gettext
from parvis.requests.lists.search import Filters

MOST_WORDS, MOST_METRES = 200, 20_000
USUALLY = "500"
NAMES = (
    "q",
    "type",
    "theme",
    "state",
    "phase",
    "zone",
    "unit",
    "updated_since",
    "since",
    "until",
    "bbox",
    "near",
    "within",
)


def filters_in(request: AnyRequest, call: Call) -> Filters:
    """The filters of `GET /requests` and of its GeoJSON."""
    given = {name: request.query_params.get(name, "") for name in NAMES}
    return Filters(
        text=given["q"][:MOST_WORDS],
        types=listed(given["type"]),
        themes=listed(given["theme"]),
        states=listed(given["state"]),
        phases=listed(given["phase"]),
        zones=listed(given["zone"]),
        units=listed(given["unit"]) if call.token else (),
        updated_since=moment("updated_since", given["updated_since"]),
        since=moment("since", given["since"]),
        until=moment("until", given["until"]),
        box=box(given["bbox"]),
        near=near(given["near"], given["within"]),
    )


def listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())[:50]


def moment(name: str, given: str) -> datetime | None:
    if not given:
        return None
    with suppress(msgspec.ValidationError):
        # A plus sign that was not encoded arrives as a space.
        at = msgspec.convert(given.replace(" ", "+"), Moment)
        if 1900 <= at.year <= 2200:
            return at
    raise faulty(name, "unreadable", "not_moment")


def box(given: str) -> tuple[float, float, float, float] | None:
    if not given:
        return None
    numbers = degrees(given, 4)
    if numbers is None or not (-180 <= numbers[0] < numbers[2] <= 180 and -90 <= numbers[1] < numbers[3] <= 90):
        raise faulty("bbox", "unreadable", gettext("`bbox` is west,south,east,north in degrees."))
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def near(given: str, within: str) -> tuple[float, float, int] | None:
    if not given:
        if within:
            raise faulty("within", "without_near", gettext("`within` is a distance from `near`, which is missing."))
        return None
    point = degrees(given, 2)
    if point is None or abs(point[0]) > 180 or abs(point[1]) > 90:
        raise faulty("near", "unreadable", gettext("`near` is lon,lat in degrees."))
    return (point[0], point[1], int(within or USUALLY))


def degrees(given: str, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(part) for part in given.split(","))
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None


NARROWING: dict[str, Any] = {
    "type": SEVERAL,
    "theme": SEVERAL,
    "state": SEVERAL,
    "phase": SEVERAL,
    "zone": SEVERAL,
    "q": WORDS,
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "bbox": WORDS,
    "near": WORDS,
    "within": {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST_METRES,
    },  # no default: a generated client would send it alone
}
