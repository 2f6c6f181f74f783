"""Reports that somebody has sent to them: which, when each is next due, and over which days it tells."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, insert_values, transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis_dashboards.tables import Report

Every = Literal["week", "month"]
HOUR = time(7)  # of the town: before the day begins
MOST = 20  # of one person in a town
TOGETHER = 100
KEY = "reports"  # of the turn that choices of one person take, one after the other


class ReportSubscription(Struct, frozen=True, kw_only=True):
    """One report: whose, over which unit (all of theirs where it is empty), how often, when next."""

    id: UUID
    jurisdiction: str
    agent: UUID
    unit: str
    every: Every
    due_at: datetime


async def wanted_by(jurisdiction: str, agent: UUID) -> tuple[ReportSubscription, ...]:
    """The reports of one person in a town, the oldest first."""
    mine = (Report.jurisdiction == jurisdiction) & (Report.agent == agent)
    rows = await Report.select().where(mine).order_by(Report.made_at, Report.id)
    return tuple(_wanted(row) for row in rows)


async def want(engine: Engine, town: Jurisdiction, agent: UUID, of_unit: str, every: Every) -> bool:
    """Have a report sent from the next time on; the same is had once. False where somebody has too many."""
    mine = (Report.jurisdiction == town.code) & (Report.agent == agent)
    async with transaction(engine):
        await turn_of(engine, f"{KEY} {agent}")  # a button pressed twice would have it sent twice
        there = await Report.select(Report.unit, Report.every).where(mine)
        if {"unit": of_unit, "every": every} in there:
            return True
        if len(there) >= MOST:
            return False
        now = clock.now()
        row: Row = {"id": new_id(), "jurisdiction": town.code, "agent": agent, "unit": of_unit, "every": every}
        await insert_values(Report, row | {"made_at": now, "due_at": next_due(every, now, town.time_zone)})
    return True


async def stop(engine: Engine, id: UUID, agent: UUID | None = None) -> bool:
    """Send a report no more; one of `agent` only, where that is named."""
    async with transaction(engine):
        return await stop_within(id, agent)


async def stop_within(id: UUID, agent: UUID | None = None) -> bool:
    """The same inside a transaction that is already open."""
    this = Report.id == id
    gone = await Report.delete().where(this if agent is None else this & (Report.agent == agent)).returning(Report.id)
    return bool(gone)


async def due(now: datetime) -> tuple[ReportSubscription, ...]:
    """What is to be sent, longest due first; not more than is sent at a time."""
    rows = await Report.select().where(Report.due_at <= now).order_by(Report.due_at).limit(TOGETHER)
    return tuple(_wanted(row) for row in rows)


async def put_off(report: ReportSubscription, until: datetime) -> bool:
    """Inside a transaction: it is sent and due again then; False where another has just sent it, or it was stopped."""
    changed: Row = {"due_at": until}
    same = (Report.id == report.id) & (Report.due_at == report.due_at)
    return bool(await Report.update(changed).where(same).returning(Report.id))


def next_due(every: Every, now: datetime, time_zone: str) -> datetime:
    """The first Monday, or first day of a month, at seven in the town, that is still to come."""
    zone = ZoneInfo(time_zone)
    day = now.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, HOUR, zone)
        if moment > now and (day.weekday() == 0 if every == "week" else day.day == 1):
            return moment
        day += timedelta(days=1)


def days_told(report: ReportSubscription, time_zone: str) -> tuple[date, date]:
    """The days that it tells about, both included: the week or the month before it was due."""
    last = report.due_at.astimezone(ZoneInfo(time_zone)).date() - timedelta(days=1)
    return (last - timedelta(days=6) if report.every == "week" else last.replace(day=1), last)


def _wanted(row: Row) -> ReportSubscription:
    return ReportSubscription(**{name: row[name] for name in ReportSubscription.__struct_fields__})
