"""The requests that figures of plugins read: those that are counted, as far as the scope of a figure goes."""

from parvis.db.tables import ServiceRequest
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.records import Record, records_of
from parvis.selection import Where
from parvis_sdk.figures import MOST_READ, CountedRequest
from parvis_sdk.finding import Scope, told_answers

AMONG = """
SELECT {what} FROM service_request r WHERE {where} AND r.type IN ({types}) AND r.erased_at IS NULL
AND r.merged_into IS NULL"""


async def read_in(host: Host, counted: Where, scopes: tuple[Scope, ...]) -> tuple[tuple[CountedRequest, ...], int]:
    """The newest requests of these scopes among those that are counted, and how many others there are.

    Those whose person was erased, and those that go on with another, are not read.
    """
    by_type = {code: scope for scope in reversed(scopes) for code in scope.types}
    said = {"where": counted.sql, "types": ", ".join(["{}"] * len(by_type))}
    values = (*counted.values, *by_type)
    newest = f"{AMONG.format(what='r.reference', **said)} ORDER BY r.id DESC LIMIT {{}}"
    rows = await ServiceRequest.raw(newest, *values, MOST_READ)
    records = await records_of([str(row["reference"]) for row in rows])
    read = tuple([await _told(host, each, by_type[each.type]) for each in records])
    if len(rows) < MOST_READ:
        return read, 0
    (all_,) = await ServiceRequest.raw(AMONG.format(what="COUNT(*) AS n", **said), *values)
    return read, int(all_["n"]) - len(read)


async def _told(host: Host, record: Record, scope: Scope) -> CountedRequest:
    pinned = await declaration(host, record.declaration) if record.declaration else None
    named = record.identity == "named"
    return CountedRequest(
        reference=record.reference,
        remembered={},
        type=record.type,
        phase=record.phase,
        submitted_at=record.submitted_at,
        closed_at=record.closed_at,
        state=record.state,
        answers=told_answers(scope, pinned, record.answers, named=named) if pinned else {},
        place=record.place if scope.place else None,
    )
