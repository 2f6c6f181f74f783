"""What the town knows of its ground: layers of areas with their facts, and things that a person can point at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Box, Findings, Table
from parvis.jurisdictions.shapes import AREAS, Plane, read_shapes
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

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
            properties.wrong(name, "is not a text, a number, true or false", "flatten it, or remove it")
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


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """`owner` is the code of somebody else in `owners.toml`; the town's own things name none."""

    code: str
    name: Text
    kind: str
    lon: float
    lat: float
    owner: str = ""


class AssetLayer(msgspec.Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """`layer` is the one of another system that they come from; `areas`, where they have any, are in their order."""

    code: str
    name: Text
    assets: Sequence[Asset] = ()
    layer: str = ""
    areas: Areas | None = None
    places: dict[str, int] = {}
    lon: Any = None
    lat: Any = None

    def __post_init__(self) -> None:
        at = {asset.code: place for place, asset in reversed([*enumerate(self.assets)])}
        msgspec.structs.force_setattr(self, "places", at)
        msgspec.structs.force_setattr(self, "lon", numpy.array([asset.lon for asset in self.assets], dtype=float))
        msgspec.structs.force_setattr(self, "lat", numpy.array([asset.lat for asset in self.assets], dtype=float))

    def coded(self, code: str) -> Asset | None:
        """The thing of that code; of several, the first."""
        place = self.places.get(code)
        return None if place is None else self.assets[place]


def read_asset_layers(table: Table, folder: Path) -> dict[str, AssetLayer]:
    """`[assets.<code>]` with `name` and `file`, GeoJSON points (`code`, `name`, `kind`, `owner`); or with `layer`."""
    layers = {}
    for code, entry in table.named_tables():
        name, layer = entry.text("name", required=True), entry.string("layer")
        file = entry.string("file", required=not layer)
        entry.close()
        if layer:
            if file:
                entry.wrong("file", "is given together with a layer", "keep one of the two")
            layers[code] = AssetLayer(code=code, name=name, layer=layer)
            continue
        path = folder / file
        if not file or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            entry.wrong("file", f"'{file}' is not a file of this folder", "put the GeoJSON file in the same folder")
            continue
        layers[code] = AssetLayer(code=code, name=name, assets=read_assets(table.findings, path))
    return layers


def read_assets(findings: Findings, path: Path) -> tuple[Asset, ...]:
    assets: dict[str, Asset] = {}
    for properties, geometry in read_shapes(findings, path, ("Point",)):
        code = properties.string("code", required=True)
        name, kind = properties.text("name", required=True), properties.string("kind")
        owner = properties.code("owner")
        if code in assets:
            properties.wrong("code", f"'{code}' is used twice", "give each asset its own code")
        lon, lat = geometry.x, geometry.y  # type: ignore[attr-defined]
        assets[code] = Asset(code=code, name=name, kind=kind, lon=lon, lat=lat, owner=owner)
    return tuple(assets.values())


def nearest_of(
    layer: AssetLayer, plane: Plane, lon: float, lat: float, limit: int, within_m: float
) -> tuple[Asset, ...]:
    """Those around a point, the nearest first: before all others what the point lies in, as in a lot."""
    x, y = (plane.flat(numpy.column_stack((layer.lon, layer.lat))) - plane.flat(numpy.array([[lon, lat]]))).T
    gaps = x * x + y * y
    around = numpy.flatnonzero(gaps <= within_m**2)
    near = [int(at) for at in around[numpy.argsort(gaps[around], kind="stable")[:limit]]]
    inside = list(layer.areas.holding(lon, lat)) if layer.areas is not None else []
    return tuple(layer.assets[at] for at in list(dict.fromkeys([*inside, *near]))[:limit])


def within(layer: AssetLayer, frame: tuple[float, float, float, float], limit: int) -> tuple[Asset, ...]:
    """Those in a frame (west, south, east, north), as many as `limit`, those in its middle rather than at its edges."""
    west, south, east, north = frame
    seen = (layer.lon >= west) & (layer.lon <= east) & (layer.lat >= south) & (layer.lat <= north)
    inside = numpy.flatnonzero(seen)
    if len(inside) > limit:
        gaps = (layer.lon[inside] - (west + east) / 2) ** 2 + (layer.lat[inside] - (south + north) / 2) ** 2
        inside = numpy.sort(inside[numpy.argsort(gaps, kind="stable")[:limit]])
    return tuple(layer.assets[int(at)] for at in inside)


ASSETS: TownFile[dict[str, AssetLayer]] = TownFile(
    name="[assets]", read=lambda table, around: read_asset_layers(table, table.file.parent), usual={}
)


def nearest_assets(
    town: Jurisdiction, layer: str, lon: float, lat: float, limit: int = 10, within_m: float = 500
) -> tuple[Asset, ...]:
    """Things of one layer around a point, the nearest first; none when the town has no such layer."""
    found = ASSETS.of(town).get(layer)
    return nearest_of(found, town.plane, lon, lat, limit, within_m) if found else ()
