"""The sign-in log: who came in and how, who was refused and why, what a sign-in gave and took away."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import SignInLogEntry
from parvis.identifiers import new_id

KEPT = timedelta(days=400)
MOST_ABOUT = 300
Kind = Literal["in", "refused", "linked", "made", "given", "taken", "kept", "ended", "codes", "lost", "spare", "spares"]


class Line(Struct, frozen=True, kw_only=True):
    """One line: what happened to whom, by which provider ("" is a password), and who did it if not themselves."""

    at: datetime
    kind: str
    agent: str
    door: str
    about: str
    by: str


async def write_down(kind: Kind, agent: UUID | str | None, door: str = "", about: str = "", by: str = "") -> None:
    """One line more, in the transaction of what it is about."""
    row = SignInLogEntry(
        id=new_id(),
        at=clock.now(),
        kind=kind,
        agent=UUID(str(agent)) if agent else None,
        door=door,
        about=about[:MOST_ABOUT],
        by=UUID(by) if by else None,
    )
    await SignInLogEntry.insert(row)


async def latest(engine: Engine, people: Collection[str], most: int = 100) -> tuple[Line, ...]:
    """The latest lines about these people, and about nobody that we know."""
    named = [UUID(each) for each in people]
    known = (
        SignInLogEntry.agent.is_null() | SignInLogEntry.agent.is_in(named) if named else SignInLogEntry.agent.is_null()
    )
    rows = (
        await SignInLogEntry.select()
        .where(known)
        .order_by(SignInLogEntry.at, SignInLogEntry.id, ascending=False)
        .limit(most)
    )
    return tuple(
        Line(
            at=row["at"],
            kind=row["kind"],
            agent=str(row["agent"] or ""),
            door=row["door"],
            about=row["about"],
            by=str(row["by"] or ""),
        )
        for row in rows
    )


async def sweep_book(engine: Engine) -> int:
    """Lines go after some thirteen months."""
    async with transaction(engine):
        gone = await SignInLogEntry.delete().where(SignInLogEntry.at < clock.now() - KEPT).returning(SignInLogEntry.id)
    return len(gone)
