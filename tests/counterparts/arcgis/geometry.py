"""Esri's geometries in JSON: read, moved to another spatial reference, and as shapes to compare."""

import json
import math
from functools import cache
from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

KINDS = {"point": "esriGeometryPoint", "polyline": "esriGeometryPolyline", "polygon": "esriGeometryPolygon"}
PARTS = {"polyline": "paths", "polygon": "rings"}
SAME = {102100: 3857, 102113: 3857, 900913: 3857, 102198: 32198}
"""Esri's own numbers, and EPSG's for the same."""

Geometry = dict[str, Any]


class BadGeometry(ValueError):
    """Something that is no geometry of this kind."""


def spatial_reference(wkid: int) -> dict[str, int]:
    """As ArcGIS says it: Web Mercator still has its old number first."""
    return {"wkid": 102100 if wkid == 3857 else wkid, "latestWkid": wkid}


def wkid_of(said: Any) -> int | None:
    """From `4326`, `"4326"`, `{"wkid": 102100}` or the same as JSON; None where nothing is said."""
    if said in (None, ""):
        return None
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except json.JSONDecodeError as error:
            raise BadGeometry(f"no spatial reference: {said}") from error
    if isinstance(said, dict):
        said = said.get("latestWkid") or said.get("wkid")
    if not isinstance(said, int) or isinstance(said, bool):
        raise BadGeometry("a spatial reference without wkid")
    number = SAME.get(said, said)
    transformer(number, 4326)
    return number


@cache
def transformer(source: int, target: int) -> Transformer:
    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except RuntimeError as error:
        raise BadGeometry(f"unknown spatial reference {source} or {target}") from error


def moved(geometry: Geometry, source: int, target: int) -> Geometry:
    """The same place in another spatial reference; what it said of its own is left out."""
    bare = {name: value for name, value in geometry.items() if name != "spatialReference"}
    if source == target:
        return bare
    if "x" in bare:
        x, y = transformer(source, target).transform(bare["x"], bare["y"])
        return {**bare, "x": x, "y": y}
    name = "rings" if "rings" in bare else "paths"
    return {**bare, name: [_line_moved(line, source, target) for line in bare[name]]}


def rounded(geometry: Geometry, digits: int) -> Geometry:
    def shorter(value: Any) -> Any:
        return [shorter(each) for each in value] if isinstance(value, list) else round(value, digits)

    return {name: shorter(value) for name, value in geometry.items()}


def read(geometry: Any, kind: str) -> Geometry:
    """A geometry that is of this kind, or BadGeometry."""
    if not isinstance(geometry, dict):
        raise BadGeometry("no geometry")
    if kind == "point":
        good = all(_is_number(geometry.get(axis)) for axis in "xy")
    else:
        lines = geometry.get(PARTS[kind])
        shortest = 4 if kind == "polygon" else 2
        good = isinstance(lines, list) and bool(lines) and all(_is_line(line, shortest) for line in lines)
    if not good:
        raise BadGeometry(f"no geometry of kind {kind}")
    return geometry


def shape(geometry: Geometry) -> BaseGeometry:
    """As shapely has it; outer rings run clockwise, the others are holes."""
    if "x" in geometry:
        return shapely.Point(geometry["x"], geometry["y"])
    if "paths" in geometry:
        return shapely.MultiLineString([[point[:2] for point in path] for path in geometry["paths"]])
    rings = [shapely.LinearRing([point[:2] for point in ring]) for ring in geometry["rings"]]
    outer = [shapely.Polygon(ring) for ring in rings if not ring.is_ccw]
    holes = [shapely.Polygon(ring) for ring in rings if ring.is_ccw]
    if not outer:
        raise BadGeometry("a polygon of holes")
    whole = [
        shapely.Polygon(each.exterior, [hole.exterior for hole in holes if each.contains(hole.representative_point())])
        for each in outer
    ]
    return whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)


def asked_shape(text: str, geometry_type: str) -> tuple[BaseGeometry, int | None]:
    """What a query's `geometry` means, JSON or the short form, and the spatial reference it brings."""
    try:
        if not text.lstrip().startswith("{"):
            numbers = [float(part) for part in text.split(",")]
            names = ("x", "y") if geometry_type == KINDS["point"] else ("xmin", "ymin", "xmax", "ymax")
            given: Geometry = dict(zip(names, numbers, strict=True))
        else:
            given = json.loads(text)
        if geometry_type == "esriGeometryEnvelope":
            found: BaseGeometry = shapely.box(*(float(given[name]) for name in ("xmin", "ymin", "xmax", "ymax")))
        else:
            kinds = {esri: kind for kind, esri in KINDS.items()}
            found = shape(read(given, kinds[geometry_type]))
        return found, wkid_of(given.get("spatialReference"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadGeometry(str(error)) from error


def shape_moved(found: BaseGeometry, source: int, target: int) -> BaseGeometry:
    if source == target:
        return found
    return shapely.transform(found, transformer(source, target).transform, interleaved=False)


def widened(found: BaseGeometry, wkid: int, metres: float) -> BaseGeometry:
    """All that lies within so many metres, in the same spatial reference."""
    centre = shape_moved(found, wkid, 4326).centroid
    flat = f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +units=m"
    there = Transformer.from_crs(wkid, flat, always_xy=True)
    near = shapely.transform(found, there.transform, interleaved=False).buffer(metres)
    back = Transformer.from_crs(flat, wkid, always_xy=True)
    return shapely.transform(near, back.transform, interleaved=False)


def _line_moved(line: list[list[float]], source: int, target: int) -> list[list[float]]:
    xs, ys = transformer(source, target).transform([point[0] for point in line], [point[1] for point in line])
    return [[x, y, *point[2:]] for x, y, point in zip(xs, ys, line, strict=True)]


def _is_line(line: Any, shortest: int) -> bool:
    return (
        isinstance(line, list)
        and len(line) >= shortest
        and all(isinstance(point, list) and len(point) >= 2 and all(map(_is_number, point)) for point in line)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
