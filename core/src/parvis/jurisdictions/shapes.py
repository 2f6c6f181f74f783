"""Reads GeoJSON files of a town into checked, prepared geometry, and turns degrees into metres around it."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.reading import CANADA, Box, Findings, Table

if TYPE_CHECKING:
    from numpy import ndarray


WGS84 = (-180.0, -90.0, 180.0, 90.0)
AREAS = ("Polygon", "MultiPolygon")
NEAR = 1.0  # degrees around a town within which everything of it lies
ON = 1e-9  # degrees between a line and a point that lies on it
NAMES = ("name", "name_fr", "nom", "code", "label", "owner", "id")
POINT_OF = re.compile(r"^(?P<what>[^\[]*)\[(?P<lon>\S+) (?P<lat>\S+)\]$")
TURNED = "has latitude before longitude"
LONGITUDE_FIRST = "write longitude first, as GeoJSON asks (EPSG:4326)"


def read_shapes(findings: Findings, path: Path, kinds: tuple[str, ...] = ()) -> Iterator[tuple[Table, BaseGeometry]]:
    """Each feature with its properties, to be asked like a table, and its geometry."""
    for number, feature in enumerate(read_features(findings, path), start=1):
        key = f"features[{number}]"
        properties = feature.get("properties") or {}
        called = named(properties) if isinstance(properties, dict) else ""
        geometry = read_geometry(findings, path, key, feature.get("geometry"), kinds, called)
        if geometry is not None and isinstance(properties, dict):
            yield Table(findings, path, f"{key}.properties", properties), geometry


def read_features(findings: Findings, path: Path) -> list[dict[str, Any]]:
    text = findings.text_of(path)
    if text is None:
        return []
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        findings.add(path, "", f"is not valid JSON: {error}", "export the layer again as GeoJSON")
        return []
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        findings.add(path, "features", "holds no features", "export the layer as a GeoJSON FeatureCollection")
        return []
    return [feature if isinstance(feature, dict) else {} for feature in features]


def read_geometry(
    findings: Findings, path: Path, key: str, content: object, kinds: tuple[str, ...], called: str = ""
) -> BaseGeometry | None:
    key = f"{key}.geometry"
    try:
        geometry = shape(content)  # type: ignore[arg-type]  # whatever the file holds; a wrong thing raises
    except (ShapelyError, AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        findings.add(path, key, f"{called}is not a geometry: {error}", "export the layer again as GeoJSON")
        return None
    if geometry.is_empty or (kinds and geometry.geom_type not in kinds):
        what = f"{called}is an unusable {geometry.geom_type}"
        findings.add(path, key, what, f"draw a {' or '.join(kinds) or 'shape'}")
        return None
    if not inside_world(geometry):
        todo = "export in WGS84, longitude first (EPSG:4326)"
        findings.add(path, key, f"{called}has coordinates that are not degrees", todo)
        return None
    if where := turned(geometry, findings.home):
        findings.add(path, key, f"{called}{TURNED}: {where}", LONGITUDE_FIRST)
        return None
    for each in open_rings(content):
        findings.doubt(path, key, f"{called}{each}", "close it in the file; it was closed automatically")
    if not geometry.is_valid:
        why, geometry = broken(geometry), mended(geometry)
        if geometry.is_empty:
            findings.add(path, key, f"{called}{why}, and encloses nothing", "draw it again")
            return None
        findings.doubt(path, key, f"{called}{why}", "draw it again; it was repaired as far as possible")
    shapely.prepare(geometry)
    return geometry


def inside_world(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    return west >= WGS84[0] and south >= WGS84[1] and east <= WGS84[2] and north <= WGS84[3]


def named(properties: Mapping[str, Any]) -> str:
    """How a shape is called in what is told of it: by the first of its properties that names it."""
    for name in NAMES:
        value = properties.get(name)
        value = value.get("fr") if isinstance(value, dict) else value
        if isinstance(value, str | int) and str(value).strip():
            return f"‘{str(value).strip()[:60]}’ "
    return ""


def around(boundary: BaseGeometry) -> Box:
    """Within what box lies everything of a town."""
    west, south, east, north = boundary.bounds
    return west - NEAR, south - NEAR, east + NEAR, north + NEAR


def is_turned(lon: float, lat: float, home: Box = CANADA) -> bool:
    """Whether a point would lie at home the other way round, and lies elsewhere as it stands."""
    west, south, east, north = home
    return not (west <= lon <= east and south <= lat <= north) and west <= lat <= east and south <= lon <= north


def turned(geometry: BaseGeometry, home: Box = CANADA) -> str:
    """The first vertex of which latitude and longitude are in each other's place; nothing where there is none."""
    west, south, east, north = home
    x, y = shapely.get_coordinates(geometry).T
    here = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    there = (y >= west) & (y <= east) & (x >= south) & (x <= north)
    found = numpy.flatnonzero(there & ~here)
    return vertex(geometry, int(found[0])) if len(found) else ""


