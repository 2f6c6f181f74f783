"""The access log: who looked at what, what was revealed for a reason, and both told to those who answer for it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.access_scope import KEPT, Reach, excluding
from parvis.db import Engine, transaction
from parvis.db.tables import AccessLogEntry, Entry, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdictions
from parvis.requests.host import Host
from parvis.requests.lists.cursors import before_latest, cursor_of, page_of_latest, read_cursor
from parvis.requests.personal import ErasureRule
from parvis.requests.records import Record, record_of
from parvis.requests.references import normalise
from parvis.requests.visibility import Viewer, may

What = Literal["page", "file", "document", "print", "archive", "reveal", "list", "export", "demand", "delivery"]
Told = Literal["told_message", "told_call", "told_letter", "told_page"]  # to a requester's representative, by a mandate
MANDATARY = "mandatary"
ALL_OF_A_LIST = UUID(int=0)  # what machines read of lists: one line an hour, its rows added up
KEPT_DAYS = 730
AT_ONCE = 80  # lines of one statement
MOST_ABOUT = 160
MOST_UNITS = 200
WHOLE_TOWN = "*"
KEEP = """
INSERT INTO looked (id, jurisdiction, hour, kind, who, name, units, what, subject, about, times) VALUES {lines}
ON CONFLICT (subject, who, what, hour) DO UPDATE SET times = looked.times + excluded.times
"""
LINE = f"({', '.join(['{}'] * 11)})"


class Looker(Protocol):
    """The viewer, as `Viewer` is."""

    @property
    def kind(self) -> str: ...

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def reaches(self) -> tuple[Reach, ...]: ...


class LogSubject(Protocol):
    """What is looked at, as `Record` is."""

    @property
    def id(self) -> UUID: ...

    @property
    def reference(self) -> str: ...

    @property
    def jurisdiction(self) -> str: ...


class EntryKey(NamedTuple):
    """By what an entry is one, in the order in which every process writes, so that none waits for another in a ring."""

    subject: UUID
    who: str
    what: str
    hour: datetime


class About(NamedTuple):
    """What else is said of it."""

    jurisdiction: str
    kind: str
    name: str
    about: str
    units: str


class AccessLog:
    """Entries that are not written yet; lives as long as its process. `days` is how long entries are kept."""

    def __init__(self, days: int = KEPT_DAYS) -> None:
        self.days = days
        self._said: dict[EntryKey, About] = {}
        self._times: dict[EntryKey, int] = {}

    def at(self, looker: Looker, record: LogSubject, what: What) -> None:
        """Somebody of the town, or a machine, looks at a request; its people and the public leave no trace."""
        self._note(looker, what, record.jurisdiction, record.id, record.reference, 1)

    def listed(self, looker: Looker, jurisdiction: str, name: str, rows: int) -> None:
        """A machine reads a list; what people look for is not noted."""
        if looker.kind == "token":
            self._note(looker, "list", jurisdiction, ALL_OF_A_LIST, name, rows)

    def taken(self, looker: Looker, jurisdiction: str, name: str, rows: int, id: UUID | None = None) -> UUID:
        """A list or a pack is taken away whole. Its id, under which more rows are added while it is sent."""
        subject = id or new_id()
        self._note(looker, "export", jurisdiction, subject, name, rows)
        return subject

    def _note(self, looker: Looker, what: What, jurisdiction: str, subject: UUID, about: str, times: int) -> None:
        if looker.kind not in ("agent", "token"):
            return
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        key = EntryKey(subject, looker.id, what, hour)
        self._said[key] = About(
            jurisdiction, looker.kind, looker.name[:120], about[:MOST_ABOUT], units_of(looker, jurisdiction)
        )
        self._times[key] = self._times.get(key, 0) + times

    async def write(self, engine: Engine) -> int:
        """Write what waits, how many lines; what cannot be written waits on."""
        said, times = self._said, self._times
        if not times:
            return 0
        self._said, self._times = {}, {}
        written = False
        try:
            async with transaction(engine):
                ordered = sorted(times)
                for first in range(0, len(ordered), AT_ONCE):
                    some = ordered[first : first + AT_ONCE]
                    values = [value for key in some for value in _values(key, said[key], times[key])]
                    await AccessLogEntry.raw(KEEP.format(lines=", ".join([LINE] * len(some))), *values)
            written = True
        finally:
            if not written:
                self._said = said | self._said
                for key, number in times.items():
                    self._times[key] = self._times.get(key, 0) + number
        return len(times)


async def log_told(record: LogSubject, what: Told, mandate: str, name: str, at: datetime) -> None:
    """Inside a transaction: something of a request was told to the requester's representative; `name` says by what."""
    key = EntryKey(record.id, mandate, what, at.replace(minute=0, second=0, microsecond=0))
    about = About(record.jurisdiction, MANDATARY, name[:120], record.reference, "")
    await AccessLogEntry.raw(KEEP.format(lines=LINE), *_values(key, about, 1))


