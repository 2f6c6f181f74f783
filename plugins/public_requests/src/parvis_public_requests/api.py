"""What everybody may take: the public list as GeoJSON, open to pages of other sites."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response
from msgspec import Struct

from parvis.api.calls import AnyRequest, Call, Given, faulty
from parvis.api.narrowing import NARROWING, filters_in, refuse_unknown
from parvis.api.operations import WORDS, operation
from parvis.requests.links import page_url
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.search import public_requests
from parvis_public_requests.features import feature_collection

MOST = 200
OPEN_TO_OTHERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Link, ETag",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=120",
}


class FeatureCollection(Struct, frozen=True, kw_only=True):
    """GeoJSON (RFC 7946): public requests, each with its point as coarse as its type wants."""

    type: str
    features: list[dict[str, Any]]


@operation(
    "GET /requests.geojson",
    "Public requests as GeoJSON, newest first, 200 at a time; the header `Link` has the next page",
    answer=FeatureCollection,
    media="application/geo+json",
    query={"cursor": WORDS, **NARROWING},
    for_everybody=True,
)
async def list_public_features(call: Given[Call], request: AnyRequest) -> Response[bytes]:
    """To anybody alike: a token shows nothing more here."""
    cursor = request.query_params.get("cursor", "")[:300]
    filters = filters_in(request, call)
    await refuse_unknown(call, filters, lambda name, _: name)
    try:
        found = await public_requests(call.host, call.town.code, filters, limit=MOST, cursor=cursor)
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    shown = feature_collection(found.rows, call.language, page_of(call))
    headers = {**OPEN_TO_OTHERS}
    if found.next_cursor:
        asked = {**dict(request.query_params.items()), "cursor": found.next_cursor}
        headers["link"] = f'<{request.url.path}?{urlencode(asked)}>; rel="next"'
    return Response(msgspec.json.encode(shown), media_type="application/geo+json", headers=headers)


def page_of(call: Call) -> Any:
    return lambda reference: page_url(call.host, call.town, reference, call.language)
