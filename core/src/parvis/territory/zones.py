"""The boundary of a town and its zones: boroughs, sectors, anything that steers a request."""

from pathlib import Path

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.territory.reading import Findings
from parvis.territory.shapes import AREAS, read_shapes
from parvis_sdk.text import Text


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
            properties.wrong("code", f"'{code}' is there twice", "give each zone its own code")
        elif code:
            zones[code] = Zone(code=code, name=name, geometry=geometry)
    return tuple(zones.values())


def read_boundary(findings: Findings, path: Path) -> BaseGeometry | None:
    """`boundary.geojson`: the limits of the town, one polygon or several."""
    parts = [geometry for _, geometry in read_shapes(findings, path, AREAS)]
    if not parts:
        return None
    boundary: BaseGeometry = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    shapely.prepare(boundary)
    return boundary