async def forget_told(host: Host, request: UUID) -> None:
    """Inside the transaction of an erasure: that somebody was told stays, and their name goes."""
    theirs = (AccessLogEntry.subject == request) & (AccessLogEntry.kind == MANDATARY)
    await AccessLogEntry.update({AccessLogEntry.name: ""}).where(theirs)


ERASURE = ErasureRule(forget=forget_told)


def units_of(looker: Looker, jurisdiction: str) -> str:
    """For which units of a town somebody works, as a line keeps it."""
    units = {reach.unit for reach in looker.reaches if reach.jurisdiction == jurisdiction}
    return WHOLE_TOWN if "" in units else ",".join(sorted(units))[:MOST_UNITS]


def _values(key: EntryKey, about: About, times: int) -> tuple[Any, ...]:
    return (
        *(new_id(), about.jurisdiction, key.hour, about.kind, key.who, about.name, about.units),
        *(key.what, key.subject, about.about, times),
    )


async def sweep_looks(engine: Engine, days: int) -> int:
    """Lines go after so many days."""
    async with transaction(engine):
        gone = (
            await AccessLogEntry.delete()
            .where(AccessLogEntry.hour < clock.now() - timedelta(days=days))
            .returning(AccessLogEntry.id)
        )
    return len(gone)


MOST = 50
READING_AT_ONCE = 1_000
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
    """What each person and machine looked at in these towns, those who saw most first; one statement.

    Here and below, what is kept from the reader by a conflict of interest is left out.
    """
    if not towns:
        return ()
    sql = BY_PERSON.format(towns=", ".join(["{}"] * len(towns)), kept=KEPT)
    rows = await AccessLogEntry.raw(sql, since, until, *towns, excluding(reader))
    return tuple(msgspec.convert(row, OfADay, strict=False) for row in rows)


async def looks_between(town: str, since: datetime, until: datetime, *, reader: str = "") -> int:
    """How often anything was looked at in a town between two moments."""
    rows = await AccessLogEntry.raw(COUNTED, since, until, town, excluding(reader))
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
    open_to_reader = WhereRaw(f"subject NOT IN ({KEPT})", excluding(reader))
    given, limit = 0, min(most or READING_AT_ONCE, READING_AT_ONCE)
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


SHORTEST_REASON = 5  # characters
REVEALING = ("agent", "token")
OPEN_FOR = timedelta(minutes=15)  # after a reveal its answers and files are open to the person who gave the reason
# Where something was revealed, as the partial index has it: a whole file is exported without a reason too.
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


async def with_reveals(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> Viewer:
    """The viewer with this request open to them where they have just given a reason; one statement, for viewers with
    the right.
    """
    if viewer.kind not in REVEALING or not may(viewer, "reveal", record, jurisdictions):
        return viewer
    since = clock.now() - OPEN_FOR
    theirs = (Entry.request == record.id) & (Entry.kind == "revealed") & (Entry.actor_id == viewer.id)
    if not await Entry.exists().where(theirs & (Entry.at > since)):
        return viewer
    return _open_to(viewer, record)


FOUND = """
SELECT r.*, EXISTS(
    SELECT 1 FROM entry e WHERE e.request = r.id AND e.kind = 'revealed' AND e.actor_id = {} AND e.at > {}
) AS opened FROM service_request r WHERE r.reference = {}"""


async def find_revealed(host: Host, typed: str, viewer: Viewer) -> tuple[Record | None, Viewer]:
    """The request of a reference, however it was typed, and the viewer as `with_reveals` has them; one statement."""
    reference = normalise(typed)
    if reference is None:
        return None, viewer
    rows = await ServiceRequest.raw(FOUND, viewer.id, clock.now() - OPEN_FOR, reference)
    if not rows:
        return None, viewer
    record = record_of(rows[0])
    is_open = rows[0]["opened"] and viewer.kind in REVEALING and may(viewer, "reveal", record, host.jurisdictions)
    return record, _open_to(viewer, record) if is_open else viewer


def _open_to(viewer: Viewer, record: Record) -> Viewer:
    return structs.replace(viewer, revealing=viewer.revealing | {record.reference})


async def reveals_in(jurisdiction: str, cursor: str = "", *, reader: str = "") -> tuple[tuple[Reveal, ...], str]:
    """Everything that was revealed in a town, the latest first, a page of it, and where the next page begins.

    What is kept from the reader by a conflict of interest is left out.
    """
    found = await Entry.raw(OF_TOWN, jurisdiction, excluding(reader), *before_latest(cursor))
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
