"""Requests that were there before their delays were kept: measured from their history, some at a time, by a chore."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from parvis.db import held, transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.clocks.measures import in_days, looked_back, measured
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record, as_columns, record_of
from parvis.requests.timeline import request_types_at

Columns: TypeAlias = Callable[[Host, Record], Awaitable[Mapping[str, Any]]]

UNMEASURED = "reopened IS NULL"  # these in the words of the partial indexes
UNCOUNTED = "days_promised IS NULL AND allowed IS NOT NULL"
NOT_LOOKED_BACK = "undone IS NULL"
TOGETHER, MOST = 100, 5_000


async def measure_older(host: Host) -> int:
    """Fill what is counted of requests for which it was never written; how many were."""
    done = await _through(host, UNMEASURED, _columns)
    done += await _through(host, NOT_LOOKED_BACK, _back)
    return done + await _through(host, UNCOUNTED, _days)


async def _back(host: Host, record: Record) -> Mapping[str, Any]:
    entries = await entries_of(record)
    request_types = await request_types_at(host, record, entries)
    return looked_back(entries, request_types, shown_of(await clocks_of(record.id)))


async def _through(host: Host, lacking: str, columns: Columns) -> int:
    done = 0
    after = UUID(int=0)
    while done < MOST:
        table = ServiceRequest
        served = table.jurisdiction.is_in(list(host.jurisdictions.by_code))  # others wait until their town is back
        wanted = WhereRaw(lacking) & (table.id > after) & served
        rows = await table.select(table.id).where(wanted).order_by(table.id).limit(TOGETHER)
        if not rows:
            break
        after = rows[-1]["id"]
        done += await _fill(host, [row["id"] for row in rows], lacking, columns)
    return done


async def _fill(host: Host, ids: list[UUID], lacking: str, columns: Columns) -> int:
    table, filled = ServiceRequest, 0
    async with transaction(host.engine):
        wanted = table.select().where(table.id.is_in(ids) & WhereRaw(lacking))
        records = [record_of(row) for row in await held(wanted.order_by(table.id), host.engine)]
        for record in records:
            values: dict[Any, Any] = {**as_columns(await columns(host, record))}
            if any(value is not None for value in values.values()):
                await table.update(values).where(table.id == record.id)
                filled += 1
    return filled


async def _columns(host: Host, record: Record) -> Mapping[str, Any]:
    entries = await entries_of(record)
    request_types = await request_types_at(host, record, entries)
    calendar = host.jurisdictions.jurisdiction(record.jurisdiction).calendar
    return measured(record, entries, request_types, shown_of(await clocks_of(record.id)), calendar)


async def _days(host: Host, record: Record) -> Mapping[str, Any]:
    calendar = host.jurisdictions.jurisdiction(record.jurisdiction).calendar
    return in_days(calendar, shown_of(await clocks_of(record.id)))
