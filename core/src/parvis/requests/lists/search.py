"""Finding requests: the desk's queue and the public list, filtered, ordered and paged by the same rules."""

import math
import re
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.db.text_search import Part, TextQuery
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.outbox.deliveries import CONNECTOR, UNFINISHED
from parvis.requests.declarations import declaration, each_readable
from parvis.requests.host import Host
from parvis.requests.lists.cursors import cursor_of, read_cursor
from parvis.requests.lists.first_shown import declared_by_town, first_shown
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.text_queries import NOTHING, OF_FEW, held_by_row, lead_for, sought_in, with_slips
from parvis.requests.records import COLUMNS, Record, record_of, state_title
from parvis.requests.visibility import PUBLIC, Permission, Viewer, place_for, scope_of, zone_for
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

Sort = Literal["due", "newest", "oldest", "updated"]
MOST = 200
MOST_COUNTED = 10_000
FEW = 1_000  # requests with some words that are sorted sooner than a list is walked; no more are counted
READ_EACH, TIMES_AS_LONG = 2_000, 10  # requests whose words are read sooner than an index of words; slips take longer
OF_LEAD, OPEN = "service_request.id = t.request", "phase <> 'closed'"
BROKEN = "(promise = 'missed' AND phase NOT IN ('decided', 'closed'))"
LATE = f"({OPEN} AND ({BROKEN} OR (promise = 'running' AND promised_at < {{}})))"
TO_BE_TOLD = f"SELECT request FROM delivery WHERE {UNFINISHED} AND subscriber LIKE '{CONNECTOR}%'"  # noqa: S608 - ours
NARROW = (
    *("types", "themes", "categories", "units", "zones", "priorities", "assignee", "holders", "open", "late"),
    *("elsewhere", "stopped", "conditions", "box", "near"),
)
STOPPED = "id IN (SELECT request FROM delivery WHERE state = 'dead')"
_HAS_ANSWERED = "EXISTS (SELECT 1 FROM entry WHERE entry.request = service_request.id AND entry.kind = 'external')"
ELSEWHERE = f"((length(external_references) > 2 AND {_HAS_ANSWERED}) OR id IN ({TO_BE_TOLD}))"


class Filters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for; empty parts do not narrow. `open` None means closed ones too."""

    text: str = ""
    types: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    assignee: str = ""  # an agent's id, or "none"
    holders: tuple[str, ...] = ()  # any of these agents
    outside: tuple[str, ...] = ()  # in none of these units
    rights: tuple[Permission, ...] = ()  # only where the viewer holds these too
    late: bool = False
    elsewhere: bool = False  # another system has answered with its number, or is still to be told
    stopped: bool = False  # something that was to be told of it stopped on its way
    open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    decided_since: datetime | None = None
    decided_until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    conditions: tuple[ListCondition, ...] = ()  # what modules narrow by
    box: tuple[float, float, float, float] | None = None  # west, south, east, north
    near: tuple[float, float, int] | None = None  # longitude, latitude, metres around


class Row(Struct, frozen=True, kw_only=True):
    """One line of a list. What the town declares itself has a `subject` and says which `zones` it is about."""

    id: UUID
    reference: str
    type: str
    title: Text
    state: str
    state_title: Text
    phase: str
    unit: str
    assignee: UUID | None
    zone: str
    address: str
    lon: float | None
    lat: float | None
    channel: str
    identity: str
    submitted_at: datetime
    updated_at: datetime
    state_since: datetime
    promised_at: datetime | None
    promise: str
    is_late: bool
    priority: int
    undone: bool  # a promise that was kept was broken by a reopening
    version: int
    words: str = ""  # the first that were typed, for agents
    photo: str = ""  # the id of the first picture, for agents
    merged: int = 0  # others that were merged into it
    by_town: bool = False
    subject: Text | None = None
    zones: tuple[str, ...] = ()


class ResultPage(Struct, frozen=True, kw_only=True):
    """A page of a list, how many there are in all, and where the next page begins (empty on the last).

    Counting stops somewhere: there are `more` than `total` then. `near` when nothing holds the words as they were typed
    and these hold what comes close; `too_short` when what was typed is no word to look for.
    """

    rows: tuple[Row, ...]
    total: int
    next_cursor: str
    more: bool = False
    near: bool = False
    too_short: bool = False


class _Clauses:
    """Parts of a WHERE with their values; `{}` stands for each value, as Piccolo's raw queries want it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[Any] = []

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values.extend(values)

    def add_in(self, column: str, values: tuple[str, ...] | tuple[int, ...] | tuple[UUID, ...]) -> None:
        if values:
            given = [clean(value) if isinstance(value, str) else value for value in values]
            self.add(f"{column} IN ({', '.join(['{}'] * len(values))})", *given)

    def sql(self) -> str:
        return " AND ".join(self.parts) or "1 = 1"


