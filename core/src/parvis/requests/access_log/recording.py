"""Who looked at what: noted in memory while a page is made, written some seconds later, once a person and hour.

A look costs its page no statement; a process that is killed loses those of its last seconds.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from parvis import clock
from parvis.access_scope import Reach
from parvis.db import Engine, transaction
from parvis.db.access_log_tables import AccessLogEntry
from parvis.identifiers import new_id

What = Literal["page", "file", "document", "print", "archive", "reveal", "list", "export", "demand", "delivery"]
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
    """Whoever looks, as `Viewer` is."""

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


class Once(NamedTuple):
    """What is written once, in the order in which every process writes it, so that none waits for another in a ring."""

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
    """What was looked at and is not written yet; lives as long as its process. `days` is how long it is kept."""

    def __init__(self, days: int = KEPT_DAYS) -> None:
        self.days = days
        self._said: dict[Once, About] = {}
        self._times: dict[Once, int] = {}

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
        once = Once(subject, looker.id, what, hour)
        self._said[once] = About(
            jurisdiction, looker.kind, looker.name[:120], about[:MOST_ABOUT], units_of(looker, jurisdiction)
        )
        self._times[once] = self._times.get(once, 0) + times

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
                    values = [value for once in some for value in _values(once, said[once], times[once])]
                    await AccessLogEntry.raw(KEEP.format(lines=", ".join([LINE] * len(some))), *values)
            written = True
        finally:
            if not written:
                self._said = said | self._said
                for once, number in times.items():
                    self._times[once] = self._times.get(once, 0) + number
        return len(times)


def units_of(looker: Looker, jurisdiction: str) -> str:
    """For which units of a town somebody works, as a line keeps it."""
    units = {reach.unit for reach in looker.reaches if reach.jurisdiction == jurisdiction}
    return WHOLE_TOWN if "" in units else ",".join(sorted(units))[:MOST_UNITS]


def _values(once: Once, about: About, times: int) -> tuple[Any, ...]:
    return (
        *(new_id(), about.jurisdiction, once.hour, about.kind, once.who, about.name, about.units),
        *(once.what, once.subject, about.about, times),
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
