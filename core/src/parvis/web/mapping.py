"""What every map draws of a town, as GeoJSON small enough to draw: its limits and zones, its ground, its assets."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec
import shapely
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from shapely.geometry.base import BaseGeometry

from parvis.i18n import LANGUAGES
from parvis.territory import AddressBook, AssetLayer, BaseMap, Jurisdiction, Spot, Street, streets_through
from parvis.web.town import find_town, town_of

AnyRequest = Request[Any, Any, Any]
METRES_10 = 0.0001
METRES_3 = 0.00003
KEPT = {"cache-control": "public, max-age=3600"}
GEOJSON = "application/geo+json"
GROUND = "fond"


@get([f"/{language}/territoire.geojson" for language in LANGUAGES], include_in_schema=False, sync_to_thread=False)
def territory_layer(request: AnyRequest, couche: FromQuery[str] = "") -> Response[bytes]:
    """The limits and zones of every map; by name, the ground under a map without tiles, or the assets of one layer."""
    town = town_of(request.scope) or find_town(request.app.state.pages.territory, request.scope)
    language = request.url.path.split("/", 2)[1]
    if couche == "":
        drawn = limits_of(town, language)
    elif couche == GROUND:
        drawn = ground_of(town)
    elif couche in town.assets:
        drawn = assets_of(town.assets[couche], language)
    else:
        raise NotFoundException("There is no such layer.")
    return Response(drawn, media_type=GEOJSON, headers=KEPT)


@lru_cache(maxsize=32)
def limits_of(town: Jurisdiction, language: str) -> bytes:
    shapes = [("town", town.name, town.boundary), *(("zone", zone.name, zone.geometry) for zone in town.zones)]
    return collection(
        feature({"role": role, "name": name.to(language)}, simple(geometry)) for role, name, geometry in shapes
    )


@lru_cache(maxsize=16)
def ground_of(town: Jurisdiction) -> bytes:
    areas = (
        feature({"role": area.kind, "name": area.name}, simple(area.geometry, METRES_3)) for area in town.ground.areas
    )
    streets = (
        feature({"role": "street", "name": street.name}, {"type": "LineString", "coordinates": street.line})
        for street in streets_of(town)
    )
    return collection([*areas, *streets])


def streets_of(town: Jurisdiction) -> tuple[Street, ...]:
    """The town's own map of its streets, or lines through its addresses."""
    return town.ground.streets or streets_through(spots_of(town.address_book), town.plane)


def spots_of(book: AddressBook) -> Iterator[Spot]:
    for address in book.addresses:
        yield Spot(address.street, address.number, address.lon, address.lat)
    for crossing in book.crossings:
        yield Spot(crossing.street, "", crossing.lon, crossing.lat)
        yield Spot(crossing.other_street, "", crossing.lon, crossing.lat)


@lru_cache(maxsize=64)
def assets_of(layer: AssetLayer, language: str) -> bytes:
    return collection(
        feature(
            {"code": asset.code, "name": asset.name.to(language)},
            {"type": "Point", "coordinates": [round(asset.lon, 5), round(asset.lat, 5)]},
        )
        for asset in layer.assets
    )


def asset_names(town: Jurisdiction, codes: tuple[str, ...], language: str) -> str:
    """The things that a place points at, by name and code; by code alone when they are not there any more."""
    things = (one for layer in town.assets.values() for one in layer.assets if one.code in codes)
    known = {one.code: one.name.to(language) for one in things}
    return ", ".join(f"{known[code]} ({code})" if code in known else code for code in codes)


def collection(features: Any) -> bytes:
    return msgspec.json.encode({"type": "FeatureCollection", "features": list(features)})


def feature(properties: dict[str, str], geometry: Any) -> dict[str, Any]:
    kept = {name: value for name, value in properties.items() if value}
    return {"type": "Feature", "properties": kept, "geometry": geometry}


def simple(geometry: BaseGeometry, within: float = METRES_10) -> Any:
    """GeoJSON good enough to draw: within ten metres, five decimals, holes turned the other way than what is around."""
    drawn = shapely.orient_polygons(shapely.set_precision(geometry.simplify(within), 0.00001))
    return msgspec.json.decode(shapely.to_geojson(drawn))


def base_data(base: BaseMap) -> dict[str, Any]:
    """What the browser must know to ask for tiles."""
    return {
        "kind": base.kind,
        "url": base.url,
        "dark": base.dark_url,
        "zoom": base.max_zoom,
        "size": base.tile_size,
        "subdomains": list(base.subdomains),
        **({"layers": base.layers, "format": base.format, "version": base.version} if base.kind == "wms" else {}),
    }
