"""Finding places and what is already reported near them."""

from datetime import datetime
from typing import Literal

from litestar.exceptions import HTTPException
from litestar.params import FromQuery
from msgspec import Struct

from parvis.api.calls import Call, Given
from parvis.api.operations import WHOLE, WORDS, Schema, operation
from parvis.api.shapes import Languages, languages
from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.requests.lists.nearby import similar_open
from parvis.requests.locating import address_at, find_places
from parvis.requests.offered import type_of

LON: Schema = {"type": "number", "minimum": -180, "maximum": 180}
LAT: Schema = {"type": "number", "minimum": -90, "maximum": 90}
MUST: Schema = {"x-required": True}


class FoundAddressShape(Struct, frozen=True, kw_only=True):
    """A place that the words may mean.

    `fit`: as typed, with slips mended, with words completed, or only near what was asked: then `note` says so.
    """

    text: str
    lon: float
    lat: float
    postal_code: str
    place: str
    kind: Literal["address", "crossing", "place", "street"]
    fit: Literal["exact", "corrected", "completed", "near"]
    note: Languages
    metres: int | None


class Addresses(Struct, frozen=True, kw_only=True):
    """Addresses, best first."""

    addresses: list[FoundAddressShape]


class SimilarShape(Struct, frozen=True, kw_only=True):
    """An open request nearby that can be followed instead of filing again."""

    reference: str
    title: Languages
    state_title: Languages
    phase: str
    address: str
    lon: float
    lat: float
    metres: int
    submitted_at: datetime
    promised_at: datetime | None


class SimilarRequests(Struct, frozen=True, kw_only=True):
    """Similar open requests, nearest first."""

    requests: list[SimilarShape]


@operation(
    "GET /addresses",
    "Addresses, crossings and places that the words may mean; without words, the address of a point",
    query={"q": WORDS, "lon": LON, "lat": LAT, "limit": WHOLE | {"maximum": 50, "default": 8}},
    tag="places",
)
async def find_addresses(
    call: Given[Call],
    q: FromQuery[str] = "",
    lon: FromQuery[float | None] = None,
    lat: FromQuery[float | None] = None,
    limit: FromQuery[int] = 8,
) -> Addresses:
    """Of equals those near the point."""
    point = (lon, lat) if lon is not None and lat is not None else None
    if point and not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
        raise HTTPException(status_code=422, detail="`lon` and `lat` are degrees.")
    if point and not q.strip():
        nearest = await address_at(call.host, call.town, *point)
        return Addresses(addresses=[address_shape(nearest)] if nearest else [])
    found = await find_places(call.host, call.town, q[:200], max(1, min(limit, 50)), point)
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


@operation(
    "GET /similar-requests",
    "Open requests of the same type near a place",
    query={"type": WORDS | MUST, "lon": LON | MUST, "lat": LAT | MUST},
    problems=(404,),
    tag="places",
)
async def find_similar_requests(
    call: Given[Call], type: FromQuery[str], lon: FromQuery[float], lat: FromQuery[float]
) -> SimilarRequests:
    request_type = type_of(call.host, call.town, type)
    if request_type is None:
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
            for each in await similar_open(call.host, call.town, request_type, lon, lat)
        ]
    )
