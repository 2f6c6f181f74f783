"""Several reports of one thing made one: how each would fare, and who would be told of it and how."""

from collections.abc import Sequence

from msgspec import Struct

from parvis.requests.contacts import contact_methods, known_of_all, way_to
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.records import Record, find
from parvis.requests.relations.merged import ways_along
from parvis.requests.relations.ties import NO_SUCH
from parvis.requests.visibility import Viewer
from parvis_merging.merging import Beside, beside, hindered
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

OWN = "own"
ANOTHER_TYPE = Text(
    fr="Cette requête n’est pas du même type que celle qui est gardée. Fusionnez-la depuis sa "
    "page, qui les montre côte à côte.",
    en="This request is not of the same type as the one that is kept. Merge it from its own page, "
    "which shows both side by side.",
)


class MergePreview(Struct, frozen=True, kw_only=True):
    """How one request would fare: why it would not be merged, or how its person is told and how many follow it.

    `told` names their contact method; "own" is somebody told by another report of theirs, "" somebody told nothing:
    nobody is known, or they want no messages.
    """

    record: Record
    refused: Denied | None
    told: str = ""
    followers: int = 0


async def weigh(host: Host, viewer: Viewer, records: Sequence[Record], into: str) -> tuple[MergePreview, ...]:
    """How each of these would fare, in their order; no more statements for many than for one."""
    other, near = await find(host, into), await beside(host, records)
    refusals = [await _refused(host, viewer, record, other, near) for record in records]
    able = [record for record, refused in zip(records, refusals, strict=True) if refused is None]
    known = await known_of_all(able)
    heard = await ways_along(other) if other is not None else set()
    weighed = []
    for record, refused in zip(records, refusals, strict=True):
        told = ""
        person, reach = known.get(record.id, (None, None))
        if refused is None and person is not None and reach is not None and reach.wants:
            methods = contact_methods(host, host.jurisdictions.jurisdiction(record.jurisdiction))
            way = way_to(person, methods, mail_returns=reach.returned_at is not None)
            told = way.name if way else ""
            same = person.email.lower() or person.phone
            told = OWN if same in heard else told
            heard.add(same)
        followers = near.followers.get(record.id, 0) if refused is None else 0
        weighed.append(MergePreview(record=record, refused=refused, told=told, followers=followers))
    return tuple(weighed)


async def _refused(host: Host, viewer: Viewer, record: Record, other: Record | None, near: Beside) -> Denied | None:
    request_type = await type_of_record(host, record)
    return hindered(host, viewer, record, request_type, other, near) or of_another_type(record, other)


def of_another_type(record: Record, other: Record | None) -> Denied | None:
    """Among many nobody looks at each: what is not of one type is merged one by one."""
    if other is None:
        return Denied(code="unknown", reason=NO_SUCH)
    return None if record.type == other.type else Denied(code="not_possible", reason=ANOTHER_TYPE)
