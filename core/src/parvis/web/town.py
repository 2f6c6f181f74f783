"""The town a request is for, and what its pages draw of it: its letter, its boundary and zones, its base map."""

from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
import shapely
from litestar import Request, Response, get
from litestar.types import Scope
from shapely.geometry.base import BaseGeometry

from parvis.i18n import LANGUAGES
from parvis.territory import BaseMap, Brand, Jurisdiction, Territory

TOWN_WORDS = {"Ville", "Municipalité", "Cité", "Village", "Paroisse", "MRC", "Arrondissement"}
METRES_10 = 0.0001


def find_town(territory: Territory, scope: Scope) -> Jurisdiction:
    """By the name in the address bar; the default town where no name is known."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return territory.for_host(host)


def town_of(scope: Scope) -> Jurisdiction | None:
    """The town that the middleware found for this request; None where no route matched."""
    return cast("Jurisdiction | None", (scope.get("state") or {}).get("town"))


def mark_of(brand: Brand) -> str:
    """The letter that stands for a town: the first of its own name."""
    words = brand.logo_text.fr.replace("’", " ").replace("'", " ").split()
    names = [word for word in words if word[0].isupper() and word not in TOWN_WORDS]
    return (names or words or ["·"])[0][0].upper()


def tile_origins(base_map: BaseMap | None) -> tuple[str, ...]:
    """Where pages of this town may load tiles from, for the content security policy; `{s}` becomes any subdomain."""
    if base_map is None:
        return ()
    parts = urlsplit(base_map.url.replace("{s}.", "*."))
    return (f"{parts.scheme}://{parts.netloc}",) if parts.scheme == "https" and parts.netloc else ()


@get([f"/{language}/territoire.geojson" for language in LANGUAGES], include_in_schema=False, sync_to_thread=False)
def territory_shapes(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The boundary and the zones, drawn under every map."""
    language = request.url.path.split("/", 2)[1]
    town = town_of(request.scope) or find_town(request.app.state.pages.territory, request.scope)
    headers = {"cache-control": "public, max-age=3600"}
    return Response(shapes_of(town, language), media_type="application/geo+json", headers=headers)


@lru_cache(maxsize=32)
def shapes_of(town: Jurisdiction, language: str) -> bytes:
    shapes = [("town", town.name, town.boundary), *(("zone", zone.name, zone.geometry) for zone in town.zones)]
    features = [
        {
            "type": "Feature",
            "properties": {"role": role, "name": name.to(language)},
            "geometry": simple(geometry),
        }
        for role, name, geometry in shapes
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def simple(geometry: BaseGeometry) -> Any:
    """GeoJSON good enough to draw: within ten metres, five decimals."""
    return msgspec.json.decode(shapely.to_geojson(shapely.set_precision(geometry.simplify(METRES_10), 0.00001)))
