"""What the town knows of any point of its ground: layers such as zoning or flood plains, each area with its facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Box, Findings, Table
from parvis.jurisdictions.shapes import AREAS, read_shapes
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.requests import Place

Value = str | bool | int | float
Facts = Mapping[str, Value]
Here = Mapping[str, Facts]
"""The facts of one point, by layer."""


class LayerArea(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One area of a layer, and what is true within it."""

    geometry: BaseGeometry
    facts: dict[str, Value]


class Areas:
    """The areas of one layer, found by the boxes around them.

    Shapes (WKB) and facts (JSON) that come as bytes are read when somebody first stands within their box: a town has a
    hundred thousand lots, and few of them are asked for.
    """

    def __init__(
        self, boxes: Sequence[Box], shapes: Sequence[BaseGeometry | bytes], facts: Sequence[Facts | bytes]
    ) -> None:
        edges = numpy.array(boxes, dtype=float).reshape(-1, 4)
        self.west, self.south, self.east, self.north = (numpy.ascontiguousarray(edges[:, side]) for side in range(4))
        self.shapes, self.facts = list(shapes), list(facts)

    def __len__(self) -> int:
        return len(self.shapes)

    def holding(self, lon: float, lat: float) -> Iterator[int]:
        """The places in the layer of the areas around a point, their very edges included, in its order."""
        around = (self.west <= lon) & (self.east >= lon) & (self.south <= lat) & (self.north >= lat)
        point = Point(lon, lat)
        return (int(at) for at in numpy.flatnonzero(around) if self.shape(int(at)).intersects(point))

    def facts_at(self, lon: float, lat: float) -> Facts | None:
        """The facts of a point; where areas overlap, the first one speaks."""
        at = next(self.holding(lon, lat), None)
        return None if at is None else self.facts_of(at)

    def shape(self, at: int) -> BaseGeometry:
        found = self.shapes[at]
        if isinstance(found, bytes):
            found = shapely.from_wkb(found)
            shapely.prepare(found)
            self.shapes[at] = found
        return found

    def facts_of(self, at: int) -> Facts:
        found = self.facts[at]
        if isinstance(found, bytes):
            found = self.facts[at] = msgspec.json.decode(found, type=dict[str, Value])
        return found


def areas_of(areas: Iterable[LayerArea]) -> Areas:
    """Areas that were read."""
    every = list(areas)
    return Areas([one.geometry.bounds for one in every], [one.geometry for one in every], [one.facts for one in every])


def read_layers(findings: Findings, folder: Path) -> dict[str, Areas]:
    """`layers/<layer>.geojson`: polygons whose properties are the facts, by names that forms may ask for."""
    return {path.stem: _read(findings, path) for path in sorted(folder.glob("*.geojson"))} if folder.is_dir() else {}


def _read(findings: Findings, path: Path) -> Areas:
    areas = []
    for properties, geometry in read_shapes(findings, path, AREAS):
        shapely.prepare(geometry)
        areas.append(LayerArea(geometry=geometry, facts=_facts(properties)))
    return areas_of(areas)


def _facts(properties: Table) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for name, value in properties.values.items():
        if isinstance(value, str | bool | int | float):
            facts[name] = value
        elif value is not None:
            properties.wrong(name, "is neither words, a number nor true or false", "flatten it, or take it away")
    return facts


def facts_at(layers: Mapping[str, Areas], lon: float, lat: float) -> Here:
    """What every layer says of a point."""
    found = ((name, areas.facts_at(lon, lat)) for name, areas in layers.items())
    return {name: facts for name, facts in found if facts is not None}


LAYERS: TownFile[dict[str, Areas]] = TownFile(
    name="layers/", read=lambda folder, around: read_layers(folder.findings, folder.file), usual={}
)


def known_of(town: Jurisdiction, place: Place | None) -> Here:
    """What the town's layers say of the point of a place; nothing where it has none."""
    if place is None or place.lon is None or place.lat is None:
        return {}
    return facts_at(LAYERS.of(town), place.lon, place.lat)
