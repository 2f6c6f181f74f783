"""What is already reported near a place."""

from litestar.params import FromQuery
from msgspec import Struct

from parvis.api.calls import Call, Given, faulty
from parvis.api.operations import WORDS, Schema, operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages, told_as
from parvis.requests.lists.nearby import similar_open
from parvis.requests.offered import type_of

LON: Schema = {"type": "number", "minimum": -180, "maximum": 180}
LAT: Schema = {"type": "number", "minimum": -90, "maximum": 90}
MUST: Schema = {"x-required": True}


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
    submitted_at: Moment
    promised_at: Moment | None


class SimilarRequests(ListAnswer, frozen=True, kw_only=True):
    """Similar open requests, nearest first."""

    items: list[SimilarShape]


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
        raise faulty("type", "not_found", "no_such_type", status=404)
    return SimilarRequests(
        items=[
            told_as(SimilarShape, each, title=languages(each.title), state_title=languages(each.state_title))
            for each in await similar_open(call.host, call.town, request_type, lon, lat)
        ]
    )
