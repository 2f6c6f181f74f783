"""What everybody may take: the public list as GeoJSON, open to pages of other sites, and the figures of the town."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.exceptions import HTTPException
from msgspec import Struct

from parvis.api.calls import AnyRequest, Call, call_of, limited
from parvis.api.narrowing import filters_in
from parvis.insights.published import Figures, Told
from parvis.requests.heart import types_of
from parvis.requests.links import page_url
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.features import feature_collection
from parvis.requests.lists.search import public_requests

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


class PublicLine(Struct, frozen=True, kw_only=True):
    """One type, or all: delays in business days, null where too few were settled to say."""

    code: str
    received: int
    settled: int
    mean_days: float | None
    median_days: float | None
    ninetieth_days: float | None


class PublicFigures(Struct, frozen=True, kw_only=True):
    """What came and was settled in the last ninety days, and how fast."""

    since: datetime
    until: datetime
    total: PublicLine
    by_type: list[PublicLine]


@get("/requests.geojson")
async def list_features(request: AnyRequest) -> Response[bytes]:
    """Two hundred at a time, the newest first, to anybody alike: a token shows nothing more here."""
    call = await call_of(request)
    limited(call, "read")
    cursor = request.query_params.get("cursor", "")[:300]
    try:
        found = await public_requests(call.heart, call.town.code, filters_in(request, call), limit=MOST, cursor=cursor)
    except BadCursor as error:
        raise HTTPException(status_code=422, detail="`cursor` is none that a list here has given.") from error
    shown = feature_collection(found.rows, call.language, page_of(call))
    headers = {**OPEN_TO_OTHERS, "vary": "Accept-Language"}
    if found.next_cursor:
        asked = {**dict(request.query_params.items()), "cursor": found.next_cursor}
        headers["link"] = f'<{request.url.path}?{urlencode(asked)}>; rel="next"'
    return Response(msgspec.json.encode(shown), media_type="application/geo+json", headers=headers)


def page_of(call: Call) -> Any:
    return lambda reference: page_url(call.heart, call.town, reference, call.language)


@get("/public-figures")
async def show_public_figures(request: AnyRequest) -> PublicFigures:
    call = await call_of(request)
    limited(call, "read")
    state = request.app.state
    if "published_figures" not in state:
        state.published_figures = Figures()
    kept: Figures = state.published_figures
    types = {kind.code for kind in types_of(call.heart, call.town) if kind.visibility.public}
    counted = await kept.of(call.town, types)
    return PublicFigures(
        since=counted.since,
        until=counted.until,
        total=_line(counted.total),
        by_type=[_line(told) for told in counted.by_type],
    )


def _line(told: Told) -> PublicLine:
    return PublicLine(
        code=told.code,
        received=told.received,
        settled=told.settled,
        mean_days=_rounded(told.mean),
        median_days=_rounded(told.median),
        ninetieth_days=_rounded(told.ninetieth),
    )


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)


HANDLERS = (list_features, show_public_figures)
