"""The clocks of a request, and the times at which each rested."""

from typing import Literal

from msgspec import Struct

from parvis import clock
from parvis.api.calls import Access, Call, Given
from parvis.api.operations import operation
from parvis.api.shapes import Languages, Moment, languages, told_as
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.history import entries_of
from parvis.requests.promises.replaying import replay
from parvis.requests.timeline import request_types_at


class RestShape(Struct, frozen=True, kw_only=True):
    """A time at which a clock rested, by the entries of the story with which it began and ended.

    `why` where the town stopped it: requester, elsewhere, weather; empty while an answer was awaited.
    """

    since: Moment
    until: Moment | None
    why: str
    since_entry: int
    until_entry: int | None


class ClockShape(Struct, frozen=True, kw_only=True):
    """One clock. `told` marks the promise that the resident reads as theirs."""

    code: str
    title: Languages
    state: Literal["running", "paused", "met", "missed"]
    statutory: bool
    internal: bool
    told: bool
    started_at: Moment
    due_at: Moment
    paused_at: Moment | None
    ended_at: Moment | None
    rests: list[RestShape]


class Clocks(Struct, frozen=True, kw_only=True):
    """The clocks that have begun; the town's own only for its people."""

    clocks: list[ClockShape]


@operation("GET /requests/{reference}/clocks", "The clocks of a request, and the times at which each rested", key=True)
async def list_clocks(call: Given[Call], public_access: Given[Access]) -> Clocks:
    record = public_access.record
    entries = await entries_of(record)
    request_types = await request_types_at(call.host, record, entries)
    told = replay(entries, request_types, call.host.jurisdictions.jurisdiction(record.jurisdiction), clock.now())
    shapes = [
        told_as(
            ClockShape,
            each,
            title=languages(each.allowance.title),
            statutory=each.allowance.statutory,
            internal=each.allowance.internal,
            told=each.shown,
            rests=[
                RestShape(
                    since=rest.since.at,
                    until=rest.until.at if rest.until else None,
                    why=rest.since.body.get("why", ""),
                    since_entry=rest.since.number,
                    until_entry=rest.until.number if rest.until else None,
                )
                for rest in told.rests
                if rest.code == each.code
            ],
        )
        for each in await clocks_of(record.id)
        if public_access.viewer.is_staff or not each.allowance.internal
    ]
    return Clocks(clocks=shapes)
