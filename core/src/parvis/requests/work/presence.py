"""Who is writing on which request: kept in memory, and exchanged with the other processes every few seconds.

It costs a page no statement and never fails one; a process that is killed loses some seconds of it. Only that somebody
writes is known, never a word of what; each line is over by itself within minutes and stands in no history.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.tables import WriterPresence
from parvis.identifiers import new_id
from parvis.requests.access_log import Looker

WHILE_TYPING = timedelta(seconds=75)  # the page says it again every twenty
WITHOUT_SCRIPTS = timedelta(minutes=3)  # closing a page is not announced
AT_ONCE = 100  # lines of one statement
KEEP = """
INSERT INTO writing (id, reference, agent, name, said_at, until) VALUES {lines}
ON CONFLICT (reference, agent) DO UPDATE SET name = excluded.name, said_at = excluded.said_at, until = excluded.until
WHERE writing.said_at < excluded.said_at
"""
LINE = f"({', '.join(['{}'] * 6)})"


class Where(NamedTuple):
    """Who, on which request; in the order in which every process writes it, so that no two wait for each other."""

    reference: str
    agent: str


class PresenceSignal(NamedTuple):
    """Until when somebody counts as writing, as said at a moment."""

    name: str
    said_at: datetime
    until: datetime


class Presence:
    """Who writes now, as this process knows it; lives as long as the process."""

    def __init__(self) -> None:
        self._known: dict[Where, PresenceSignal] = {}
        self._untold: dict[Where, PresenceSignal] = {}

    def at(self, looker: Looker, reference: str, lasting: timedelta) -> None:
        """Somebody of the town writes on a request, and counts as writing for so long without another sign."""
        if looker.kind == "agent":
            now = clock.now()
            self._note(Where(reference, looker.id), PresenceSignal(looker.name[:120], now, now + lasting))

    def gone(self, looker: Looker, reference: str) -> None:
        """They do not any more: what they wrote is sent, or the page is left."""
        now = clock.now()
        self._note(Where(reference, looker.id), PresenceSignal(looker.name[:120], now, now))

    def is_at(self, looker: Looker, reference: str) -> bool:
        """Whether this process takes somebody for writing there."""
        said = self._known.get(Where(reference, looker.id))
        return said is not None and said.until > clock.now()

    def others(self, references: Collection[str], besides: Looker) -> dict[str, tuple[PresenceSignal, ...]]:
        """Who writes on each of these requests, the one who asks apart; nothing of those on which nobody does."""
        now, found = clock.now(), dict[str, tuple[PresenceSignal, ...]]()
        for where, said in sorted(self._known.items()):
            if where.reference in references and where.agent != besides.id and said.until > now:
                found[where.reference] = (*found.get(where.reference, ()), said)
        return found

    def everybody(self) -> dict[str, tuple[str, ...]]:
        """On which requests each agent writes now, by the id of the agent."""
        now, found = clock.now(), dict[str, tuple[str, ...]]()
        for where, said in sorted(self._known.items()):
            if said.until > now:
                found[where.agent] = (*found.get(where.agent, ()), where.reference)
        return found

    async def exchange(self, engine: Engine) -> None:
        """Exchange with the other processes who writes here and there."""
        told, self._untold = self._untold, {}
        written = False
        try:
            if told:
                await _write(engine, told)
            written = True
        finally:
            if not written:
                self._untold = told | self._untold
        rows = await WriterPresence.select().where(WriterPresence.until > clock.now())
        heard = {
            Where(row["reference"], row["agent"]): PresenceSignal(row["name"], row["said_at"], row["until"])
            for row in rows
        }
        self._known = heard | self._untold

    def _note(self, where: Where, said: PresenceSignal) -> None:
        self._known[where] = self._untold[where] = said


async def _write(engine: Engine, told: dict[Where, PresenceSignal]) -> None:
    ordered = sorted(told.items())
    async with transaction(engine):
        for first in range(0, len(ordered), AT_ONCE):
            some = ordered[first : first + AT_ONCE]
            values: list[Any] = [value for where, said in some for value in (new_id(), *where, *said)]
            await WriterPresence.raw(KEEP.format(lines=", ".join([LINE] * len(some))), *values)


async def sweep_writers(engine: Engine) -> int:
    """Lines that are over go."""
    async with transaction(engine):
        gone = await WriterPresence.delete().where(WriterPresence.until < clock.now()).returning(WriterPresence.id)
    return len(gone)
