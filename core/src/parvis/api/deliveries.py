"""The outbox for machines that watch it: what waits, what is dead, and trying again."""

from typing import Any, cast
from uuid import UUID

from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis.api.calls import AnyRequest, call_of, limited, require
from parvis.api.shapes import Deliveries, DeliveryShape, Revived
from parvis.outbox import STATES, DeliveryState, listing, revive


@get("/deliveries")
async def list_deliveries(request: AnyRequest, before: FromQuery[str] = "", limit: FromQuery[int] = 50) -> Deliveries:
    call = await call_of(request)
    limited(call, "read")
    require(call, "operate")
    wanted = tuple(part for part in request.query_params.get("state", "").split(",") if part) or (
        "dead",
        "postponed",
        "waiting",
        "claimed",
    )
    if unknown := [each for each in wanted if each not in STATES]:
        raise HTTPException(status_code=422, detail=f"`{unknown[0][:30]}` is no state; use {', '.join(STATES)}.")
    most = max(1, min(limit, 200))
    lines = await listing(cast("tuple[DeliveryState, ...]", wanted), before=_id(before) if before else None, limit=most)
    shapes = [
        DeliveryShape(
            id=str(line.id),
            reference=line.reference,
            subscriber=line.subscriber,
            event=line.event,
            state=line.state,
            attempts=line.attempts,
            made_at=line.made_at,
            due_at=line.due_at,
            trouble=line.trouble,
            external_reference=line.external_reference,
        )
        for line in lines
    ]
    return Deliveries(deliveries=shapes, next_before=shapes[-1].id if len(shapes) == most else "")


@post("/deliveries/{id:str}/revival", status_code=200)
async def revive_delivery(request: AnyRequest, id: FromPath[str]) -> Revived:
    call = await call_of(request)
    limited(call, "write")
    require(call, "operate")
    if not await revive(call.heart.engine, _id(id)):
        raise HTTPException(status_code=409, detail="This delivery is neither dead nor postponed.")
    return Revived(revived=True)


def _id(given: Any) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise HTTPException(status_code=404, detail="There is no such delivery.") from error


HANDLERS = (list_deliveries, revive_delivery)
