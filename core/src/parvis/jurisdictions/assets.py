"""Things of the town that a person can point at: play areas, benches, street lights, one layer a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.layers import Areas
from parvis.jurisdictions.plane import Plane
from parvis.jurisdictions.reading import Findings, Table
from parvis.jurisdictions.shapes import read_shapes
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text


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
                entry.wrong("file", "stands beside a layer", "keep one of the two")
            layers[code] = AssetLayer(code=code, name=name, layer=layer)
            continue
        path = folder / file
        if not file or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            entry.wrong("file", f"'{file}' is not a file beside this one", "put the GeoJSON file in the same folder")
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
            properties.wrong("code", f"'{code}' is there twice", "give each asset its own code")
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
