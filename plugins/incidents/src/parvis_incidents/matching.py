"""Which requests belong to an incident: what its answers say of place, type, words and time, held against a request."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from msgspec import Struct
from shapely.geometry import Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from parvis_sdk.about import ZONES
from parvis_sdk.requests import Place
from parvis_sdk.text_normalisation import fold

INCIDENT = "incident"  # the code of its type
WHAT, TYPES, WORDS, METRES, SINCE, SINCE_AT = "what", "types", "words", "metres", "since", "since_at"
SHOWN, INSTEAD, SHORT = "shown", "instead", "short"
METRES_PER_DEGREE = 111_320.0
BEFORE = timedelta(hours=24)  # before it is declared, people have noticed: how long, where nobody says

Box = tuple[float, float, float, float]
"""West, south, east, north."""


class Circle(Struct, frozen=True):
    """So many metres around a point."""

    lon: float
    lat: float
    metres: int

    def holds(self, lon: float, lat: float) -> bool:
        across = METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        return math.hypot((lon - self.lon) * across, (lat - self.lat) * METRES_PER_DEGREE) <= self.metres

    def touches(self, geometry: BaseGeometry) -> bool:
        """Whether any of it may lie inside; by its box, which is a little more."""
        return bool(geometry.intersects(shapely.box(*self.box)))

    @property
    def box(self) -> Box:
        up = self.metres / METRES_PER_DEGREE
        across = up / max(0.05, math.cos(math.radians(self.lat)))
        return (self.lon - across, self.lat - up, self.lon + across, self.lat + up)


class Outline(Struct, frozen=True, eq=False):
    """What was drawn."""

    geometry: BaseGeometry

    def holds(self, lon: float, lat: float) -> bool:
        return bool(self.geometry.intersects(Point(lon, lat)))

    def touches(self, geometry: BaseGeometry) -> bool:
        return bool(geometry.intersects(self.geometry))

    @property
    def box(self) -> Box:
        west, south, east, north = self.geometry.bounds
        return (west, south, east, north)


class Rule(Struct, frozen=True, kw_only=True, eq=False):
    """What a request must be to belong to an incident; what is left empty does not narrow."""

    since: datetime
    zones: tuple[str, ...] = ()
    area: Circle | Outline | None = None
    types: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """What is compared of a request: `text` is what was said, folded; `zones` are all in which it lies."""

    type: str
    submitted_at: datetime
    zones: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    text: str = ""


def rule_of(answers: Mapping[str, Any], place: Place | None, declared_at: datetime, time_zone: str) -> Rule:
    """The rule that the answers of an incident are."""
    day = answers.get(SINCE)
    since = declared_at - BEFORE
    if isinstance(day, str):
        hour = answers.get(SINCE_AT)
        at = time.fromisoformat(hour) if isinstance(hour, str) else time()
        since = datetime.combine(date.fromisoformat(day), at, ZoneInfo(time_zone))
    return Rule(
        since=since,
        zones=tuple(answers.get(ZONES) or ()),
        area=area_of(place, answers.get(METRES)),
        types=tuple(answers.get(TYPES) or ()),
        words=words_in(str(answers.get(WORDS) or "")),
    )


def area_of(place: Place | None, metres: object) -> Circle | Outline | None:
    """What was drawn or pointed at; a point alone is no area."""
    if place is None:
        return None
    if place.geometry and place.geometry.get("type") == "Polygon":
        outline = shape(place.geometry)
        shapely.prepare(outline)
        return Outline(outline)
    if place.lon is None or place.lat is None or not isinstance(metres, int):
        return None
    return Circle(place.lon, place.lat, metres)


def words_in(typed: str) -> tuple[str, ...]:
    """The words or groups of words of a list, as texts are compared.

    >>> words_in("panne, Pas d’eau;  no water ")
    ('panne', "pas d'eau", 'no water')
    """
    parts = (fold(part).strip() for part in typed.replace(";", ",").replace("\n", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def belongs(rule: Rule, facts: Facts) -> bool:
    """Whether a request with these facts belongs to an incident of this rule.

    Where both zones and a drawn area are named, one of them is enough: the area is what juts out of the zones.
    """
    if facts.submitted_at < rule.since or facts.type == INCIDENT:
        return False
    if rule.words and not any(word in facts.text for word in rule.words):
        return False
    return fits(rule, facts)


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether it is of a type and from a place that the incident is about, whatever was said, and when."""
    if rule.types and facts.type not in rule.types:
        return False
    if not rule.zones and rule.area is None:
        return True
    in_zone = bool(rule.zones) and not set(rule.zones).isdisjoint(facts.zones)
    return in_zone or lies_in(rule.area, facts.lon, facts.lat)


def drawn(rule: Rule, zones: Mapping[str, BaseGeometry]) -> tuple[dict[str, Any], ...]:
    """What the rule names on a map: polygons as rings of longitudes and latitudes, a circle by its middle."""
    found = [zones[code] for code in rule.zones if code in zones]
    found += [rule.area.geometry] if isinstance(rule.area, Outline) else []
    polygons = [part for each in found for part in getattr(each, "geoms", (each,)) if isinstance(part, Polygon)]
    shown: list[dict[str, Any]] = [
        {"rings": [[list(at[:2]) for at in ring.coords] for ring in (part.exterior, *part.interiors)]}
        for part in polygons
    ]
    if isinstance(rule.area, Circle):
        shown.append({"lon": rule.area.lon, "lat": rule.area.lat, "metres": rule.area.metres})
    return tuple(shown)


def lies_in(area: Circle | Outline | None, lon: float | None, lat: float | None) -> bool:
    return area is not None and lon is not None and lat is not None and area.holds(lon, lat)


def box_of(rule: Rule, zones: Mapping[str, BaseGeometry]) -> Box | None:
    """The box around everywhere that the rule names; None where it names no place."""
    boxes = [zones[code].bounds for code in rule.zones if code in zones]
    boxes += [rule.area.box] if rule.area else []
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return (min(west), min(south), max(east), max(north))