async def queue(
    host: Host,
    viewer: Viewer,
    jurisdiction: str,
    filters: Filters,
    *,
    sort: Sort = "due",
    limit: int = 50,
    cursor: str = "",
    count: bool = True,
) -> ResultPage:
    """The requests that this viewer may see and that fit; with sort "due" those due first come first.

    One statement, however many rows there are; where words are looked for the first tells how many hold them, and is
    the only one where they are few; on SQLite one before it tells how many other filters leave. Where no request holds
    the words, those come that hold what is one slip away.
    """
    limit = max(1, min(limit, MOST))
    if _is_too_short(filters.text):
        return ResultPage(rows=(), total=0, next_cursor="", too_short=True)
    asked = sought_in(filters.text)
    found = await _found(host, viewer, jurisdiction, filters, asked, sort, limit, cursor, count)
    close = tuple(with_slips(each) or each for each in asked)
    if found.rows or close == asked:
        return found
    found = await _found(host, viewer, jurisdiction, filters, close, sort, limit, cursor, count)
    return structs.replace(found, near=bool(found.rows))


def _is_too_short(text: str) -> bool:
    """Whether nearly every text holds what was typed: a single letter, or signs."""
    return bool(text.strip()) and len(re.findall(r"\w", fold(text))) < 2


async def _found(
    host: Host,
    viewer: Viewer,
    jurisdiction: str,
    filters: Filters,
    asked: tuple[TextQuery, ...],
    sort: Sort,
    limit: int,
    cursor: str,
    count: bool,
) -> ResultPage:
    """One page. What holds the words is found and sorted if it is little; if not, the list meets enough of it soon."""
    clauses = _clauses_of(host, viewer, jurisdiction, filters, led=_is_led(filters))
    if not asked:
        return await _page(host, viewer, clauses, sort, limit, cursor, MOST_COUNTED if count else 0)
    each, narrow = held_by_row(host, viewer, jurisdiction, asked), _is_narrow(filters)
    tables: Part = ("service_request", [])
    holds = each
    if not (narrow and await _leaves_few(host, clauses, asked)):
        (rows, values), (besides, more) = lead_for(
            host, viewer, jurisdiction, asked, alone=len(asked) > 1 and not narrow
        )
        tables, holds = (f"{rows} CROSS JOIN service_request", values), (f"{OF_LEAD} AND {besides}", more)
    few = await _few(host, viewer, tables, holds, clauses, sort, limit, cursor, count)
    if few is not None:
        return few
    clauses.add(each[0], *each[1])
    page = await _page(host, viewer, clauses, sort, limit, cursor, 0)
    return structs.replace(page, total=FEW, more=True) if count else page


async def _leaves_few(host: Host, clauses: _Clauses, asked: tuple[TextQuery, ...]) -> bool:
    """Whether so few are left that each is read: to SQLite an index of words always seems the shortest way."""
    if host.engine.engine_type == "postgres":  # which finds out by itself
        return False
    most = READ_EACH // TIMES_AS_LONG if any(sought.shapes for sought in asked) else READ_EACH
    left = f"SELECT 1 FROM service_request WHERE {clauses.sql()} LIMIT {most + 1}"  # noqa: S608 - ours
    [row] = await ServiceRequest.raw(f"SELECT count(*) AS number FROM ({left}) AS few", *clauses.values)  # noqa: S608
    return bool(row["number"] <= most)


