"""Claiming: which deliveries a worker takes now, fairly between subscribers, never twice, in order within a lane."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from parvis import clock
from parvis.db import Engine, skip_locked, transaction
from parvis.db.tables import Delivery
from parvis.outbox import circuits
from parvis.outbox.deliveries import UNFINISHED, DeliveryClaim

DUE = f"""
SELECT id, subscriber, state FROM (
    SELECT d.id, d.subscriber, d.state FROM delivery AS d
    WHERE d.subscriber = {{}} AND d.{UNFINISHED} AND d.due_at <= {{}}
      AND NOT EXISTS (SELECT 1 FROM delivery AS e
                      WHERE e.request = d.request AND e.lane = d.lane AND e.id < d.id
                      AND (e.state || '') IN ('waiting', 'claimed', 'postponed'))
    ORDER BY d.due_at, d.id LIMIT {{}} LOCKED
) AS b"""  # noqa: S608 - constants only; values go in by placeholders
# By the time from which it is due, so that what waits for later costs nothing to step over, and so that a probe is not
# the one delivery that always fails: that one is due again after all others. What stands before it is looked for among
# the deliveries of its request, and of no index of all that wait: PostgreSQL holds that one for empty as long as its
# statistics are from a calm hour, and would read the whole of it for each candidate just when thousands wait.


HELD = ("id", "request", "reference", "subscriber", "event_id", "event", "attempts", "blocked")


async def claim(
    engine: Engine, worker: str, room: Mapping[str, int], *, most: int, lease: timedelta
) -> tuple[DeliveryClaim, ...]:
    """Take up to `most` deliveries that are due, at most `room[subscriber]` of each subscriber, until the lease ends.

    Those claimed by a worker that died are due again when its lease has passed. A subscriber whose circuit is open
    gets nothing, or one probe when it is time to ask again. Idle, this is one read.
    """
    now = clock.now()
    wanted = {subscriber: allowed for subscriber, allowed in room.items() if allowed > 0}
    if most < 1 or not wanted or not await _due(engine, dict.fromkeys(wanted, 1), now, locked=False):
        return ()
    async with transaction(engine):
        who = await circuits.allowed(engine, wanted, now)
        limits = {**{name: min(wanted[name], most) for name in who.freely}, **dict.fromkeys(who.probes, 1)}
        found = await _due(engine, limits, now, locked=True)
        chosen = _in_turn(found)[:most]
        if not chosen:
            return ()
        taken = await _take(chosen, worker, now + lease)
        asked = {row["subscriber"] for row in taken}
        cut_off = {row["id"] for row in found if row["state"] == "claimed"}
        await circuits.probing(asked & who.probes, until=now + lease)
    return tuple(
        DeliveryClaim(
            **row,
            worker=worker,
            is_probe=row["subscriber"] in who.probes,
            after_failures=row["subscriber"] in who.failing,
            is_cut_off=row["id"] in cut_off,
        )
        for row in taken
    )


async def held_by(worker: str) -> tuple[DeliveryClaim, ...]:
    """What a worker holds that has not answered yet."""
    columns = [getattr(Delivery, name) for name in HELD]
    rows = await Delivery.select(*columns).where((Delivery.claimed_by == worker) & (Delivery.state == "claimed"))
    return tuple(DeliveryClaim(**row, worker=worker) for row in rows)


async def _due(engine: Engine, limits: Mapping[str, int], now: datetime, *, locked: bool) -> list[dict[str, Any]]:
    if not limits:
        return []
    lock = skip_locked(engine) if locked else ""
    branches, values = [], []
    for subscriber, limit in limits.items():
        branches.append(DUE.replace("LOCKED", lock))
        values += [subscriber, now, limit]
    return list(await Delivery.raw(" UNION ALL ".join(branches), *values))


def _in_turn(found: list[dict[str, Any]]) -> list[UUID]:
    """One of each subscriber, then a second of each, and so on; the oldest first within a turn."""
    by_subscriber: dict[str, list[UUID]] = defaultdict(list)
    for row in found:
        by_subscriber[row["subscriber"]].append(row["id"])
    turns = [(turn, id) for ids in by_subscriber.values() for turn, id in enumerate(ids)]
    return [id for _, id in sorted(turns)]


async def _take(chosen: list[UUID], worker: str, until: datetime) -> list[dict[str, Any]]:
    taken = (
        await Delivery.update(
            {
                Delivery.state: "claimed",
                Delivery.attempts: Delivery.attempts + 1,
                Delivery.claimed_by: worker,
                Delivery.due_at: until,
            }
        )
        .where(Delivery.id.is_in(chosen))
        .returning(*(getattr(Delivery, name) for name in HELD))
    )
    return sorted(taken, key=lambda row: chosen.index(row["id"]))
