"""Free words that wait for somebody of the town to read them before they are public."""

from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.requests.records import Record, record_of


async def words_to_read(scope: Scope, limit: int = 100) -> tuple[Record, ...]:
    """Requests of this scope whose free words wait for somebody of the town to read them.

    The newest come first: words of years ago, as a migration brings, do not keep those of today off the page.
    """
    condition, values = scope.condition("r")
    rows = await ServiceRequest.raw(
        f"SELECT r.* FROM service_request r WHERE r.words_wait AND r.public AND r.erased_at IS NULL AND {condition} "  # noqa: S608 - ours
        f"ORDER BY r.submitted_at DESC, r.id DESC LIMIT {limit}",
        *values,
    )
    return tuple(record_of(row) for row in rows)
