"""What is already reported near a place, and the address of somebody who would follow it."""

from litestar.params import FromQuery
from msgspec import Struct

from parvis.api.calls import Access, AnyRequest, Call, Given, body_of, faulty, not_found, unprocessable
from parvis.api.operations import LAT, LON, WORDS, Schema, operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages, told_as
from parvis.requests.lists.nearby import similar_open
from parvis.requests.offered import type_of
from parvis.requests.persons.followers import follow
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

MUST: Schema = {"x-required": True}
FOLLOWER = Email(code="email", label=Text(fr="Courriel", en="Email"))


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


class NewFollower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wants to be told; a link to confirm is sent to the address."""

    email: str
    language: str = "fr"


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


@operation(
    "POST /requests/{reference}/followers",
    "Follow a public request; a link to confirm is sent by email",
    status=202,
    body=NewFollower,
    pace="submit",
)
async def follow_request(call: Given[Call], request: AnyRequest, public_access: Given[Access]) -> None:
    """The answer is the same whether or not the address follows already."""
    record, body = public_access.record, await body_of(request)
    if not record.public:
        raise not_found()
    email = read_value(FOLLOWER, body.get("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        raise unprocessable(email, call.language)
    language = body.get("language")
    await follow(call.host, record.reference, email, language if language in call.town.languages else call.language)
