"""Changes of a request's money by what a provider says: told as any change, and of an erased request written alone."""

from typing import TypeVar

from parvis import clock
from parvis.db import transaction
from parvis.requests.actors import Actor
from parvis.requests.changing import AlreadyErased, Change, Conflict, NoSuchRequest, Plan, Situation, change
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.records import Record, locked

Answer = TypeVar("Answer")


async def account(host: Host, reference: str, plan: Plan[Answer], *, actor: Actor) -> Record | Answer | Conflict:
    """Change a request by a plan that moves money; money moves whether or not anything may still be told of it."""
    try:
        return await change(host, reference, plan, actor=actor)
    except AlreadyErased:
        return await _quietly(host, reference, plan)


async def _quietly(host: Host, reference: str, plan: Plan[Answer]) -> Record | Answer:
    """The rows of money alone: no entry, no message, and nothing that follows."""
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None:
            raise NoSuchRequest(reference)
        planned = await plan(await situation(host, record))
        if not isinstance(planned, Change):
            return planned
        for write in planned.writes:
            await write()
        return record


async def situation(host: Host, record: Record) -> Situation:
    """What a plan is made from, for a request that is locked already."""
    request_type, town = await type_of_record(host, record), host.jurisdictions.jurisdiction(record.jurisdiction)
    return Situation(record=record, request_type=request_type, town=town, at=clock.now())
