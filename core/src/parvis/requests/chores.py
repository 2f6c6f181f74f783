"""What time itself does to requests: timers that move them, promises that break, drafts and data that grow old."""

from datetime import timedelta
from functools import partial

from parvis import clock
from parvis.db import unit
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Once, ServiceRequest
from parvis.requests import drafts
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, change
from parvis.requests.heart import Heart
from parvis.requests.lifecycle import due_transition, plan_move
from parvis.requests.records import Record, record_of
from parvis.requests.retention import forget_due, forget_files_waiting
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied

BATCH = 200
REPEATS_KEPT = timedelta(days=7)


async def run_timers(heart: Heart) -> int:
    """Make the moves whose time has come; how many requests moved."""
    table = ServiceRequest
    offered = list(heart.house.request_types)  # those of a plugin that is gone wait until it is back
    rows = (
        await table.select()
        .where((table.timer_due_at <= clock.now()) & table.type.is_in(offered))
        .order_by(table.timer_due_at)
        .limit(BATCH)
        if offered
        else []
    )
    moved = 0
    for record in map(record_of, rows):
        became = await change(heart, record.reference, partial(_plan_timer, heart), actor=SYSTEM)
        moved += isinstance(became, Record)
    return moved


async def _plan_timer(heart: Heart, here: Situation) -> Change | Denied | Problems | None:
    # Judged anew under lock: another worker may have made the move, or a person another one.
    transition = due_transition(here.kind, here.town, here.record.state, here.record.state_since, here.at)
    return await plan_move(heart, transition, {}, SYSTEM, "system", "", here) if transition else None


async def mark_missed(heart: Heart) -> int:
    """Mark the promises that have just been broken, so that lists and figures agree on them."""
    async with unit(heart.engine):
        late = (
            await ClockRow.update({ClockRow.state: "missed"})
            .where((ClockRow.state == "running") & (ClockRow.due_at < clock.now()))
            .returning(ClockRow.request, ClockRow.shown)
        )
        shown = [row["request"] for row in late if row["shown"]]
        if shown:
            await ServiceRequest.update({ServiceRequest.promise: "missed"}).where(ServiceRequest.id.is_in(shown))
    return len(late)


async def forget(heart: Heart) -> int:
    """Apply the retention rules; how many requests were stripped of personal data."""
    return len(await forget_due(heart))


async def sweep(heart: Heart) -> int:
    """Drop old drafts, files nobody sent, and old answers kept for repeats."""
    async with unit(heart.engine):
        gone = await drafts.sweep()
        gone += len(await Once.delete().where(Once.at < clock.now() - REPEATS_KEPT).returning(Once.key))
    return gone + await forget_files_waiting(heart, clock.now() - drafts.KEPT_FOR)
