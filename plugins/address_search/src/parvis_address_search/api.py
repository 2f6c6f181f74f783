"""The API of a town whose addresses can be searched."""

from typing import Literal

from litestar.params import FromQuery
from msgspec import Struct

from parvis.api.calls import Call, Given
from parvis.api.operations import LAT, LON, WHOLE, WORDS, operation
from parvis.api.shapes import Languages, ListAnswer, languages
from parvis.jurisdictions.addresses import FoundAddress
from parvis.requests.locating import address_at, find_places


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


class Addresses(ListAnswer, frozen=True, kw_only=True):
    """Addresses, best first."""

    items: list[FoundAddressShape]


@operation(
    "GET /addresses",
    "Addresses, intersections and places that the words may mean; without words, the address of a point",
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
    if point and not q.strip():
        nearest = await address_at(call.host, call.town, *point)
        return Addresses(items=[address_shape(nearest)] if nearest else [])
    found = await find_places(call.host, call.town, q, limit, point)
    return Addresses(items=[address_shape(each) for each in found])


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
