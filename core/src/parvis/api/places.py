"""Finding places and what is already reported near them."""

from litestar import get
from litestar.exceptions import HTTPException
from litestar.params import FromQuery

from parvis.api.calls import AnyRequest, call_of, limited
from parvis.api.shapes import Addresses, FoundAddressShape, SimilarRequests, SimilarShape, languages
from parvis.requests.heart import type_of
from parvis.requests.locating import find_places
from parvis.requests.similar import similar_open


@get("/addresses")
async def find_addresses(request: AnyRequest, q: FromQuery[str], limit: FromQuery[int] = 8) -> Addresses:
    call = await call_of(request)
    limited(call, "read")
    found = await find_places(call.heart, call.town, q[:200], max(1, min(limit, 50)))
    return Addresses(
        addresses=[
            FoundAddressShape(text=each.text, lon=each.lon, lat=each.lat, postal_code=each.postal_code)
            for each in found
        ]
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
