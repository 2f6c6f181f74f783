"""Versions of answers, as on the pages."""

from typing import Any, Literal

from msgspec import Struct

from parvis.api.calls import Access, Call, Given, not_found
from parvis.api.operations import operation
from parvis.api.shapes import Moment, told_as
from parvis.requests.answer_versions import versions_for
from parvis.requests.declarations import type_of_record


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


class Versions(Struct, frozen=True, kw_only=True):
    """Every version that the caller may see, by question."""

    answers: list[VersionedShape]


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
    return Versions(
        answers=[
            VersionedShape(
                field=field.code,
                versions=[
                    told_as(VersionShape, each, by="requester" if each.actor.kind == "requester" else "town")
                    for each in versions
                ],
            )
            for field, versions in await versions_for(viewer, record, request_type, call.host.jurisdictions)
        ]
    )
