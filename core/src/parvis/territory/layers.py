"""What the town knows of any point of its ground: layers such as zoning or flood plains, each area with its facts."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from parvis.territory.reading import Findings, Table
from parvis.territory.shapes import AREAS, read_shapes

Value = str | bool | int | float
Here = Mapping[str, Mapping[str, Value]]
"""The facts of one point, by layer."""


class LayerArea(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One area of a layer, and what is true within it."""

    geometry: BaseGeometry
    facts: dict[str, Value]


def read_layers(findings: Findings, folder: Path) -> dict[str, tuple[LayerArea, ...]]:
    """`layers/<layer>.geojson`: polygons whose properties are the facts, by names that forms may ask for."""
    return {path.stem: _read(findings, path) for path in sorted(folder.glob("*.geojson"))} if folder.is_dir() else {}


def _read(findings: Findings, path: Path) -> tuple[LayerArea, ...]:
    areas = []
    for properties, geometry in read_shapes(findings, path, AREAS):
        shapely.prepare(geometry)
        areas.append(LayerArea(geometry=geometry, facts=_facts(properties)))
    return tuple(areas)


def _facts(properties: Table) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for name, value in properties.values.items():
        if isinstance(value, str | bool | int | float):
            facts[name] = value
        elif value is not None:
            properties.wrong(name, "is neither words, a number nor true or false", "flatten it, or take it away")
    return facts


def facts_at(layers: Mapping[str, tuple[LayerArea, ...]], lon: float, lat: float) -> Here:
    """What every layer says of a point; where areas of a layer overlap, the first one speaks."""
    point = Point(lon, lat)
    found = (
        (name, next((each for each in areas if each.geometry.intersects(point)), None))
        for name, areas in layers.items()
    )
    return {name: area.facts for name, area in found if area is not None}