def _clauses_of(host: Host, viewer: Viewer, jurisdiction: str, filters: Filters, *, led: bool) -> _Clauses:
    clauses = _Clauses()
    _within_reach(host, viewer, jurisdiction, clauses, "see", *filters.rights, led=led)
    _fitting(host, viewer, filters, clauses)
    return clauses


async def public_requests(
    host: Host, jurisdiction: str, filters: Filters, *, sort: Sort = "newest", limit: int = 50, cursor: str = ""
) -> ResultPage:
    """The requests that have a public page."""
    return await queue(host, PUBLIC, jurisdiction, filters, sort=sort, limit=limit, cursor=cursor)


def where_for(host: Host, viewer: Viewer, jurisdiction: str, filters: Filters) -> tuple[str, list[Any]]:
    """The condition under which a request is in somebody's list, and its values: what a map of the same list asks."""
    if _is_too_short(filters.text):
        return "1 = 0", []
    asked = sought_in(filters.text)
    clauses = _clauses_of(host, viewer, jurisdiction, filters, led=bool(asked) or _is_led(filters))
    if asked:
        (rows, values), besides = lead_for(host, viewer, jurisdiction, asked, alone=False)
        clauses.add(f"id IN (SELECT t.request FROM {rows})", *values)  # noqa: S608 - ours
        if besides is not NOTHING:
            condition, values = held_by_row(host, viewer, jurisdiction, asked)
            clauses.add(condition, *values)
    return clauses.sql(), clauses.values


async def of_same_person(
    host: Host, viewer: Viewer, record: Record, email: str, phone: str, limit: int = 10
) -> tuple[Row, ...]:
    """Other requests by somebody with this e-mail address or phone number, confidential ones left out."""
    if not (email or phone):
        return ()
    clauses = _Clauses()
    _within_reach(host, viewer, record.jurisdiction, clauses, "contacts")
    ways = [(column, value) for column, value in (("lower(email)", email.lower()), ("phone", phone)) if value]
    either = " OR ".join(f"{column} = {{}}" for column, _ in ways)
    clauses.add(f"id IN (SELECT request FROM contact WHERE {either})", *(value for _, value in ways))  # noqa: S608 - ours
    clauses.add("identity <> 'confidential'")
    clauses.add("reference <> {}", record.reference)
    return (await _page(host, viewer, clauses, "newest", limit, "", 0)).rows


def _within_reach(
    host: Host, viewer: Viewer, jurisdiction: str, clauses: _Clauses, *permissions: Permission, led: bool = False
) -> None:
    """Where the viewer holds each of these permissions."""
    scopes = [scope_of(viewer, jurisdiction, host.jurisdictions, each) for each in permissions]
    if viewer.kind == "public":
        scopes = [Scope(jurisdiction=jurisdiction)]
        clauses.add("public" if led else "public AND erased_at IS NULL")  # an erased one is not public any more
    for scope in scopes:
        condition, values = scope.condition("", walked=not led)
        clauses.add(condition, *values)


def _is_narrow(filters: Filters) -> bool:
    """Whether something else than words leaves few: an index of that may lead to them sooner."""
    return any(getattr(filters, name) for name in NARROW)


def _is_led(filters: Filters) -> bool:
    return filters.stopped or any(each.leads for each in filters.conditions)


