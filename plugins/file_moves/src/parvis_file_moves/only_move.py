"""One move at a time, on whichever machine: a row that its holder renews; once it is silent, another takes it over."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import DatabaseTrouble, Engine, transaction
from parvis.db.tables import Chore

NAME = "files move"
RENEWED_EVERY, SILENT = 5.0, 20.0  # seconds; a holder that has renewed nothing for so long has ended


@asynccontextmanager
async def only_move(engine: Engine) -> AsyncIterator[None]:
    """Hold the only running move of this database: of two, one could delete what the other has just copied.

    No clock of another machine is trusted: where a row is held, it is watched until it is renewed or has been silent
    for long enough by our own clock. A process that was taken over ends.
    """
    mine = f"{socket.gethostname()[:30]} {os.getpid()} {os.urandom(4).hex()}"
    await _take(engine, mine)
    body, over = asyncio.current_task(), asyncio.Event()
    renewing = asyncio.create_task(_renew(engine, mine, over, body))
    try:
        yield
    except asyncio.CancelledError:
        if renewing.done() and not over.is_set():
            raise Unusable("another `parvis files move` took over: this one was silent for too long") from None
        raise
    finally:
        over.set()
        await renewing
        with suppress(DatabaseTrouble):
            async with transaction(engine):
                await Chore.delete().where((Chore.name == NAME) & (Chore.held_by == mine))


async def _take(engine: Engine, mine: str) -> None:
    async with transaction(engine):
        await Chore.insert(Chore(name=NAME, held_by="")).on_conflict(target=Chore.name, action="DO NOTHING")
    loop = asyncio.get_running_loop()
    seen, until = await _held(), loop.time() + SILENT
    while seen[0] and loop.time() < until:
        await asyncio.sleep(min(1.0, SILENT / 4))
        if (now := await _held()) != seen and now[0]:
            raise Unusable(f"another `parvis files move` is under way: {now[0].rpartition(' ')[0]}")
        seen = now
    async with transaction(engine):
        silent = Chore.held_until.is_null() if seen[1] is None else Chore.held_until == seen[1]
        free = (Chore.name == NAME) & (Chore.held_by == seen[0]) & silent
        taken = await Chore.update(_renewed(mine)).where(free).returning(Chore.name)
    if not taken:
        raise Unusable("another `parvis files move` has just begun")


async def _held() -> tuple[str, datetime | None]:
    row = await Chore.select(Chore.held_by, Chore.held_until).where(Chore.name == NAME).first()
    return (row["held_by"], row["held_until"]) if row else ("", None)


async def _renew(engine: Engine, mine: str, over: asyncio.Event, body: "asyncio.Task[Any] | None") -> None:
    """Say every few seconds that it goes on; what the database refuses once is said at the next."""
    while not over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(RENEWED_EVERY):
                await over.wait()
        if over.is_set():
            return
        with suppress(DatabaseTrouble):
            async with transaction(engine):
                own = (Chore.name == NAME) & (Chore.held_by == mine)
                held = await Chore.update(_renewed(mine)).where(own).returning(Chore.name)
            if not held:
                if body is not None:
                    body.cancel()
                return


def _renewed(mine: str) -> dict[Any, Any]:
    return {Chore.held_by: mine, Chore.held_until: clock.now()}
