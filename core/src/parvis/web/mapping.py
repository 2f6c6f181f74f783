"""What every map draws of a town, as GeoJSON small enough to draw: its limits and zones, its ground, its assets."""

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import shapely
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from shapely.geometry.base import BaseGeometry

from parvis.i18n import LANGUAGES
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import NO_ADDRESSES, Addresses
from parvis.jurisdictions.base_map import BASE_MAP, DRAWN, BaseMap
from parvis.jurisdictions.ground import GROUND, Ground
from parvis.jurisdictions.layers import ASSETS, AssetLayer
from parvis.jurisdictions.layers import within as assets_within
from parvis.requests.places import addresses_of, finds_addresses, suggested_at
from parvis.web.addresses import address
from parvis.web.pages import Page
from parvis.web.town import find_town, town_of

AnyRequest = Request[Any, Any, Any]
METRES_10 = 0.0001
METRES_3 = 0.00003
KEPT = {"cache-control": "public, max-age=3600"}
GEOJSON = "application/geo+json"
UNDER_ALL = "fond"
MOST_DRAWN = 1500  # things of a layer in one answer: of more, those of a frame
LIMITS: WeakKeyDictionary[Jurisdiction, dict[str, bytes]] = WeakKeyDictionary()
DRAWN_ASSETS: WeakKeyDictionary[AssetLayer, dict[str, bytes]] = WeakKeyDictionary()


@get(
    [f"/{language}/territoire.geojson" for language in LANGUAGES],
    include_in_schema=False,
    sync_to_thread=False,
    for_everybody=True,
)
def territory_layer(request: AnyRequest, couche: FromQuery[str] = "", cadre: FromQuery[str] = "") -> Response[bytes]:
    """The limits and zones of every map; by name, the ground under a map without tiles, or the assets of one layer.

    Of a layer with many assets those in a frame, `cadre=west,south,east,north`.
    """
    town = town_of(request.scope) or find_town(request.app.state.pages.jurisdictions, request.scope)
    language = request.url.path.split("/", 2)[1]
    if couche == "":
        drawn = limits_of(town, language)
    elif couche == UNDER_ALL:
        drawn = ground_of(GROUND.of(town), addresses_here(request, town))
    elif couche in ASSETS.of(town):
        frame = frame_of(cadre)
        drawn = (
            drawn_assets(ASSETS.of(town)[couche], language, frame)
            if frame
            else assets_of(ASSETS.of(town)[couche], language)
        )
    else:
        raise NotFoundException("There is no such layer.")
    return Response(drawn, media_type=GEOJSON, headers=KEPT)


def limits_of(town: Jurisdiction, language: str) -> bytes:
    drawn = LIMITS.setdefault(town, {})
    if language not in drawn:
        shapes = [("town", town.name, town.boundary), *(("zone", zone.name, zone.geometry) for zone in town.zones)]
        drawn[language] = collection(
            feature({"role": role, "name": name.to(language)}, simple(geometry)) for role, name, geometry in shapes
        )
    return drawn[language]


@lru_cache(maxsize=16)
def ground_of(ground: Ground, addresses: Addresses) -> bytes:
    """With the town's own map of its streets, or lines through its addresses."""
    areas = (feature({"role": area.kind, "name": area.name}, simple(area.geometry, METRES_3)) for area in ground.areas)
    streets = (
        feature({"role": "street", "name": street.name}, {"type": "LineString", "coordinates": street.line})
        for street in ground.streets or addresses.streets()
    )
    return collection([*areas, *streets])


def addresses_here(request: AnyRequest, town: Jurisdiction) -> Addresses:
    """What the town knows of its addresses; nothing where only pages are served."""
    deployment = request.app.state.get("deployment")
    return addresses_of(deployment.host, town) if deployment is not None else NO_ADDRESSES


def assets_of(layer: AssetLayer, language: str) -> bytes:
    """All of a layer; of one with too many none, and that there are more."""
    drawn = DRAWN_ASSETS.setdefault(layer, {})
    if language not in drawn:
        drawn[language] = drawn_assets(layer, language)
    return drawn[language]


def drawn_assets(layer: AssetLayer, language: str, frame: tuple[float, float, float, float] | None = None) -> bytes:
    """The assets of a layer, or those in a frame."""
    if frame is None and len(layer.assets) > MOST_DRAWN:
        return msgspec.json.encode({"type": "FeatureCollection", "features": [], "more": True})
    chosen = layer.assets if frame is None else assets_within(layer, frame, MOST_DRAWN)
    return collection(
        feature(
            {"code": asset.code, "name": asset.name.to(language)},
            {"type": "Point", "coordinates": [round(asset.lon, 5), round(asset.lat, 5)]},
        )
        for asset in chosen
    )


def frame_of(words: str) -> tuple[float, float, float, float] | None:
    """`west,south,east,north` in degrees; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in words.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None


def asset_names(town: Jurisdiction, codes: tuple[str, ...], language: str) -> str:
    """The things that a place points at, by name and code; by code alone when they are not there any more."""
    things = (layer.coded(code) for layer in ASSETS.of(town).values() for code in codes)
    known = {one.code: one.name.to(language) for one in things if one is not None}
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
    drawn = {"layers": base.layers, "format": base.format, "version": base.version}
    return {
        "kind": "xyz" if base.template else base.kind,
        "url": base.template or base.url,
        "dark": base.dark_template or base.dark_url,
        "zoom": base.max_zoom,
        "size": DRAWN if base.proxy and base.kind in ("wms", "arcgis_export") else base.tile_size,
        "subdomains": [] if base.proxy else list(base.subdomains),
        **({} if base.template else drawn),
    }


def map_base(page: Page) -> dict[str, Any] | None:
    """The tiles under a map of this page; asking for them lets the page load them."""
    base = BASE_MAP.of(page.town)
    page.tiles_from = base.origins if base else ()
    return base_data(base) if base else None


def looks_up_addresses(page: Page) -> bool:
    """Whether an address that is typed on this page can be looked up."""
    return page.host is not None and finds_addresses(page.host, page.town)


def addresses_suggested_at(page: Page) -> str:
    """Where scripts of this page find suggestions for an address; empty where nobody makes any."""
    steps = suggested_at(page.host, page.town) if page.host is not None else ()
    return address(page.language, *steps) if steps else ""


ASKED_BY_TEMPLATES = {
    "looks_up_addresses": looks_up_addresses,
    "addresses_suggested_at": addresses_suggested_at,
    "asset_names": asset_names,
    "map_base": map_base,
    "base_map_of": BASE_MAP.of,
    "ground_of": GROUND.of,
    "asset_layers_of": ASSETS.of,
}
"""What templates with a map ask for, by the names that they call it."""
