"""Lists that somebody keeps under a name: for themselves, or for everybody who works for a unit."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.tables import Row, SavedView
from parvis.identifiers import new_id
from parvis_sdk.cleaning import clean

MOST = 30  # that one person keeps in a town
LONGEST = 60


class View(Struct, frozen=True, kw_only=True):
    """A list by its query; `unit` is with whom it is shared, empty where with nobody."""

    id: UUID
    name: str
    query: str
    unit: str
    is_mine: bool


async def views_of(jurisdiction: str, agent: str, units: Collection[str] | None) -> tuple[View, ...]:
    """The person’s own and those shared with units that they see, by name; every shared one where `units` is None."""
    table = SavedView
    shared = table.unit.is_in(sorted(units)) if units else table.unit != ""
    seen = (table.agent == agent) if units is not None and not units else (table.agent == agent) | shared
    rows = await table.select().where((table.jurisdiction == jurisdiction) & seen).order_by(table.name, table.id)
    return tuple(_view(row, agent) for row in rows)


def _view(row: Row, agent: str) -> View:
    return View(id=row["id"], name=row["name"], query=row["query"], unit=row["unit"], is_mine=row["agent"] == agent)


async def keep_view(engine: Engine, jurisdiction: str, agent: str, name: str, query: str, with_unit: str) -> bool:
    """Keep a list under a name, in place of the person's list of that name; False where they keep too many."""
    name = " ".join(clean(name).split())[:LONGEST]
    table = SavedView
    mine = (table.jurisdiction == jurisdiction) & (table.agent == agent)
    async with transaction(engine):
        changed: Row = {"query": query, "unit": with_unit}
        if await table.update(changed).where(mine & (table.name == name)).returning(table.id):
            return True
        if await table.count().where(mine) >= MOST:
            return False
        row = table(
            id=new_id(),
            jurisdiction=jurisdiction,
            agent=agent,
            name=name,
            query=query,
            unit=with_unit,
            made_at=clock.now(),
        )
        await row.save()
    return True


async def drop_view(engine: Engine, jurisdiction: str, agent: str, id: UUID) -> bool:
    """Take a list of one's own away, for everybody with whom it was shared too."""
    table = SavedView
    async with transaction(engine):
        gone = await (
            table.delete()
            .where((table.jurisdiction == jurisdiction) & (table.agent == agent) & (table.id == id))
            .returning(table.id)
        )
    return bool(gone)
