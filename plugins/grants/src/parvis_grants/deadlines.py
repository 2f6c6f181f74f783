"""What soon ends, is to be done or waits to be looked at, of all requests that somebody sees: four statements."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.lists.cursors import after_due, by_due, due_cursor
from parvis.requests.visibility import Viewer, scope_of
from parvis_grants.tables import Obligation as ObligationRow
from parvis_grants.tables import Validity as ValidityRow
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

What = Literal["all", "proofs", "overdue", "conditions", "ends"]
MOST = 200
AHEAD = timedelta(days=90)
ENDING = "p.state IN ('valid', 'suspended') AND p.until IS NOT NULL AND p.until < {}"
OWED = "(p.state IN ('open', 'due', 'overdue') AND (p.due_at IS NULL OR p.due_at < {}))"
PROVED = "p.state = 'proved'"
LATE = "(p.state IN ('due', 'overdue') OR (p.state = 'open' AND p.due_at < {}))"
RUNNING_OUT = "(p.state = 'met' AND p.due_at < {})"


class DeadlineFilters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for, how far ahead; empty parts do not narrow."""

    what: What = "all"
    types: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ahead: timedelta = AHEAD


class Deadline(Struct, frozen=True, kw_only=True):
    """One line: a validity that ends, or something that a decision requires, with its request."""

    id: UUID
    part: Literal["validity", "obligation"]
    code: str
    title: Text
    demand: Text | None
    state: str
    at: datetime | None
    reference: str
    type: str
    type_title: Text
    address: str
    unit: str


class FoundDeadlines(Struct, frozen=True, kw_only=True):
    """A page of a list, how many there are in all, and where the next page begins (empty on the last)."""

    rows: tuple[Deadline, ...]
    total: int
    next_cursor: str


async def deadlines_for(
    host: Host, viewer: Viewer, jurisdiction: str, filters: DeadlineFilters, *, limit: int = 50, cursor: str = ""
) -> FoundDeadlines:
    """What this viewer may see of it, the first due at the top; what has no date comes last."""
    limit = max(1, min(limit, MOST))
    where, values = _of_requests(host, viewer, jurisdiction, filters)
    rows: list[dict[str, Any]] = []
    total = 0
    for part, condition, asked in _parts(filters):
        column = "until" if part == "validity" else "due_at"
        after, more = after_due("p", column, cursor)
        table = "validity" if part == "validity" else "obligation"
        joined = f"FROM {table} p JOIN service_request r ON r.id = p.request WHERE {condition} AND {where}"
        # Columns and conditions are ours; what was asked for travels as values.
        found = await _model(part).raw(
            f"SELECT p.*, r.reference, r.type, r.declaration, r.address, r.unit {joined}{after} "
            f"ORDER BY {by_due('p', column)} LIMIT {limit + 1}",
            *asked,
            *values,
            *more,
        )
        counted = await _model(part).raw(f"SELECT count(*) AS total {joined}", *asked, *values)
        rows += [row | {"part": part, "at": row[column]} for row in found]
        total += counted[0]["total"]
    rows.sort(key=lambda row: (row["at"] is None, row["at"].isoformat() if row["at"] else "", row["id"].bytes))
    last = rows[limit - 1] if len(rows) > limit else None
    return FoundDeadlines(
        rows=tuple([await _listed(host, row) for row in rows[:limit]]),
        total=total,
        next_cursor=due_cursor(last, "at") if last else "",
    )


def _model(part: str) -> Any:
    return ValidityRow if part == "validity" else ObligationRow


def _parts(filters: DeadlineFilters) -> list[tuple[str, str, list[Any]]]:
    """The kinds of part to ask, each with its condition and what that asks for."""
    now, until = clock.now(), clock.now() + filters.ahead
    match filters.what:
        case "ends":
            return [("validity", ENDING, [until])]
        case "proofs":
            return [("obligation", PROVED, [])]
        case "overdue":
            return [("obligation", LATE, [now])]
        case "conditions":
            return [("obligation", f"({OWED} OR {PROVED} OR {RUNNING_OUT})", [until, until])]
    return [
        ("validity", ENDING, [until]),
        ("obligation", f"({OWED} OR {PROVED} OR {RUNNING_OUT})", [until, until]),
    ]


def _of_requests(host: Host, viewer: Viewer, jurisdiction: str, filters: DeadlineFilters) -> tuple[str, list[Any]]:
    seen, values = scope_of(viewer, jurisdiction, host.jurisdictions, "see").condition()
    parts = [seen, "r.erased_at IS NULL"]
    for column, among in (("r.unit", filters.units), ("r.type", filters.types)):
        if among:
            parts.append(f"{column} IN ({', '.join(['{}'] * len(among))})")
            values += [clean(each) for each in sorted(among)]
    return " AND ".join(parts), values


async def _listed(host: Host, row: dict[str, Any]) -> Deadline:
    request_type = await declaration(host, row["declaration"])  # known by host after the first of its kind
    part = next((each for each in request_type.parts if each.part == row["part"] and each.code == row["code"]), None)
    demand = msgspec.json.decode(row["demand"], type=Text) if row["part"] == "obligation" else None
    return Deadline(
        id=row["id"],
        part=row["part"],
        code=row["code"],
        title=part.title if part else Text(fr=row["code"]),
        demand=demand,
        state=row["state"],
        at=row["at"],
        reference=row["reference"],
        type=row["type"],
        type_title=request_type.title,
        address=row["address"],
        unit=row["unit"],
    )
