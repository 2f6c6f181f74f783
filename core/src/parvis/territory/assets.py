"""Things of the town that a person can point at: play areas, benches, street lights, one layer a file."""

from pathlib import Path

import msgspec

from parvis.territory.plane import Plane
from parvis.territory.reading import Findings, Table
from parvis.territory.shapes import read_shapes
from parvis_sdk.text import Text


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: Text
    kind: str
    lon: float
    lat: float


class AssetLayer(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    code: str
    name: Text
    assets: tuple[Asset, ...] = ()


def read_asset_layers(table: Table, folder: Path) -> dict[str, AssetLayer]:
    """`[assets.<code>]` with `name` and `file`, a GeoJSON of points with `code`, `name`, `kind`."""
    layers = {}
    for code, entry in table.named_tables():
        name, file = entry.text("name", required=True), entry.string("file", required=True)
        entry.close()
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
        if code in assets:
            properties.wrong("code", f"'{code}' is there twice", "give each asset its own code")
        assets[code] = Asset(code=code, name=name, kind=kind, lon=geometry.x, lat=geometry.y)  # type: ignore[attr-defined]
    return tuple(assets.values())


def nearest_of(
    layer: AssetLayer, plane: Plane, lon: float, lat: float, limit: int, within_m: float
) -> tuple[Asset, ...]:
    x, y = plane.x(lon), plane.y(lat)
    gaps = [((plane.x(asset.lon) - x) ** 2 + (plane.y(asset.lat) - y) ** 2, asset) for asset in layer.assets]
    near = sorted((gap for gap in gaps if gap[0] <= within_m**2), key=lambda gap: gap[0])
    return tuple(asset for _, asset in near[:limit])
