"""What was revealed for a reason: for whom it is open now, and everything that was, for the person in charge."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import KEPT, kept_from
from parvis.db.tables import Entry
from parvis.jurisdictions import Jurisdictions
from parvis.requests.lists.cursors import before_latest, page_of_latest
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, may

SHORTEST_REASON = 5  # characters
OPEN_FOR = timedelta(minutes=15)  # after a reveal its answers, files and documents are open to whoever gave the reason
MOST = 50
# Where something was revealed, in the words of the index: a whole file is taken away without a reason too.
OF_TOWN = f"""
SELECT e.id, e.at, e.kind, e.actor_id, e.actor_name, e.body, r.reference
FROM entry e JOIN service_request r ON r.id = e.request
WHERE e.kind IN ('revealed', 'taken') AND (e.kind = 'revealed' OR e.body LIKE '%"reason"%')
AND r.jurisdiction = {{}} AND r.id NOT IN ({KEPT}) AND (e.at < {{}} OR (e.at = {{}} AND e.id < {{}}))
ORDER BY e.at DESC, e.id DESC LIMIT {MOST + 1}"""  # noqa: S608 - ours


class Reveal(Struct, frozen=True, kw_only=True):
    """Somebody saw what is kept confidential: when, of which request, why; `whole` with the whole file taken away."""

    id: UUID
    at: datetime
    name: str
    reference: str
    reason: str
    whole: bool


async def with_reveals(viewer: Viewer, record: Record, territory: Jurisdictions) -> Viewer:
    """The viewer with this request open to them where they have just said why; one statement, for who has the right."""
    if viewer.kind not in ("agent", "token") or not may(viewer, "reveal", record, territory):
        return viewer
    since = clock.now() - OPEN_FOR
    theirs = (Entry.request == record.id) & (Entry.kind == "revealed") & (Entry.actor_id == viewer.id)
    if not await Entry.exists().where(theirs & (Entry.at > since)):
        return viewer
    return structs.replace(viewer, revealing=viewer.revealing | {record.reference})


async def reveals_in(jurisdiction: str, cursor: str = "", *, reader: str = "") -> tuple[tuple[Reveal, ...], str]:
    """Everything that was revealed in a town, the latest first, a page of it, and where the next page begins.

    What is kept from the reader by a conflict of interest is left out.
    """
    found = await Entry.raw(OF_TOWN, jurisdiction, kept_from(reader), *before_latest(cursor))
    rows, after = page_of_latest(found, MOST)
    return tuple(_reveal(row) for row in rows), after


def _reveal(row: Mapping[str, Any]) -> Reveal:
    return Reveal(
        id=row["id"],
        at=row["at"],
        name=row["actor_name"],
        reference=row["reference"],
        reason=msgspec.json.decode(row["body"]).get("reason", ""),
        whole=row["kind"] == "taken",
    )
