"""OGC API Features (Part 1: Core): public requests for everybody, and those of its units for a token."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from parvis.api.calls import faulty
from parvis.requests.links import page_url
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.public_list import public_list
from parvis.requests.lists.search import Filters, Row, queue
from parvis.requests.references import normalise
from parvis.requests.visibility import PUBLIC, Viewer
from parvis_feeds.asking import AnyRequest, Asked, asked, nothing, require
from parvis_feeds.feature_openapi import described
from parvis_feeds.feature_query import NAMES, feature_query
from parvis_feeds.features import feature
from parvis_sdk.text import Text

ROOT = "/ogc/features"
SCOPE = "requests:read"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "oas30")
)
JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
OPEN_TO_OTHERS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
NO_COLLECTION = Text(
    fr="Il n’y a pas de telle collection, ou elle demande un jeton.",
    en="There is no such collection, or it needs a token.",
)
NO_FEATURE = Text(
    fr="Il n’y a pas de telle requête dans cette collection.", en="There is no such request in this collection."
)


class Collection(Struct, frozen=True, kw_only=True):
    """Requests that are read together: of the public list, or those that a token may see."""

    name: str
    title: Text
    summary: Text
    staff: bool = False

    def viewer(self, call: Asked) -> Viewer:
        return call.viewer if self.staff else PUBLIC


PUBLIC_REQUESTS = Collection(
    name="public-requests",
    title=Text(fr="Requêtes publiques", en="Public requests"),
    summary=Text(
        fr="Les requêtes de la liste publique, à l’endroit que tout le monde voit.",
        en="The requests of the public list, at the place that everybody sees.",
    ),
)
UNIT_REQUESTS = Collection(
    name="requests",
    title=Text(fr="Requêtes des unités du jeton", en="Requests of the units of the token"),
    summary=Text(
        fr="Les requêtes que le jeton permet de lire, sans les coordonnées des personnes.",
        en="The requests that the token may read, without contact details.",
    ),
    staff=True,
)


def collections_for(call: Asked) -> tuple[Collection, ...]:
    """Those that are there for the caller."""
    public = (PUBLIC_REQUESTS,) if public_list(call.host, call.town) else ()
    return (*public, *((UNIT_REQUESTS,) if call.allows(SCOPE) else ()))


def found_collection(call: Asked, name: str) -> Collection:
    if name == UNIT_REQUESTS.name:
        require(call, SCOPE)
    for each in collections_for(call):
        if each.name == name:
            return each
    raise nothing(NO_COLLECTION)


@get(ROOT, name="ogc-features")
async def landing(request: AnyRequest) -> Response[bytes]:
    """Where everything is."""
    call = await asked(request, ("f",))
    only_json(call)
    links = [
        link(call, "", "self", JSON),
        link(call, "/api", "service-desc", OPENAPI),
        link(call, "/conformance", "conformance", JSON),
        link(call, "/collections", "data", JSON),
    ]
    title = Text(fr="Requêtes\u00a0: {town}", en="Requests: {town}").format(town=call.town.name)
    return told(call, {"title": call.say(title), "links": links})


@get(f"{ROOT}/conformance", name="ogc-features-conformance")
async def conformance(request: AnyRequest) -> Response[bytes]:
    call = await asked(request, ("f",))
    only_json(call)
    return told(call, {"conformsTo": CONFORMS_TO})


@get(f"{ROOT}/api", name="ogc-features-api")
async def description(request: AnyRequest) -> Response[bytes]:
    """The description of all this as OpenAPI 3.0."""
    call = await asked(request, ("f",))
    only_json(call)
    named = [(each.name, each.title, each.staff) for each in collections_for(call)]
    return told(call, described(f"{call.root}{ROOT}", call.town.name, named, call.language), OPENAPI)


@get(f"{ROOT}/collections", name="ogc-features-collections")
async def list_collections(request: AnyRequest) -> Response[bytes]:
    call = await asked(request, ("f",))
    only_json(call)
    links = [link(call, "/collections", "self", JSON)]
    return told(call, {"links": links, "collections": [collection_shown(call, each) for each in collections_for(call)]})


@get(f"{ROOT}/collections/{{name:str}}", name="ogc-features-collection")
async def show_collection(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    call = await asked(request, ("f",))
    only_json(call)
    return told(call, collection_shown(call, found_collection(call, name)))


@get(f"{ROOT}/collections/{{name:str}}/items", name="ogc-features-items")
async def list_items(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """One page of features, the newest first; the link `next` leads on."""
    call = await asked(request, NAMES)
    only_json(call)
    collection = found_collection(call, name)
    query = feature_query(call.given, public=not collection.staff)
    try:
        found = await queue(
            call.host,
            collection.viewer(call),
            call.town.code,
            query.filters,
            sort="newest",
            limit=query.limit,
            cursor=query.cursor,
        )
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given", status=400) from error
    path = f"/collections/{collection.name}/items"
    links = [link(call, path, "self", GEOJSON, call.given), link(call, path.removesuffix("/items"), "collection", JSON)]
    if found.next_cursor:
        links.append(link(call, path, "next", GEOJSON, {**call.given, "cursor": found.next_cursor}))
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [feature_shown(call, collection, row) for row in found.rows],
        "links": links,
        "numberReturned": len(found.rows),
    }
    note(call, collection, len(found.rows))
    return told(call, body if found.more else {**body, "numberMatched": found.total}, GEOJSON)


@get(f"{ROOT}/collections/{{name:str}}/items/{{reference:str}}", name="ogc-features-item")
async def show_item(request: AnyRequest, name: FromPath[str], reference: FromPath[str]) -> Response[bytes]:
    """One feature by the number of its request."""
    call = await asked(request, ("f",))
    only_json(call)
    collection = found_collection(call, name)
    these = ListCondition("reference = {}", (normalise(reference) or "",), leads=True)
    filters = Filters(conditions=(these,))
    found = await queue(call.host, collection.viewer(call), call.town.code, filters, limit=1, count=False)
    if not found.rows:
        raise nothing(NO_FEATURE)
    path = f"/collections/{collection.name}"
    links = [
        link(call, f"{path}/items/{found.rows[0].reference}", "self", GEOJSON),
        link(call, path, "collection", JSON),
    ]
    note(call, collection, 1)
    return told(call, {**feature_shown(call, collection, found.rows[0]), "links": links}, GEOJSON)


def note(call: Asked, collection: Collection, rows: int) -> None:
    if collection.staff:
        call.note("OGC API Features", rows)


def feature_shown(call: Asked, collection: Collection, row: Row) -> dict[str, Any]:
    if collection.staff:
        url = f"{call.root}/bureau/requete/{row.reference}"
    else:
        url = page_url(call.host, call.town, row.reference, call.language)
    return feature(row, call.language, url, staff=collection.staff)


def collection_shown(call: Asked, collection: Collection) -> dict[str, Any]:
    path = f"/collections/{collection.name}"
    return {
        "id": collection.name,
        "title": call.say(collection.title),
        "description": call.say(collection.summary),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [call.town.bounds], "crs": CRS84},
            "temporal": {"interval": [[None, None]]},
        },
        "crs": [CRS84],
        "links": [link(call, path, "self", JSON), link(call, f"{path}/items", "items", GEOJSON)],
    }


def link(call: Asked, path: str, rel: str, kind: str, query: Mapping[str, str] | None = None) -> dict[str, str]:
    asked_for = f"?{urlencode(query)}" if query else ""
    return {"href": f"{call.root}{ROOT}{path}{asked_for}", "rel": rel, "type": kind}


def only_json(call: Asked) -> None:
    """`f`, which other servers offer several formats by, has one value here."""
    if call.given.get("f", "json") not in ("json", "geojson"):
        raise faulty("f", "not_offered", "one_of", status=400, offered="json, geojson")


def told(call: Asked, body: Mapping[str, Any], media: str = JSON) -> Response[bytes]:
    """The answer; what was read with a token is kept by nobody."""
    kept = "private, no-store" if call.token else "public, max-age=120"
    headers = {**OPEN_TO_OTHERS, "cache-control": kept, "vary": "Accept-Language, Authorization"}
    if media == GEOJSON:
        headers["content-crs"] = f"<{CRS84}>"
    return Response(msgspec.json.encode(body), media_type=media, headers=headers)
