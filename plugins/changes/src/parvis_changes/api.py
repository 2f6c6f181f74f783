"""What changed since a cursor, in one order that skips nothing."""

from datetime import datetime
from uuid import UUID

from litestar.params import FromQuery
from msgspec import Struct, structs

from parvis.api.calls import Call, Given, faulty
from parvis.api.operations import WHOLE, operation
from parvis.api.requests import ListedRequest, listed_request
from parvis.api.shapes import ListAnswer, Moment, told_as
from parvis.db.tables import ServiceRequest
from parvis.requests.access_log import AccessLog
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters, Row, queue, where_for
from parvis.requests.visibility import scope_of
from parvis_changes.clearing import cleared_until
from parvis_changes.numbering import changes_since
from parvis_changes.sealed_cursors import PATTERN, UnknownCursor, opened, sealed
from parvis_sdk.text import Text

TOO_OLD = Text(
    fr="Ce curseur est trop ancien\u00a0: des retraits survenus depuis ne sont plus indiqués. Relisez tout sans "
    "curseur, puis effacez de la copie les requêtes qui ne s’y trouvent plus.",
    en="This cursor is too old: later removals are no longer listed. Read everything again without a cursor, then "
    "delete from the copy the requests that are no longer there.",
)


class ChangedRequest(ListedRequest, frozen=True, kw_only=True):
    """A request as it is now. With `erased_at` it is a tombstone: its personal information was destroyed, and a copy
    must destroy it too; nothing will change in it any more.
    """

    erased_at: Moment | None


class RemovedRequest(Struct, frozen=True, kw_only=True):
    """A request that is no longer there, as if it had never come: a copy deletes it."""

    reference: str
    removed_at: Moment


class ChangeList(ListAnswer, frozen=True, kw_only=True):
    """What changed after the cursor, each request once, as it is now; and in `removed` what is no longer there.

    `next_cursor` is never empty: keep it and ask again with it, at once where there is `more`.
    """

    items: list[ChangedRequest]
    removed: list[RemovedRequest]
    more: bool


@operation(
    "GET /changes",
    "Requests that are new or changed since a cursor, complete and in order, for a copy",
    query={"cursor": {"type": "string", "pattern": PATTERN}, "limit": WHOLE},
    scope="requests:read",
    problems=(410,),
    tag="requests",
)
async def list_changes(call: Given[Call], cursor: FromQuery[str] = "", limit: FromQuery[int] = 50) -> ChangeList:
    secret, town = call.host.secret, call.town.code
    try:
        after = opened(secret, town, cursor)
    except UnknownCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    cleared = await cleared_until(town)
    if 0 < after < cleared:
        raise faulty("cursor", "too_old", TOO_OLD.to(call.language), status=410)
    # What the token may not see does not even move its cursor.
    seen = where_for(call.host, call.viewer, town, Filters())
    reach = scope_of(call.viewer, town, call.host.jurisdictions, "see")
    within = structs.replace(reach, besides="").condition("")
    page = await changes_since(call.host.engine, seen, within, after, limit)
    number, following = {each.id: each.number for each in page.changed}, page.last or after
    rows = sorted(await _seen(call, tuple(number)), key=lambda row: number[row.id])
    erased = await _erased(tuple(number))
    call.host.of(AccessLog).listed(call.viewer, town, "GET /changes", len(rows))
    return ChangeList(
        items=[told_as(ChangedRequest, listed_request(row, staff=True), erased_at=erased.get(row.id)) for row in rows],
        removed=[RemovedRequest(reference=each.reference, removed_at=each.removed_at) for each in page.removed],
        next_cursor=sealed(secret, town, following if page.more else max(following, cleared)),
        more=page.more,
    )


async def _erased(ids: tuple[UUID, ...]) -> dict[UUID, datetime]:
    """When the personal information of those among these requests was destroyed whose was."""
    if not ids:
        return {}
    rows = await ServiceRequest.select(ServiceRequest.id, ServiceRequest.erased_at).where(
        ServiceRequest.id.is_in(list(ids)), ServiceRequest.erased_at.is_not_null()
    )
    return {row["id"]: row["erased_at"] for row in rows}


async def _seen(call: Call, ids: tuple[UUID, ...]) -> tuple[Row, ...]:
    """Those of these requests that the token may see."""
    if not ids:
        return ()
    these = ListCondition(f"id IN ({', '.join(['{}'] * len(ids))})", ids, leads=True)
    filters, town = Filters(conditions=(these,)), call.town.code
    return (await queue(call.host, call.viewer, town, filters, sort="updated", limit=len(ids), count=False)).rows