def _fitting(host: Host, viewer: Viewer, filters: Filters, clauses: _Clauses) -> None:
    for column in ("type", "theme", "state", "phase", "unit", "channel"):
        clauses.add_in(column, getattr(filters, f"{column}s"))
    clauses.add_in("category", filters.categories)
    clauses.add_in("priority", filters.priorities)
    clauses.add_in("public_zone" if viewer.kind == "public" else "zone", filters.zones)
    _around(viewer, filters, clauses)
    if filters.assignee == "none":
        clauses.add("assignee IS NULL")
    elif filters.assignee:
        clauses.add("assignee = {}", UUID(filters.assignee))
    clauses.add_in("assignee", tuple(UUID(each) for each in filters.holders))
    if filters.outside:
        clauses.add(f"unit NOT IN ({', '.join(['{}'] * len(filters.outside))})", *filters.outside)
    if filters.open is not None:
        clauses.add(OPEN if filters.open else f"NOT ({OPEN})")
    if filters.elsewhere:
        clauses.add(ELSEWHERE)
    if filters.stopped:
        clauses.add(STOPPED)
    if filters.late:
        clauses.add(LATE, clock.now())
    for each in filters.conditions:
        clauses.add(each.sql, *each.values)
    plus = "+" if filters.open and host.engine.engine_type == "sqlite" else ""  # or it reads all that ever changed
    for part, value in (
        ("submitted_at >= {}", filters.since),
        ("submitted_at < {}", filters.until),
        ("closed_at >= {}", filters.closed_since),
        ("closed_at < {}", filters.closed_until),
        ("decided_at >= {}", filters.decided_since),
        ("decided_at < {}", filters.decided_until),
        ("updated_at > {}", filters.updated_since),
        (f"{plus}updated_at < {{}}", filters.updated_until),
    ):
        if value is not None:
            clauses.add(part, value)


def _around(viewer: Viewer, filters: Filters, clauses: _Clauses) -> None:
    """Within a box, or so many metres from a point; for the public by the places that everybody is told."""
    of = "public_" if viewer.kind == "public" else ""
    inside = f"{of}lat >= {{}} AND {of}lat <= {{}} AND {of}lon >= {{}} AND {of}lon <= {{}}"
    if filters.box is not None:
        west, south, east, north = filters.box
        clauses.add(inside, south, north, west, east)
    if filters.near is not None:
        lon, lat, metres = filters.near
        up, across = METRES_PER_DEGREE, METRES_PER_DEGREE * max(0.05, math.cos(math.radians(lat)))
        clauses.add(inside, lat - metres / up, lat + metres / up, lon - metres / across, lon + metres / across)
        square = f"({of}lon - {{}}) * ({of}lon - {{}}) * {{}} + ({of}lat - {{}}) * ({of}lat - {{}}) * {{}}"
        clauses.add(f"{square} <= {{}}", lon, lon, across**2, lat, lat, up**2, float(metres) ** 2)


# Due first: what is still owed, then what waits for the requester, what is done, what was never promised.
LAST_RANK = 3
RANKS = {
    "due": f"CASE WHEN promised_at IS NULL THEN 3 WHEN promise = 'running' OR {BROKEN} THEN 0 "
    "WHEN promise = 'paused' THEN 1 ELSE 2 END"
}
ORDERS: dict[Sort, tuple[str, bool]] = {
    "due": ("promised_at", False),
    "newest": ("submitted_at", True),
    "oldest": ("submitted_at", False),
    "updated": ("updated_at", False),
}


async def _few(
    host: Host,
    viewer: Viewer,
    tables: Part,
    holds: Part,
    clauses: _Clauses,
    sort: Sort,
    limit: int,
    cursor: str,
    count: bool,
) -> ResultPage | None:
    """One page of what an index leads to, in one statement; None where that is more than `FEW`.

    Where nobody asks how many there are, only those after the cursor are looked for.
    """
    column, falling = ORDERS[sort]
    rank = RANKS.get(sort, "0")
    beyond, beyond_values = _after("" if count else cursor, rank, column, falling)
    after, after_values = _after(cursor, "found_rank" if sort in RANKS else "0", "found_at", falling, "found_id")
    sql = OF_FEW.format(
        rank=rank,
        column=column,
        tables=tables[0],
        holds=holds[0],
        where=clauses.sql(),
        beyond=beyond,
        few=FEW,
        after=after,
        direction="DESC" if falling else "ASC",
        limit=limit,
        columns=", ".join(COLUMNS),
    )
    rows = await ServiceRequest.raw(sql, *tables[1], *holds[1], *clauses.values, *beyond_values, *after_values)
    total = rows[0]["total"]
    if total > FEW:
        return None
    return await _shown(host, viewer, [row for row in rows if row["id"] is not None], column, limit, total * count)


