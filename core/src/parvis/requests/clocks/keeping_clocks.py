"""Clocks written to their rows, each with when it is raised next."""

from uuid import UUID

from msgspec import structs

from parvis.db import insert_values
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Row
from parvis.requests.clocks.clocks import IN_JSON, Clock
from parvis.requests.clocks.steps import scheduled
from parvis.requests.heart import Heart
from parvis.requests.levels.in_force import levels_in_force
from parvis.requests.records import as_json
from parvis.territory import Jurisdiction


async def keep_new(heart: Heart, town: Jurisdiction, request: UUID, clocks: tuple[Clock, ...]) -> None:
    """Inside a unit: write clocks that have just begun."""
    if not clocks:
        return
    rule = (await levels_in_force(heart, town)).body.escalation
    begun = (scheduled(None, clock, town.calendar, rule) for clock in clocks)
    await insert_values(ClockRow, *({**_row(clock), "request": request} for clock in begun))


async def keep_changed(heart: Heart, town: Jurisdiction, before: tuple[Clock, ...], after: tuple[Clock, ...]) -> None:
    """Inside a unit: write those of the clocks that have changed."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            rule = (await levels_in_force(heart, town)).body.escalation
            values: Row = _row(scheduled(old, new, town.calendar, rule))
            del values["id"]
            await ClockRow.update(values).where(ClockRow.id == new.id)


def _row(clock: Clock) -> Row:
    return structs.asdict(clock) | {name: as_json(getattr(clock, name)) for name in IN_JSON}
