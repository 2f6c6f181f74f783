"""What the browser asks while an address is typed: addresses for words, the address of a point."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from parvis.jurisdictions.addresses import FoundAddress
from parvis.requests.locating import address_at, find_places
from parvis.web.addresses import patterns
from parvis.web.portal.places import KEPT_BRIEFLY
from parvis.web.portal.visit import AtPortal
from parvis_address_search.heard import STEPS

MOST_TYPED = 200


@get(patterns(*STEPS), name="addresses")
async def addresses(
    here: AtPortal, q: FromQuery[str] = "", lon: FromQuery[float | None] = None, lat: FromQuery[float | None] = None
) -> Response[list[dict[str, Any]]]:
    """Suggestions for the words typed, of equals those near the point; for a point alone, the address nearest to it."""
    point = (lon, lat) if lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90 else None
    if q:
        found = await find_places(here.host, here.town, q[:MOST_TYPED], near=point)
    else:
        near = await address_at(here.host, here.town, *point) if point else None
        found = (near,) if near else ()
    return Response([suggestion(one, here.language) for one in found], headers=KEPT_BRIEFLY)


def suggestion(found: FoundAddress, language: str) -> dict[str, Any]:
    return {
        "text": found.text,
        "lon": found.lon,
        "lat": found.lat,
        "postal_code": found.postal_code,
        "place": found.place if found.place != found.text else "",
        "kind": found.kind,
        "note": found.note.to(language),
    }
