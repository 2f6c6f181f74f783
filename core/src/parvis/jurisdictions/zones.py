"""The boundary of a town and its zones: boroughs, sectors, anything that steers a request."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.reading import Findings, Table
from parvis.jurisdictions.shapes import AREAS, Plane, read_shapes, vertex
from parvis_sdk.text import Text

DRAWN_BY_HAND = 50.0  # metres by which a zone may reach over the boundary without a word


class Zone(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    code: str
    name: Text
    geometry: BaseGeometry


def read_zones(findings: Findings, path: Path) -> tuple[Zone, ...]:
    """`zones.geojson`: polygons with the properties `code` and `name` (or `name_fr`, `name_en`)."""
    zones: dict[str, Zone] = {}
    for properties, geometry in read_shapes(findings, path, AREAS):
        code = properties.code("code", required=True)
        name = properties.text("name", required="name_fr" not in properties.values)
        if not name.fr:
            name = Text(fr=properties.string("name_fr"), en=properties.string("name_en"))
        if code in zones:
            properties.wrong("code", f"'{code}' is used twice", "give each zone its own code")
        elif code:
            zones[code] = Zone(code=code, name=name, geometry=geometry)
    return tuple(zones.values())


def read_former_zones(table: Table | None) -> tuple[Zone, ...]:
    """`former_zones.toml`: the names, by code, of zones that are no longer drawn."""
    if table is None:
        return ()
    named = ((code, table.text(code, required=True)) for code in table.values)
    return tuple(Zone(code=code, name=name, geometry=shapely.Polygon()) for code, name in named)


class OutsideBoundary(msgspec.Struct, frozen=True, kw_only=True):
    """A zone that lies, or reaches, outside the limits of its town."""

    zone: str
    what: str
    todo: str = "redraw the zone or the boundary: no request outside the boundary is accepted"


def outside(zones: Iterable[Zone], boundary: BaseGeometry, plane: Plane) -> list[OutsideBoundary]:
    """The zones outside the limits of the town, each with its farthest vertex; drawn by hand, it may miss a little."""
    limits = shapely.transform(boundary, plane.flat)
    shapely.prepare(limits)
    found = []
    for zone in zones:
        points = shapely.points(plane.flat(shapely.get_coordinates(zone.geometry)))
        metres = numpy.asarray(shapely.distance(points, limits), dtype=float)
        farthest = int(numpy.argmax(metres))
        if metres[farthest] <= DRAWN_BY_HAND:
            continue
        where = f"{vertex(zone.geometry, farthest)} is {metres[farthest]:.0f} m away from it"
        lies = "reaches" if zone.geometry.intersects(boundary) else "lies wholly"
        found.append(OutsideBoundary(zone=zone.code, what=f"‘{zone.name.fr}’ {lies} outside the boundary: {where}"))
    return found


def read_boundary(findings: Findings, path: Path) -> BaseGeometry | None:
    """`boundary.geojson`: the limits of the town, one polygon or several."""
    parts = [geometry for _, geometry in read_shapes(findings, path, AREAS)]
    if not parts:
        return None
    boundary: BaseGeometry = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    shapely.prepare(boundary)
    return boundary
