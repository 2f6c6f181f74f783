"""Finding places and what is already reported near them."""

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromQuery

from parvis.api.calls import AnyRequest, call_of, limited
from parvis.api.place_shapes import Addresses, FoundAddressShape, SimilarRequests, SimilarShape
from parvis.api.shapes import languages
from parvis.requests.heart import type_of
from parvis.requests.lists.similar import similar_open
from parvis.requests.places.locating import address_at, find_places
from parvis.territory import FoundAddress


@get("/addresses")
async def find_addresses(
    request: AnyRequest,
    q: FromQuery[str] = "",
    lon: FromQuery[float | None] = None,
    lat: FromQuery[float | None] = None,
    limit: FromQuery[int] = 8,
) -> Addresses:
    """Addresses, crossings and places for words, of equals those near a point; for a point alone, its address."""
    call = await call_of(request)
    limited(call, "read")
    point = (lon, lat) if lon is not None and lat is not None else None
    if point and not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
        raise HTTPException(status_code=422, detail="`lon` and `lat` are degrees.")
    if point and not q.strip():
        nearest = await address_at(call.heart, call.town, *point)
        return Addresses(addresses=[address_shape(nearest)] if nearest else [])
    found = await find_places(call.heart, call.town, q[:200], max(1, min(limit, 50)), point)
    return Addresses(addresses=[address_shape(each) for each in found])


def address_shape(found: FoundAddress) -> FoundAddressShape:
    return FoundAddressShape(
        text=found.text,
        lon=found.lon,
        lat=found.lat,
        postal_code=found.postal_code,
        place=found.place,
        kind=found.kind,
        fit=found.fit,
        note=languages(found.note),
        metres=found.metres,
    )


@get("/similar-requests")
async def find_similar(
    request: AnyRequest, type: FromQuery[str], lon: FromQuery[float], lat: FromQuery[float]
) -> SimilarRequests:
    call = await call_of(request)
    limited(call, "read")
    kind = type_of(call.heart, call.town, type)
    if kind is None:
        raise HTTPException(status_code=404, detail=f"This town offers no request type `{type[:60]}`.")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise HTTPException(status_code=422, detail="`lon` and `lat` are degrees.")
    return SimilarRequests(
        requests=[
            SimilarShape(
                reference=each.reference,
                title=languages(each.title),
                state_title=languages(each.state_title),
                phase=each.phase,
                address=each.address,
                lon=each.lon,
                lat=each.lat,
                metres=each.metres,
                submitted_at=each.submitted_at,
                promised_at=each.promised_at,
            )
            for each in await similar_open(call.heart, call.town, kind, lon, lat)
        ]
    )


HANDLERS = (find_addresses, find_similar)
