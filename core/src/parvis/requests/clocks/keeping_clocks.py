"""Clocks written to their rows, each with when somebody looks at it again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from msgspec import structs

from parvis.db import insert_values
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Row
from parvis.requests.clocks.clocks import IN_JSON, Clock
from parvis.requests.heart import Heart
from parvis.requests.records import as_json
from parvis.territory import Jurisdiction


@dataclass(frozen=True)
class ClockWatcher:
    """Who looks at clocks before they end, and after, in the towns that have its module: says when it does next."""

    module: str = ""
    scheduled: Callable[[Heart, Jurisdiction, Clock | None, Clock], Awaitable[Clock]] | None = None


async def keep_new(heart: Heart, town: Jurisdiction, request: UUID, clocks: tuple[Clock, ...]) -> None:
    """Inside a unit: write clocks that have just begun."""
    begun = [await _scheduled(heart, town, None, clock) for clock in clocks]
    if begun:
        await insert_values(ClockRow, *({**_row(clock), "request": request} for clock in begun))


async def keep_changed(heart: Heart, town: Jurisdiction, before: tuple[Clock, ...], after: tuple[Clock, ...]) -> None:
    """Inside a unit: write those of the clocks that have changed."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            values: Row = _row(await _scheduled(heart, town, old, new))
            del values["id"]
            await ClockRow.update(values).where(ClockRow.id == new.id)


async def _scheduled(heart: Heart, town: Jurisdiction, before: Clock | None, after: Clock) -> Clock:
    """A date that has moved is looked at from the beginning again, and by nobody where no module does."""
    step = 0 if before is None or before.due_at != after.due_at else after.step
    clock, watcher = structs.replace(after, step=step, next_at=None), heart.of(ClockWatcher)
    if watcher.scheduled is None or not heart.modules.of(town).has(watcher.module):
        return clock
    return await watcher.scheduled(heart, town, before, after)


def _row(clock: Clock) -> Row:
    return structs.asdict(clock) | {name: as_json(getattr(clock, name)) for name in IN_JSON}
