"""What the browser asks about places while a form is filled in: addresses for words, the address of a point."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from parvis.requests.locating import address_at, find_places
from parvis.territory import FoundAddress
from parvis.web.addresses import patterns
from parvis.web.portal.visit import visit

AnyRequest = Request[Any, Any, Any]
MOST_TYPED = 200
KEPT_BRIEFLY = {"cache-control": "private, max-age=300"}


@get(patterns(":addresses"), name="addresses")
async def addresses(
    request: AnyRequest,
    q: FromQuery[str] = "",
    lon: FromQuery[float | None] = None,
    lat: FromQuery[float | None] = None,
) -> Response[list[dict[str, Any]]]:
    """Suggestions for the words typed, or the address nearest to a point."""
    here = visit(request)
    if lon is not None and lat is not None:
        near = await address_at(here.heart, here.town, lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None
        found: tuple[FoundAddress, ...] = (near,) if near else ()
    else:
        found = await find_places(here.heart, here.town, q[:MOST_TYPED])
    return Response([suggestion(one) for one in found], headers=KEPT_BRIEFLY)


def suggestion(found: FoundAddress) -> dict[str, Any]:
    return {
        "text": found.text,
        "lon": found.lon,
        "lat": found.lat,
        "postal_code": found.postal_code,
        "place": found.place,
    }
