"""Pausing a connector: nothing is delivered to it, everything waits, until a person resumes it.

A person pauses it, or it is paused by itself when it has been failing for days without one success: its system has then
moved, or nobody looks after it, and what is still to come would only be given up as well.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.tables import Delivery
from parvis.outbox import circuits
from parvis.outbox.circuits import OUTSIDE
from parvis.outbox.deliveries import CONNECTOR, UNFINISHED

log = structlog.get_logger("parvis.outbox")


async def pause(engine: Engine, connector: str, why: str) -> bool:
    """Deliver nothing to it from now on; False when it is paused already."""
    async with transaction(engine):
        return await circuits.pause(engine, f"{CONNECTOR}{connector}", why)


async def pause_if_it_lasts(engine: Engine, connector: str, since: datetime, days: int) -> None:
    """In a transaction: pause it when it has been failing for so many days; the log tells, nobody gives a reason."""
    if clock.now() - since < timedelta(days=days):
        return
    if await circuits.pause(engine, f"{CONNECTOR}{connector}", ""):
        log.error("a connector is paused", connector=connector, failing_since=str(since), days=days)


async def resume(engine: Engine, connector: str) -> int | None:
    """Deliver to it again: what waited, and what was given up because it was away; None when it was not paused.

    What it refused stays as it is.
    """
    subscriber = f"{CONNECTOR}{connector}"
    changed: dict[Any, Any] = {Delivery.state: "waiting", Delivery.attempts: 0, Delivery.due_at: clock.now()}
    away = (Delivery.subscriber == subscriber) & (Delivery.state == "dead") & (Delivery.attempts >= OUTSIDE.tries)
    put_off = (Delivery.subscriber == subscriber) & Delivery.state.is_in(["waiting", "postponed"])
    async with transaction(engine):
        if not await circuits.resume(subscriber):
            return None
        await Delivery.update({Delivery.due_at: clock.now()}).where(put_off & WhereRaw(UNFINISHED))
        return len(await Delivery.update(changed).where(away).returning(Delivery.id))
