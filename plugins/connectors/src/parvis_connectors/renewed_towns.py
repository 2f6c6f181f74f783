"""A town renewed: what its files say, with the layers that another system brought in the places they leave for them.

| what the town asks for | where it comes from |
|---|---|
| facts of a place, by the name of a layer | the file `layers/<name>.geojson` where there is one, else the layer |
| `[assets.<code>]` with `layer` | the layer |
| `zones_layer` | the layer once it was read, until then `zones.geojson` |
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
import shapely
from msgspec import structs

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.layers import ASSETS, LAYERS, Areas, Asset, AssetLayer
from parvis.jurisdictions.zones import Zone
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

ZONE_LENGTH = 60


class StoredFeature(NamedTuple):
    """One thing of a layer as it is kept, with its shape (WKB) and facts (JSON) unread."""

    key: str
    code: str
    name: str
    name_en: str
    kind: str
    shape: bytes
    lon: float
    lat: float
    west: float
    south: float
    east: float
    north: float
    facts: bytes


class LayerKept(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One layer ready for use; `areas` are in the order of `assets`, and None where it has things that are no areas.

    `assets` and `zones` are there where some town wants them.
    """

    name: str
    assets: tuple[Asset, ...]
    zones: tuple[Zone, ...]
    areas: Areas | None


def kept_layer(name: str, things: Iterable[StoredFeature], towns: Iterable[Jurisdiction]) -> LayerKept:
    """Made of what is kept, in order of codes, for what these towns use it for."""
    as_zones = as_assets = False
    for town in towns:
        as_zones = as_zones or town.zones_layer == name
        as_assets = as_assets or any(one.layer == name for one in ASSETS.of(town).values())
    every = sorted(things, key=lambda each: (each.code, each.key))
    areas = None
    if all(each.kind in ("Polygon", "MultiPolygon") for each in every):
        boxes = [(each.west, each.south, each.east, each.north) for each in every]
        areas = Areas(boxes, [each.shape for each in every], [each.facts for each in every])
    assets = (
        Asset(
            code=each.code,
            name=Text(fr=each.name or each.code, en=each.name_en),
            kind="",
            lon=round(each.lon, 6),
            lat=round(each.lat, 6),
            owner=_owner(each),
        )
        for each in (every if as_assets else ())
    )
    zones = _zones(every) if as_zones and areas is not None else ()
    return LayerKept(name=name, assets=tuple(assets), zones=zones, areas=areas)


def renewed(town: Jurisdiction, layers: Mapping[str, LayerKept]) -> Jurisdiction:
    """The town as its files have it, with these layers by name."""
    zones = layers.get(town.zones_layer)
    assets = {code: _with_assets(one, layers.get(one.layer)) for code, one in ASSETS.of(town).items()}
    facts = {name: one.areas for name, one in layers.items() if one.areas is not None}
    fresh = structs.replace(town, zones=zones.zones if zones is not None and zones.zones else town.zones)
    return LAYERS.put(ASSETS.put(fresh, assets), facts | LAYERS.of(town))


def zone_code(code: str) -> str:
    """The code of a zone as rules name it, of what another system calls it.

    >>> zone_code("Sud-Ouest (2)"), zone_code("16")
    ('sud-ouest-2', 'z16')
    """
    plain = re.sub(r"[^a-z0-9_-]+", "-", fold(code)).strip("-")
    return (plain if plain[:1].isalpha() else f"z{plain}")[:ZONE_LENGTH]


def _owner(thing: StoredFeature) -> str:
    """Whose it is, where the layer says so; a code of `owners.toml`."""
    owner = msgspec.json.decode(thing.facts).get("owner") if b'"owner"' in thing.facts else ""
    return str(owner or "")


def _zones(things: Iterable[StoredFeature]) -> tuple[Zone, ...]:
    """Areas of the same code are one zone."""
    parts: dict[str, list[StoredFeature]] = {}
    for each in things:
        parts.setdefault(zone_code(each.code), []).append(each)
    zones = []
    for code, those in parts.items():
        shapes = [shapely.from_wkb(each.shape) for each in those]
        geometry = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
        shapely.prepare(geometry)
        zones.append(
            Zone(code=code, name=Text(fr=those[0].name or those[0].code, en=those[0].name_en), geometry=geometry)
        )
    return tuple(zones)


def _with_assets(layer: AssetLayer, kept: LayerKept | None) -> AssetLayer:
    if kept is None:
        return layer
    return AssetLayer(code=layer.code, name=layer.name, layer=layer.layer, assets=kept.assets, areas=kept.areas)
