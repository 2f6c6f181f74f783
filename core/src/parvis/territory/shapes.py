"""Reads GeoJSON files of a territory into checked, prepared geometry."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from parvis.territory.reading import Findings, Table

WGS84 = (-180.0, -90.0, 180.0, 90.0)
AREAS = ("Polygon", "MultiPolygon")


def read_shapes(findings: Findings, path: Path, kinds: tuple[str, ...] = ()) -> Iterator[tuple[Table, BaseGeometry]]:
    """Each feature with its properties, to be asked like a table, and its geometry."""
    for number, feature in enumerate(read_features(findings, path), start=1):
        key = f"features[{number}]"
        properties = feature.get("properties") or {}
        geometry = read_geometry(findings, path, key, feature.get("geometry"), kinds)
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
    findings: Findings, path: Path, key: str, content: object, kinds: tuple[str, ...]
) -> BaseGeometry | None:
    try:
        geometry = shape(content)  # type: ignore[arg-type]  # whatever the file holds; a wrong thing raises
    except (ShapelyError, AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        findings.add(path, f"{key}.geometry", f"is not a geometry: {error}", "export the layer again as GeoJSON")
        return None
    if geometry.is_empty or (kinds and geometry.geom_type not in kinds):
        findings.add(
            path, f"{key}.geometry", f"is an unusable {geometry.geom_type}", f"draw a {' or '.join(kinds) or 'shape'}"
        )
        return None
    if not inside_world(geometry):
        todo = "export in WGS84, longitude first (EPSG:4326)"
        findings.add(path, f"{key}.geometry", "has coordinates that are not degrees", todo)
        return None
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    shapely.prepare(geometry)
    return geometry


def inside_world(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    return west >= WGS84[0] and south >= WGS84[1] and east <= WGS84[2] and north <= WGS84[3]
