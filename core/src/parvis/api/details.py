"""The details of a request: every version of its answers, its clocks, and what it is tied to."""

from typing import Any, Literal

from msgspec import Struct

from parvis import clock
from parvis.api.calls import Access, Call, Given, not_found
from parvis.api.operations import operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages, told_as
from parvis.requests.answer_versions import versions_for
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.promises.replaying import replay
from parvis.requests.relations.ties import seen_by, ties_of
from parvis.requests.timeline import request_types_at


class VersionShape(Struct, frozen=True, kw_only=True):
    """One version of an answer; `value` is null once it was taken back, `by` tells whether the requester gave it."""

    number: int
    entry: int
    at: Moment
    by: Literal["requester", "town"]
    value: Any
    digest: str


class VersionedShape(Struct, frozen=True, kw_only=True):
    """A question with every version of its answer."""

    field: str
    versions: list[VersionShape]


class Versions(ListAnswer, frozen=True, kw_only=True):
    """Every version that the caller may see, by question."""

    items: list[VersionedShape]


@operation(
    "GET /requests/{reference}/versions",
    "Every version of every answer that the caller may see, oldest first",
    key=True,
)
async def list_versions(call: Given[Call], access: Given[Access]) -> Versions:
    record, viewer = access.record, access.viewer
    if viewer.kind == "public":
        raise not_found()
    request_type = await type_of_record(call.host, record)
    formerly = await request_types_at(call.host, record, await entries_of(record))
    return Versions(
        items=[
            VersionedShape(
                field=field.code,
                versions=[
                    told_as(VersionShape, each, by="requester" if each.actor.kind == "requester" else "town")
                    for each in versions
                ],
            )
            for field, versions in await versions_for(viewer, record, request_type, call.host.jurisdictions, formerly)
        ]
    )


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


class Clocks(ListAnswer, frozen=True, kw_only=True):
    """The clocks that have begun; the town's own only for its people."""

    items: list[ClockShape]


@operation("GET /requests/{reference}/clocks", "The clocks of a request, and when each was paused", key=True)
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
    return Clocks(items=shapes)


class TieShape(Struct, frozen=True, kw_only=True):
    """What the request is tied to: with `from_here` the request asked about is `kind` the other, else the other way."""

    kind: str
    from_here: bool
    reference: str
    type: str
    title: Languages
    state: str
    phase: str
    since: Moment


class Ties(ListAnswer, frozen=True, kw_only=True):
    """Everything that a request is tied to, as far as the caller may see it, oldest tie first."""

    items: list[TieShape]


@operation(
    "GET /requests/{reference}/ties",
    "The links of a request to others, as far as the caller may see them",
    scope="requests:read",
)
async def list_ties(call: Given[Call], access: Given[Access]) -> Ties:
    ties = []
    for each in seen_by(access.viewer, await ties_of(access.record), call.host.jurisdictions):
        request_type = await type_of_record(call.host, each.record)
        beside: dict[str, Any] = {"kind": each.kind, "from_here": each.ours, "since": each.since}
        ties.append(told_as(TieShape, each.record, title=languages(request_type.title), **beside))
    return Ties(items=ties)
