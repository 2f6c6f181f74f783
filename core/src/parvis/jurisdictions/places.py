"""Answers about a point of one town: inside or not, which zones, which unit."""

from collections.abc import Sequence
from typing import Literal

import msgspec
import shapely
from shapely.geometry import Point, shape

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.shapes import around, is_turned, turned
from parvis.jurisdictions.zones import Zone
from parvis_sdk.requests import Place


class Location(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    inside: bool
    zones: tuple[Zone, ...] = ()

    @property
    def zone_codes(self) -> tuple[str, ...]:
        return tuple(zone.code for zone in self.zones)

    @property
    def zone(self) -> str:
        """The code of the first zone, empty when there is none."""
        return self.zones[0].code if self.zones else ""


def locate(jurisdiction: Jurisdiction, lon: float, lat: float) -> Location:
    """Whether a point lies in the town (its very edge included) and in which of its zones."""
    point = Point(lon, lat)
    zones = tuple(zone for zone in jurisdiction.zones if zone.geometry.intersects(point))
    return Location(inside=bool(jurisdiction.boundary.intersects(point)), zones=zones)


def misdrawn(jurisdiction: Jurisdiction, place: Place) -> Literal["", "turned", "crossing"]:
    """What is wrong with how a place was given: latitude before longitude, or an area whose lines cross."""
    home = around(jurisdiction.boundary)
    if place.geometry is None:
        is_point = place.lon is not None and place.lat is not None
        return "turned" if is_point and is_turned(place.lon or 0.0, place.lat or 0.0, home) else ""
    geometry = shape(place.geometry)
    if turned(geometry, home):
        return "turned"
    return "" if geometry.is_valid else "crossing"


def zones_at(jurisdiction: Jurisdiction, points: Sequence[tuple[float | None, float | None]]) -> list[tuple[str, ...]]:
    """The codes of the zones of many points at once, as `locate` tells them of one; none where there is no point."""
    found: list[list[str]] = [[] for _ in points]
    known = [(number, lon, lat) for number, (lon, lat) in enumerate(points) if lon is not None and lat is not None]
    if known and jurisdiction.zones:
        tree = shapely.STRtree([zone.geometry for zone in jurisdiction.zones])
        numbers, lons, lats = zip(*known, strict=True)
        at, zones = tree.query(shapely.points(lons, lats), predicate="intersects")
        for place, zone in sorted(zip(at.tolist(), zones.tolist(), strict=True)):
            found[numbers[place]].append(jurisdiction.zones[zone].code)
    return [tuple(codes) for codes in found]


def route_inspection(
    jurisdiction: Jurisdiction, code: str, *, type_code: str, theme: str, zones: tuple[str, ...], unit: str
) -> str:
    """The code of the unit that makes a visit: as the town's rules say, else that of the request, `unit`."""
    fitting = (rule.unit for rule in jurisdiction.routes if rule.fits_inspection(code, type_code, theme, zones))
    return next(fitting, unit)
