"""What time itself does to requests: timers that move them, promises that break, drafts and data that grow old."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from piccolo.columns.combination import And, WhereRaw

from parvis import clock
from parvis.db import held, transaction
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import IdempotencyKey, Row, ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import add_business_days
from parvis.requests import drafting
from parvis.requests.actors import SYSTEM
from parvis.requests.attached.dropping import drop_strays
from parvis.requests.changing import Change, Situation, change
from parvis.requests.declarations import each_readable, type_of_record
from parvis.requests.host import Host
from parvis.requests.keeping.retention import forget_files_waiting
from parvis.requests.lifecycle import arrival, plan_move
from parvis.requests.put_off import moving
from parvis.requests.records import Record, record_of
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.workflow import Denied

BATCH = 200
RUNNING = "state = 'running'"  # as the partial index has it
REPEATS_KEPT = timedelta(days=7)
AGAIN = timedelta(hours=1)
STRAYS_AFTER = timedelta(days=1)  # by then whatever was being received has its row


async def run_timers(host: Host) -> int:
    """Make the moves whose time has come; how many requests moved."""
    table = ServiceRequest
    # Requests of a plugin or a town that is gone wait until it is back, and until that is made up for.
    offered, served = await moving(host), list(host.jurisdictions.by_code)
    rows = (
        await table.select()
        .where((table.timer_due_at <= clock.now()) & table.type.is_in(offered) & table.jurisdiction.is_in(served))
        .order_by(table.timer_due_at)
        .limit(BATCH)
        if offered
        else []
    )
    return sum(await each_readable(host, rows, partial(_run_timer, host)))


async def _run_timer(host: Host, row: Row) -> bool:
    record = record_of(row)
    became = await change(host, record.reference, partial(_plan_timer, host), actor=SYSTEM)
    if not isinstance(became, Record):
        await _set_again(host, record)
    return isinstance(became, Record)


async def _plan_timer(host: Host, here: Situation) -> Change | Denied | Problems | None:
    # Judged anew under lock: another worker may have made the step, or a person another one.
    transition = _due_transition(here.request_type, here.town, here.record.state, here.record.state_since, here.at)
    return await plan_move(host, transition, {}, SYSTEM, "system", "", here) if transition else None


async def _set_again(host: Host, record: Record) -> None:
    """A timer that did not move its request, since its town's calendar has changed: its date as it is now.

    It must not stand first in line for ever.
    """
    request_type, town = await type_of_record(host, record), host.jurisdictions.jurisdiction(record.jurisdiction)
    due_at = arrival(request_type, town, request_type.workflow.state(record.state), record.state_since)["timer_due_at"]
    if due_at is not None and due_at <= clock.now():
        due_at = clock.now() + AGAIN
    async with transaction(host.engine):
        await ServiceRequest.update({ServiceRequest.timer_due_at: due_at}).where(
            (ServiceRequest.id == record.id) & (ServiceRequest.version == record.version)
        )


async def mark_missed(host: Host) -> int:
    """Mark the promises that have just been broken, so that lists and figures agree on them."""
    late = And(WhereRaw(RUNNING), ClockRow.due_at < clock.now())
    marked = 0
    while rows := await ClockRow.select(ClockRow.request).where(late).limit(BATCH):
        marked += await _mark(host, {row["request"] for row in rows}, late)
    return marked


async def _mark(host: Host, requests: set[UUID], late: And) -> int:
    async with transaction(host.engine):
        # Requests first, as everybody locks them: a clock that is changed together with its request is then settled.
        theirs = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.id.is_in(list(requests)))
        await held(theirs.order_by(ServiceRequest.id), host.engine)
        missed = (
            await ClockRow.update({ClockRow.state: "missed"})
            .where(late & ClockRow.request.is_in(list(requests)))
            .returning(ClockRow.request, ClockRow.shown)
        )
        shown = [row["request"] for row in missed if row["shown"]]
        if shown:
            await ServiceRequest.update({ServiceRequest.promise: "missed"}).where(ServiceRequest.id.is_in(shown))
    return len(missed)


async def sweep(host: Host) -> int:
    """Drop old drafts, files nobody sent or nothing knows of any more, and old answers kept for repeats."""
    async with transaction(host.engine):
        gone = await drafting.sweep()
        old = (IdempotencyKey.at < clock.now() - REPEATS_KEPT) & (IdempotencyKey.lasting == False)  # noqa: E712 - of a column
        gone += len(await IdempotencyKey.delete().where(old).returning(IdempotencyKey.key))
    gone += await forget_files_waiting(host, clock.now() - drafting.KEPT_FOR)
    return gone + await drop_strays(host, clock.now() - STRAYS_AFTER)


def _due_transition(
    request_type: RequestType, town: Jurisdiction, state: str, since: datetime, now: datetime
) -> str | None:
    """The transition whose timer has run out in this state, the longest overdue first."""
    ripe: list[tuple[datetime, str]] = []
    for timer in request_type.workflow.state(state).timers:
        due = (
            add_business_days(town.calendar, since, timer.days)
            if timer.business
            else since + timedelta(days=timer.days)
        )
        if due <= now:
            ripe.append((due, timer.transition))
    return min(ripe)[1] if ripe else None
