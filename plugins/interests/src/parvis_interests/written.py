"""Conflicts that were written on requests, for the person in charge of privacy, who need not see the requests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from parvis.access_scope import KEPT, excluding
from parvis.db.tables import Entry
from parvis.requests.lists.cursors import before_latest, page_of_latest

MOST_LINES = 50
# Worded as in the partial index. What was declared ahead stands in the list of declarations, with its reason.
WRITTEN = f"""
SELECT e.id, e.at, e.kind, e.actor_name, e.body, e.personal, r.reference
FROM entry e JOIN service_request r ON r.id = e.request
WHERE e.kind IN ('kept_away', 'let_back') AND e.body NOT LIKE '%"declared"%'
AND r.jurisdiction = {{}} AND r.id NOT IN ({KEPT}) AND (e.at < {{}} OR (e.at = {{}} AND e.id < {{}}))
ORDER BY e.at DESC, e.id DESC LIMIT {MOST_LINES + 1}"""  # noqa: S608 - ours


class WrittenConflict(Struct, frozen=True, kw_only=True):
    """A conflict written on one request, or its end (`back`): about whom, by whom and why; erasure takes the reason."""

    at: datetime
    reference: str
    name: str
    by: str
    back: bool
    reason: str


async def written_conflicts(
    jurisdiction: str, cursor: str = "", *, reader: str = ""
) -> tuple[tuple[WrittenConflict, ...], str]:
    """Conflicts written on requests of a town, the latest first, a page of them, and where the next page begins.

    What is kept from the reader by a conflict of their own is left out.
    """
    found = await Entry.raw(WRITTEN, jurisdiction, excluding(reader), *before_latest(cursor))
    rows, after = page_of_latest(found, MOST_LINES)
    return tuple(_written(row) for row in rows), after


def _written(row: Mapping[str, Any]) -> WrittenConflict:
    return WrittenConflict(
        at=row["at"],
        reference=row["reference"],
        name=msgspec.json.decode(row["body"]).get("name", ""),
        by=row["actor_name"],
        back=row["kind"] == "let_back",
        reason=msgspec.json.decode(row["personal"]).get("words", "") if row["personal"] else "",
    )
