"""Ties between requests: which there are."""

from typing import Any

from msgspec import Struct

from parvis.api.calls import Access, Call, Given
from parvis.api.operations import operation
from parvis.api.shapes import Languages, Moment, languages, told_as
from parvis.requests.declarations import type_of_record
from parvis.requests.relations.ties import seen_by, ties_of


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


class Ties(Struct, frozen=True, kw_only=True):
    """Everything that a request is tied to, as far as the caller may see it, oldest tie first."""

    ties: list[TieShape]


@operation(
    "GET /requests/{reference}/ties",
    "What a request is tied to, as far as the caller may see it",
    scope="requests:read",
)
async def list_ties(call: Given[Call], access: Given[Access]) -> Ties:
    ties = []
    for each in seen_by(access.viewer, await ties_of(access.record), call.host.jurisdictions):
        request_type = await type_of_record(call.host, each.record)
        beside: dict[str, Any] = {"kind": each.kind, "from_here": each.ours, "since": each.since}
        ties.append(told_as(TieShape, each.record, title=languages(request_type.title), **beside))
    return Ties(ties=ties)