async def _page(
    host: Host, viewer: Viewer, clauses: _Clauses, sort: Sort, limit: int, cursor: str, most: int
) -> ResultPage:
    """One page; how many rows there are in all is counted up to `most`."""
    where, values = clauses.sql(), list(clauses.values)
    column, falling = ORDERS[sort]
    rank = RANKS.get(sort, "0")
    after, after_values = _after(cursor, rank, column, falling)
    direction = "DESC" if falling else "ASC"
    ranked = f"{rank}, " if sort in RANKS else ""
    few = f"(SELECT count(*) FROM (SELECT 1 FROM service_request WHERE {where} LIMIT {most + 1}) AS few)"  # noqa: S608
    rows = await ServiceRequest.raw(
        f"SELECT {', '.join(COLUMNS)}, {rank} AS rank, {few if most else '0'} AS total "  # noqa: S608 - ours
        f"FROM service_request WHERE {where}{after} "
        f"ORDER BY {ranked}{column} {direction}, id {direction} LIMIT {limit + 1}",
        *(values if most else ()),
        *values,
        *after_values,
    )
    total = rows[0]["total"] if rows else 0
    page = await _shown(host, viewer, rows, column, limit, min(total, most))
    return structs.replace(page, more=total > most > 0)


async def _shown(
    host: Host, viewer: Viewer, rows: list[dict[str, Any]], column: str, limit: int, total: int
) -> ResultPage:
    following = ""
    if len(rows) > limit:
        last = record_of(rows[limit - 1])
        following = cursor_of(rows[limit - 1]["rank"], getattr(last, column), last.id)
    shown = await each_readable(host, rows[:limit], partial(_row, host, viewer))
    return ResultPage(rows=tuple(shown), total=total, next_cursor=following)


def _after(cursor: str, rank: str, column: str, falling: bool, id: str = "id") -> tuple[str, list[Any]]:
    if not cursor:
        return "", []
    within, at, last = read_cursor(cursor, LAST_RANK)
    beyond = "<" if falling else ">"
    if at is None:
        return f" AND {rank} = {{}} AND {column} IS NULL AND {id} {beyond} {{}}", [within, last]
    same = f"({column} {beyond} {{}} OR ({column} = {{}} AND {id} {beyond} {{}}))"
    if rank == "0":
        return f" AND {same}", [at, at, last]
    return f" AND ({rank} > {{}} OR ({rank} = {{}} AND {same}))", [within, within, at, at, last]


async def _row(host: Host, viewer: Viewer, row: dict[str, Any]) -> Row:
    record = record_of(row)
    request_type = await declaration(host, record.declaration)  # known by host after the first of its kind
    staff, place = viewer.is_staff, place_for(viewer, record, request_type)
    more = first_shown(host, viewer, record, request_type) if viewer.kind == "agent" else {}
    more |= declared_by_town(record, request_type)
    return Row(
        id=record.id,
        reference=record.reference,
        type=record.type,
        title=request_type.title,
        state=record.state,
        state_title=state_title(record, request_type),
        phase=record.phase,
        unit=record.unit if staff else "",
        assignee=record.assignee if staff else None,
        zone=zone_for(viewer, record, request_type, host.jurisdictions),
        address=(place.address if place else "") if not staff else record.address,
        lon=place.lon if place else None,
        lat=place.lat if place else None,
        channel=record.channel if staff else "",
        identity=record.identity if staff else "",
        submitted_at=record.submitted_at,
        updated_at=record.updated_at,
        state_since=record.state_since,
        promised_at=record.promised_at,
        promise=record.promise,
        is_late=record.is_late,
        priority=record.priority if staff else 0,
        undone=staff and bool(record.undone),
        version=record.version,
        merged=record.duplicates,
        **more,
    )


async def whole_list(
    host: Host, viewer: Viewer, jurisdiction: str, filters: Filters, *, sort: Sort, most: int
) -> list[Row]:
    """The first rows of a list in its order, `most` of them at the end; one statement for each two hundred."""
    rows: list[Row] = []
    cursor = ""
    while len(rows) < most:
        found = await queue(host, viewer, jurisdiction, filters, sort=sort, limit=MOST, cursor=cursor, count=False)
        rows.extend(found.rows)
        cursor = found.next_cursor
        if not cursor:
            break
    return rows[:most]
