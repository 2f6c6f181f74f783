"""The outbox for machines that watch it: what waits, what is dead, and trying again."""

from typing import Any, cast
from uuid import UUID

from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from parvis.api.calls import AnyRequest, Call, Given, faulty
from parvis.api.operations import FIELDS, WHOLE, WORDS, operation
from parvis.api.shapes import ListAnswer, Moment, told_as
from parvis.i18n import gettext
from parvis.outbox import STATES, DeliveryState, Line, line, listing, revive
from parvis.requests.records import those_of
from parvis.requests.visibility import scope_of

USUALLY = ("dead", "postponed", "waiting", "claimed")
LOOKS = 20  # pages of the outbox that one call reads before it hands over what it found


class DeliveryShape(Struct, frozen=True, kw_only=True):
    """One event on its way to one subscriber. `trouble` is in the language of the call, as `Accept-Language` asks."""

    id: str
    reference: str
    subscriber: str
    event: str
    state: str
    attempts: int
    made_at: Moment
    due_at: Moment
    trouble: str
    external_reference: str


class Deliveries(ListAnswer, frozen=True, kw_only=True):
    """A page of deliveries, newest first."""

    items: list[DeliveryShape]


class DeliveryRevival(Struct, frozen=True, kw_only=True):
    """Whether the delivery will be tried again."""

    revived: bool


@operation(
    "GET /deliveries",
    "Deliveries to plugins and people, newest first",
    query={"state": WORDS, "cursor": WORDS, "limit": WHOLE, "fields": FIELDS},
    scope="operate",
    problems=(404,),
    tag="deliveries",
)
async def list_deliveries(
    call: Given[Call], request: AnyRequest, cursor: FromQuery[str] = "", limit: FromQuery[int] = 50
) -> Deliveries:
    wanted = tuple(part for part in request.query_params.get("state", "").split(",") if part) or USUALLY
    if not set(wanted) <= set(STATES):
        raise faulty("state", "not_offered", "one_of", offered=", ".join(STATES))
    states = cast("tuple[DeliveryState, ...]", wanted)
    lines, following = await _of_the_town(call, states, _id(cursor) if cursor else None, limit)
    return Deliveries(
        items=[_shape(each, call.language) for each in lines], next_cursor=str(following) if following else ""
    )


async def _of_the_town(
    call: Call, states: tuple[DeliveryState, ...], before: UUID | None, most: int
) -> tuple[list[Line], UUID | None]:
    """The deliveries about requests that the token reaches, and after which one to go on; the outbox knows no towns."""
    found: list[Line] = []
    for _ in range(LOOKS):
        lines = await listing(states, before=before, limit=most)
        ours = await _ours(call, {each.reference for each in lines})
        for each in lines:
            if each.reference in ours:
                found.append(each)
            before = each.id
            if len(found) == most:
                return found, before
        if len(lines) < most:
            return found, None
    return found, before


async def _ours(call: Call, references: set[str]) -> frozenset[str]:
    """Those that name requests of this town, and of the unit of the token where it has one."""
    scope = scope_of(call.viewer, call.town.code, call.host.jurisdictions, "operate")
    return await those_of((scope,), references)


def _shape(each: Line, language: str) -> DeliveryShape:
    return told_as(DeliveryShape, each, id=str(each.id), trouble=each.trouble.to(language) if each.trouble else "")


@operation(
    "POST /deliveries/{id}/revival",
    "Try a dead or postponed delivery again",
    scope="operate",
    problems=(409,),
    tag="deliveries",
)
async def revive_delivery(call: Given[Call], id: FromPath[str]) -> DeliveryRevival:
    found = await line(_id(id))
    if found is None or not await _ours(call, {found.reference}):
        raise HTTPException(status_code=404, detail=gettext("There is no such delivery."))
    if not await revive(call.host.engine, _id(id)):
        raise HTTPException(status_code=409, detail=gettext("This delivery is neither dead nor postponed."))
    return DeliveryRevival(revived=True)


def _id(given: Any) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise HTTPException(status_code=404, detail=gettext("There is no such delivery.")) from error
