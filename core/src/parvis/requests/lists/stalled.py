"""Stalled work: how many requests are in each of some lists, and since when the first of them has been there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, where_for
from parvis.requests.visibility import Viewer

Since = Literal["submitted_at", "updated_at", "promised_at", "follow_up_at"]
COUNTED = "SELECT {number} AS number, COUNT(*) AS requests, MIN({since}) AS since FROM service_request WHERE {where}"
HELD = "SELECT assignee, COUNT(*) AS requests FROM service_request WHERE {where} GROUP BY assignee"


class StalledCount(Struct, frozen=True, kw_only=True):
    """So many requests, the first since then."""

    requests: int = 0
    since: datetime | None = None


async def stalled_counts(
    host: Host, viewer: Viewer, jurisdiction: str, lists: Sequence[tuple[Filters, Since]]
) -> tuple[StalledCount, ...]:
    """Each of these lists as this viewer has it, counted in one statement, however long they are."""
    parts, values = [], []
    for number, (filters, since) in enumerate(lists):
        where, given = where_for(host, viewer, jurisdiction, filters)
        parts.append(COUNTED.format(number=number, since=since, where=where))
        values += given
    rows = await ServiceRequest.raw(" UNION ALL ".join(parts), *values)
    return tuple(stalled_of(row) for row in sorted(rows, key=lambda row: row["number"]))


def stalled_of(row: Mapping[str, Any]) -> StalledCount:
    """A row of such a count; SQLite tells the least moment as the text that stands there."""
    told = row["since"]
    since = datetime.fromisoformat(told) if isinstance(told, str) else told
    return StalledCount(requests=row["requests"], since=since)


async def held_by(host: Host, viewer: Viewer, jurisdiction: str, ids: Collection[str]) -> tuple[UUID, ...]:
    """Those of these agents who hold open requests; one statement, none where there is nobody to ask about."""
    if not ids:
        return ()
    where, values = where_for(host, viewer, jurisdiction, Filters(open=True, holders=tuple(ids)))
    rows = await ServiceRequest.raw(HELD.format(where=where), *values)
    return tuple(row["assignee"] for row in sorted(rows, key=lambda row: -row["requests"]))
