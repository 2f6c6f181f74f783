"""How long decisions take: what came and what was decided in each month, and days to the decision, by category too."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.insights.open_time import quantile
from parvis.insights.scope import Period, Where, within
from parvis.reach import Scope
from parvis.territory.calendars import BusinessCalendar, local_day

RECEIVED = "SELECT r.category, r.submitted_at FROM service_request r WHERE {where}"
DECIDED = "SELECT r.category, r.submitted_at, r.decided_at FROM service_request r WHERE {where}"


class Decided(Struct, frozen=True, kw_only=True):
    """One month, one category, or all: how many came and were decided, and calendar days from one to the other.

    Days are counted between dates of the town, over what was decided in the period; `median` and `ninetieth` lie
    between neighbours where they fall between (as spreadsheets' PERCENTILE does).
    """

    code: str
    received: int
    decided: int
    median: float | None
    ninetieth: float | None


class Decisions(Struct, frozen=True, kw_only=True):
    """Decisions of a period on one type of request; months as "2026-11", oldest first."""

    total: Decided
    months: tuple[Decided, ...]
    categories: tuple[Decided, ...]


async def decisions(
    scope: Scope, period: Period, calendar: BusinessCalendar, type: str, category: str = ""
) -> Decisions:
    """Two statements, however many requests there are; `category` narrows to one."""
    came = await _rows(RECEIVED, "submitted_at", scope, period, type, category)
    done = await _rows(DECIDED, "decided_at", scope, period, type, category)
    received = [(row["category"], local_day(calendar, row["submitted_at"])) for row in came]
    decided = [
        (
            row["category"],
            local_day(calendar, row["decided_at"]),
            _days(calendar, row["submitted_at"], row["decided_at"]),
        )
        for row in done
    ]
    return Decisions(
        total=_line("", len(received), [days for *_, days in decided]),
        months=_lines(((_month(day)) for _, day in received), ((_month(day), days) for _, day, days in decided)),
        categories=_lines((code for code, _ in received), ((code, days) for code, _, days in decided)),
    )


async def _rows(sql: str, column: str, scope: Scope, period: Period, type: str, category: str) -> list[dict[str, Any]]:
    where: Where = within(scope).add("r.type = {}", type)
    where.add(f"r.{column} >= {{}}", period.since).add(f"r.{column} < {{}}", period.until)
    if category:
        where.add("r.category = {}", category)
    return list(await ServiceRequest.raw(sql.format(where=where.sql), *where.values))


def _days(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    return (local_day(calendar, end) - local_day(calendar, start)).days


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _lines(received: Iterable[str], decided: Iterable[tuple[str, int]]) -> tuple[Decided, ...]:
    came: dict[str, int] = defaultdict(int)
    done: dict[str, list[int]] = defaultdict(list)
    for code in received:
        came[code] += 1
    for code, days in decided:
        done[code].append(days)
    return tuple(_line(code, came[code], done[code]) for code in sorted(came.keys() | done.keys()))


def _line(code: str, received: int, days: list[int]) -> Decided:
    exact = [float(each) for each in days]
    return Decided(
        code=code,
        received=received,
        decided=len(days),
        median=quantile(exact, 0.5),
        ninetieth=quantile(exact, 0.9),
    )