def vertex(geometry: BaseGeometry, at: int) -> str:
    """A vertex as people count it in the file, by its place among all of a geometry."""
    for words, line in lines_of(mapping(geometry)):
        if at < len(line):
            return f"{words}vertex {at + 1} ({line[at][0]:.6g}, {line[at][1]:.6g})"
        at -= len(line)
    return ""


def open_rings(content: Any) -> list[str]:
    """The rings of areas whose last vertex is not their first."""
    if not isinstance(content, dict) or content.get("type") not in AREAS:
        return []
    return [
        f"has a ring that is open: {words}vertex {len(line)} is not vertex 1"
        for words, line in lines_of(content)
        if list(line[0][:2]) != list(line[-1][:2])
    ]


def broken(geometry: BaseGeometry) -> str:
    """What is wrong with a geometry, where, and between which of its vertices."""
    found = POINT_OF.match(shapely.is_valid_reason(geometry))
    if found is None:
        return f"is not a valid shape ({shapely.is_valid_reason(geometry).lower()})"
    point = shapely.Point(float(found["lon"]), float(found["lat"]))
    between = [
        f"{words}vertices {number} and {number + 1}"
        for words, line in lines_of(mapping(geometry))
        for number, ends in enumerate(pairwise(line), start=1)
        if shapely.LineString([each[:2] for each in ends]).distance(point) <= ON
    ]
    where = f" (between {', '.join(between[:4])})" if between else ""
    return f"is not a valid shape: {found['what'].lower()} at {point.x:.6f}, {point.y:.6f}{where}"


def lines_of(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each line or ring of a GeoJSON geometry with what tells it from its others, in the order of its coordinates."""
    parts = content.get("coordinates", ())
    match content.get("type"):
        case "Point":
            yield "", [parts]
        case "LineString" | "MultiPoint":
            yield "", parts
        case "Polygon" | "MultiLineString":
            for number, line in enumerate(parts, start=1):
                yield f"ring {number}, " if len(parts) > 1 else "", line
        case "MultiPolygon":
            for part, rings in enumerate(parts, start=1):
                for number, line in enumerate(rings, start=1):
                    yield f"part {part}, ring {number}, ", line
        case "GeometryCollection":
            for each in content.get("geometries", ()):
                yield from lines_of(each)


def mended(geometry: BaseGeometry) -> BaseGeometry:
    """What can be used of a geometry that is not sound: of an area, the areas."""
    sound = shapely.make_valid(geometry)
    if "Polygon" not in geometry.geom_type:
        return sound
    parts = [each for each in shapely.get_parts(sound) if "Polygon" in each.geom_type]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


METRES_PER_DEGREE = 111_320.0


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    lon: float
    lat: float

    def x(self, lon: float) -> float:
        return (lon - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))

    def y(self, lat: float) -> float:
        return (lat - self.lat) * METRES_PER_DEGREE

    def flat(self, coordinates: "ndarray") -> "ndarray":
        """An array of lon/lat pairs in metres; what `shapely.transform` wants."""
        scale = METRES_PER_DEGREE * cos(radians(self.lat)), METRES_PER_DEGREE
        return (coordinates - (self.lon, self.lat)) * scale


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """The distance on the ground of two points of one town, on a flat map: right to a few centimetres."""
    east = (other_lon - lon) * METRES_PER_DEGREE * cos(radians((lat + other_lat) / 2))
    north = (other_lat - lat) * METRES_PER_DEGREE
    return hypot(east, north)
