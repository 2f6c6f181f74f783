"""Who looked at a request, and what somebody looked at on a day, for those who answer for it."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis.access_scope import KEPT, kept_from
from parvis.db.access_log_tables import AccessLogEntry
from parvis.db.tables import Entry
from parvis.requests.lists.cursors import cursor_of, read_cursor

MOST = 50
AT_ONCE = 1_000
REVEALED = "reveal"
MOST_TOLD = 5_000  # hours of one person at one request
BY_PERSON = """
SELECT kind, who, MAX(name) AS name, COUNT(DISTINCT CASE WHEN what NOT IN ('list', 'export') THEN subject END) AS seen,
    SUM(CASE WHEN what IN ('file', 'document') THEN times ELSE 0 END) AS files,
    SUM(CASE WHEN what IN ('print', 'archive') THEN times ELSE 0 END) AS whole,
    SUM(CASE WHEN what = 'reveal' THEN times ELSE 0 END) AS revealed,
    SUM(CASE WHEN what IN ('list', 'export') THEN times ELSE 0 END) AS listed
FROM looked WHERE hour >= {{}} AND hour < {{}} AND jurisdiction IN ({towns}) AND subject NOT IN ({kept})
GROUP BY kind, who ORDER BY seen DESC, listed DESC, who
"""

COUNTED = f"""
SELECT SUM(times) AS times FROM looked
WHERE hour >= {{}} AND hour < {{}} AND jurisdiction = {{}} AND subject NOT IN ({KEPT})"""  # noqa: S608 - ours


class LookLine(Struct, frozen=True, kw_only=True):
    """Somebody looked: in which hour, at what, how often; of a revealed identity, at which moment and why."""

    id: UUID
    at: datetime
    kind: str
    who: str
    name: str
    what: str
    about: str
    times: int
    jurisdiction: str = ""
    reason: str = ""


class LookedOn(Struct, frozen=True, kw_only=True):
    """How many people of the town looked at a request on a day, and for which units they worked; "*" is the town."""

    day: date
    people: int
    units: tuple[str, ...]


class LookedAt(Struct, frozen=True, kw_only=True):
    """How often the people of the town looked at a request: how many of them, in how many hours, on which days."""

    people: int
    hours: int
    latest: datetime
    days: tuple[LookedOn, ...]


class OfADay(Struct, frozen=True, kw_only=True):
    """What one person or machine looked at: requests, files, whole files, identities, rows of lists."""

    kind: str
    who: str
    name: str
    seen: int
    files: int
    whole: int
    revealed: int
    listed: int


async def looks_at(request: UUID, cursor: str = "") -> tuple[tuple[LookLine, ...], str]:
    """Who looked at a request, the latest first, a page of them, and where the next page begins.

    Revealed identities are read out of the history, which knows why.
    """
    bounds: tuple[datetime, UUID] | None = None
    if cursor:
        _, at, id = read_cursor(cursor, 0)
        bounds = (at, id) if at is not None else None
    looks = AccessLogEntry.select().where(
        AccessLogEntry.subject == request, AccessLogEntry.what != REVEALED, *_before(AccessLogEntry, "hour", bounds)
    )
    entries = Entry.select(Entry.id, Entry.at, Entry.actor_id, Entry.actor_name, Entry.body).where(
        Entry.request == request, Entry.kind == "revealed", *_before(Entry, "at", bounds)
    )
    found = [
        *map(_line, await looks.order_by(AccessLogEntry.hour, AccessLogEntry.id, ascending=False).limit(MOST + 1)),
        *map(_revealed, await entries.order_by(Entry.at, Entry.id, ascending=False).limit(MOST + 1)),
    ]
    found.sort(key=lambda line: (line.at, line.id), reverse=True)
    shown = tuple(found[:MOST])
    return shown, cursor_of(0, shown[-1].at, shown[-1].id) if len(found) > MOST else ""


async def looked_at(request: UUID, time_zone: str) -> LookedAt | None:
    """Who of the town looked at a request, for its requester: the days and the units; nobody is named."""
    mine = (AccessLogEntry.subject == request) & (AccessLogEntry.kind == "agent")
    names = (AccessLogEntry.hour, AccessLogEntry.who, AccessLogEntry.units)
    rows = (
        await AccessLogEntry.select(*names).where(mine).order_by(AccessLogEntry.hour, ascending=False).limit(MOST_TOLD)
    )
    if not rows:
        return None
    zone, days = ZoneInfo(time_zone), dict[date, list[dict[str, Any]]]()
    for row in rows:
        days.setdefault(row["hour"].astimezone(zone).date(), []).append(row)
    return LookedAt(
        people=len({row["who"] for row in rows}),
        hours=len({row["hour"] for row in rows}),
        latest=rows[0]["hour"],
        days=tuple(
            LookedOn(
                day=day,
                people=len({row["who"] for row in those}),
                units=tuple(sorted({unit for row in those for unit in row["units"].split(",") if unit})),
            )
            for day, those in days.items()
        ),
    )


async def people_on(towns: Sequence[str], since: datetime, until: datetime, *, reader: str = "") -> tuple[OfADay, ...]:
    """What each person and machine looked at in these towns, whoever saw most first; one statement.

    Here and below, what is kept from the reader by a conflict of interest is left out.
    """
    if not towns:
        return ()
    sql = BY_PERSON.format(towns=", ".join(["{}"] * len(towns)), kept=KEPT)
    rows = await AccessLogEntry.raw(sql, since, until, *towns, kept_from(reader))
    return tuple(msgspec.convert(row, OfADay, strict=False) for row in rows)


async def looks_between(town: str, since: datetime, until: datetime, *, reader: str = "") -> int:
    """How often anything was looked at in a town between two moments."""
    rows = await AccessLogEntry.raw(COUNTED, since, until, town, kept_from(reader))
    return int(rows[0]["times"] or 0)


async def lines_of(
    towns: Collection[str], since: datetime, until: datetime, who: str = "", *, reader: str = "", most: int = 200
) -> tuple[LookLine, ...]:
    """The latest lines of these towns, of one person where one is named."""
    return tuple([line async for line in all_lines(towns, since, until, who, reader=reader, most=most)])


async def all_lines(
    towns: Collection[str],
    since: datetime,
    until: datetime,
    who: str = "",
    *,
    reader: str = "",
    most: int | None = None,
) -> AsyncIterator[LookLine]:
    """The lines of these towns, the latest first, read as they are wanted."""
    bounds: tuple[datetime, UUID] | None = None
    open_to_reader = WhereRaw(f"subject NOT IN ({KEPT})", kept_from(reader))
    given, limit = 0, min(most or AT_ONCE, AT_ONCE)
    while towns:
        where = [
            AccessLogEntry.hour >= since,
            AccessLogEntry.hour < until,
            AccessLogEntry.jurisdiction.is_in(list(towns)),
        ]
        if who:
            where.append(AccessLogEntry.who == who)
        rows = await (
            AccessLogEntry.select()
            .where(*where, open_to_reader, *_before(AccessLogEntry, "hour", bounds))
            .order_by(AccessLogEntry.hour, AccessLogEntry.id, ascending=False)
            .limit(limit)
        )
        for row in rows:
            yield _line(row)
        given += len(rows)
        if len(rows) < limit or (most is not None and given >= most):
            return
        bounds = (rows[-1]["hour"], rows[-1]["id"])


def _before(table: Any, column: str, bounds: tuple[datetime, UUID] | None) -> list[Any]:
    """What comes after this place in a list whose latest lines come first."""
    if bounds is None:
        return []
    moment, (at, id) = getattr(table, column), bounds
    return [(moment < at) | ((moment == at) & (table.id < id))]


def _line(row: dict[str, Any]) -> LookLine:
    names = ("id", "kind", "who", "name", "what", "about", "times", "jurisdiction")
    return LookLine(at=row["hour"], **{name: row[name] for name in names})


def _revealed(row: dict[str, Any]) -> LookLine:
    reason = msgspec.json.decode(row["body"]).get("reason", "")
    return LookLine(
        id=row["id"],
        at=row["at"],
        kind="agent",
        who=row["actor_id"],
        name=row["actor_name"],
        what=REVEALED,
        about="",
        times=1,
        reason=reason,
    )
