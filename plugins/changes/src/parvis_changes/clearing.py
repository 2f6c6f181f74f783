"""What is gone is told for a year; those who kept a cursor from before begin anew."""

from datetime import timedelta
from functools import partial
from typing import Any

from parvis import clock
from parvis.chores import Chore
from parvis.db import held, insert_values, transaction
from parvis.requests.host import Host
from parvis_changes.numbering import ONLY
from parvis_changes.tables import ClearedRemovals, Numbering, RemovedRequest
from parvis_sdk.text import Text

TOLD_FOR = timedelta(days=365)
MOST_AT_ONCE = 1_000
TITLE = Text(fr="Anciens retraits de requêtes", en="Old removals of requests")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """Also where the module was switched off: nothing is kept longer for that."""
    clear = partial(clear_removed, host)
    return (
        Chore(name="removed_requests", every=timedelta(days=1), work=clear, by_date=True, title=TITLE, also_off=True),
    )


async def clear_removed(host: Host) -> int:
    """Forget what went more than a year ago, and up to which number, by town; how many went."""
    gone = 0
    while True:
        async with transaction(host.engine):
            old = RemovedRequest.removed_at < clock.now() - TOLD_FOR
            columns = (RemovedRequest.request, RemovedRequest.jurisdiction, RemovedRequest.number)
            rows = await RemovedRequest.select(*columns).where(old).limit(MOST_AT_ONCE)
            if not rows:
                return gone
            await RemovedRequest.delete().where(RemovedRequest.request.is_in([row["request"] for row in rows]))
            following = await _another(host) if any(not row["number"] for row in rows) else 0
            for town in {row["jurisdiction"] for row in rows}:
                await _note(town, max(row["number"] or following for row in rows if row["jurisdiction"] == town))
        gone += len(rows)


async def _note(town: str, number: int) -> None:
    there = ClearedRemovals.jurisdiction == town
    kept: list[dict[str, Any]] = await ClearedRemovals.select().where(there)
    if not kept:
        await insert_values(ClearedRemovals, {"jurisdiction": town, "number": number})
    elif kept[0]["number"] < number:
        await ClearedRemovals.update({"number": number}).where(there)


async def _another(host: Host) -> int:
    """A number for what nobody came to read."""
    [state] = await held(Numbering.select().where(Numbering.key == ONLY), host.engine)
    number = int(state["last"]) + 1
    await Numbering.update({"last": number}).where(Numbering.key == ONLY)
    return number


async def cleared_until(town: str) -> int:
    """The last number of a town under which something went that is told no more; 0 where there is none."""
    rows = await ClearedRemovals.select(ClearedRemovals.number).where(ClearedRemovals.jurisdiction == town)
    return int(rows[0]["number"]) if rows else 0
