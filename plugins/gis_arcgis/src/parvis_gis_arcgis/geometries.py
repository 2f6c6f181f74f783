"""Esri's geometries as GeoJSON in WGS84: points, paths, rings with their holes, from any spatial reference.

An outer ring runs clockwise, a hole the other way round; a hole that lies in no outer ring is one itself, as Esri's own
converter has it. What cannot be read is `Unreadable`, with a reason.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from pyproj import Transformer

WGS84 = 4326
OUR_NUMBERS = {102100: 3857, 102113: 3857, 900913: 3857, 102198: 32198}
"""Numbers of Esri's that PROJ may know under another one only."""
Position = tuple[float, float]
Line = list[Position]


class Unreadable(ValueError):
    """A geometry that is none."""


def geojson_of(geometry: dict[str, Any] | None, reference: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """A geometry of a feature in WGS84, None where it has none; `reference` is the spatial reference of its layer."""
    if not geometry:
        return None
    if any(name in geometry for name in ("curveRings", "curvePaths")):
        raise Unreadable("it has curves, although lines were asked for")
    reference = geometry.get("spatialReference") or reference or {}
    try:
        if "rings" in geometry:
            return _polygon([_moved(_line(ring), reference) for ring in geometry["rings"]])
        if "paths" in geometry:
            return _paths([_moved(_line(path), reference) for path in geometry["paths"]])
        if "points" in geometry:
            points = _moved(_line(geometry["points"]), reference)
            return {"type": "MultiPoint", "coordinates": points} if points else None
        if geometry.get("x") in (None, "NaN"):
            return None
        return {"type": "Point", "coordinates": _moved(_line([[geometry["x"], geometry.get("y")]]), reference)[0]}
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error


def number_of(reference: dict[str, Any] | None) -> int:
    """The EPSG number of a spatial reference, 0 where it has none."""
    number = (reference or {}).get("latestWkid") or (reference or {}).get("wkid") or 0
    return OUR_NUMBERS.get(number, number) if isinstance(number, int) else 0


def _line(positions: Iterable[Sequence[Any]]) -> Line:
    line = [(float(each[0]), float(each[1])) for each in positions]
    if not all(isfinite(x) and isfinite(y) for x, y in line):
        raise Unreadable("it has a coordinate that is no number")
    return line


def _moved(line: Line, reference: dict[str, Any]) -> Line:
    number = number_of(reference)
    if number == WGS84 or not (number or reference.get("wkt")):
        return line
    from pyproj.exceptions import ProjError  # with the first place that needs it: few towns have layers of their own

    try:
        move = _transformer(number or str(reference["wkt"]))
        xs, ys = move.transform([x for x, _ in line], [y for _, y in line], errcheck=True)
    except ProjError as error:
        raise Unreadable(f"its place cannot be brought to degrees: {error}") from error
    return [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


@cache
def _transformer(reference: int | str) -> "Transformer":
    from pyproj import CRS, Transformer

    return Transformer.from_crs(CRS.from_user_input(reference), CRS.from_epsg(WGS84), always_xy=True)


def _paths(paths: list[Line]) -> dict[str, Any] | None:
    whole = [path for path in paths if len(path) > 1]
    if not whole:
        return None
    if len(whole) == 1:
        return {"type": "LineString", "coordinates": whole[0]}
    return {"type": "MultiLineString", "coordinates": whole}


def _polygon(rings: list[Line]) -> dict[str, Any] | None:
    closed = [each for ring in rings if len(each := _closed(ring)) > 3]
    if not closed:
        if any(rings):
            raise Unreadable("it has no ring of three corners")
        return None
    if len(closed) == 1:
        return {"type": "Polygon", "coordinates": closed}
    outer = [ring for ring in closed if not _is_hole(ring)]
    inner = [ring for ring in closed if _is_hole(ring)]
    holes: list[list[Line]] = [[] for _ in outer]
    areas = [shapely.Polygon(ring) for ring in outer] if inner else []
    for ring in inner:
        around = _around(ring, areas)
        if around is None:
            outer.append(ring)
            holes.append([])
        else:
            holes[around].append(ring)
    parts = [[ring, *inside] for ring, inside in zip(outer, holes, strict=True)]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def _closed(ring: Line) -> Line:
    return ring if not ring or ring[0] == ring[-1] else [*ring, ring[0]]


def _is_hole(ring: Line) -> bool:
    """Whether a ring runs counter-clockwise."""
    x0, y0 = ring[0]  # near the ring, so that small lots far from the origin keep their sign
    pairs = pairwise(ring)
    return sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairs) > 0


def _around(hole: Line, areas: list[shapely.Polygon]) -> int | None:
    """The smallest outer ring around a hole: an island in a lake may have a lake."""
    if len(areas) == 1:
        return 0
    corners = shapely.MultiPoint(hole)
    around = [at for at, area in enumerate(areas) if area.covers(corners)]
    return min(around, key=lambda at: areas[at].area, default=None)
