"""How long decisions take: what came and what was decided in each month, and days to the decision, by category too.

Counted where the requests lie; the answer is as long as there are months and categories.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db import month_in
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.selection import Period, Where, within
from parvis_dashboards.local_days import on_the_clock

RECEIVED = """
WITH told AS (SELECT r.category, {submitted} AS submitted FROM service_request r WHERE {where})
SELECT category, {month} AS month, COUNT(*) AS requests FROM told GROUP BY 1, 2
"""
# Of n days in order, counted from 0, the middle lies between those at (n - 1) / 2 and the next, nine in ten likewise.
DECIDED = """
WITH told AS (
  SELECT r.category, {submitted} AS submitted, {decided} AS decided FROM service_request r WHERE {where}
), fine AS (
  SELECT category, {month} AS month, decided / 86400 - submitted / 86400 AS days, COUNT(*) AS requests
  FROM told GROUP BY 1, 2, 3
), grouped AS (
  SELECT 'month' AS dimension, month AS code, days, SUM(requests) AS requests FROM fine GROUP BY month, days
  UNION ALL SELECT 'category', category, days, SUM(requests) FROM fine GROUP BY category, days
  UNION ALL SELECT '', '', days, SUM(requests) FROM fine GROUP BY days
), running AS (
  SELECT dimension, code, days,
    CAST(SUM(requests) OVER (PARTITION BY dimension, code ORDER BY days) AS bigint) AS below,
    CAST(SUM(requests) OVER (PARTITION BY dimension, code) AS bigint) AS n
  FROM grouped
)
SELECT dimension, code, MAX(n) AS n,
  MIN(CASE WHEN below > (n - 1) / 2 THEN days END) AS half,
  MIN(CASE WHEN below > (n - 1) / 2 + 1 THEN days END) AS after_half,
  MIN(CASE WHEN below > (n - 1) * 9 / 10 THEN days END) AS most,
  MIN(CASE WHEN below > (n - 1) * 9 / 10 + 1 THEN days END) AS after_most
FROM running GROUP BY dimension, code
"""
Row = Mapping[str, Any]


class DecisionFigures(Struct, frozen=True, kw_only=True):
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

    total: DecisionFigures
    months: tuple[DecisionFigures, ...]
    categories: tuple[DecisionFigures, ...]


async def decisions(
    scope: Scope, period: Period, calendar: BusinessCalendar, type: str, category: str = ""
) -> Decisions:
    """Two statements, however many requests there are; `category` narrows to one."""
    shown = {
        "submitted": on_the_clock("r.submitted_at", calendar.time_zone, period.until),
        "decided": on_the_clock("r.decided_at", calendar.time_zone, period.until),
    }
    came = await _rows(RECEIVED, "submitted", shown, scope, period, type, category)
    rows = await _rows(DECIDED, "decided", shown, scope, period, type, category)
    done = {(row["dimension"], row["code"]): row for row in rows}
    return Decisions(
        total=_line("", sum(row["requests"] for row in came), done.get(("", ""))),
        months=_lines("month", came, done),
        categories=_lines("category", came, done),
    )


async def _rows(
    sql: str, moment: str, shown: Mapping[str, str], scope: Scope, period: Period, type: str, category: str
) -> Sequence[Row]:
    where: Where = within(scope).add("r.type = {}", type)
    where.add(f"r.{moment}_at >= {{}}", period.since).add(f"r.{moment}_at < {{}}", period.until)
    if category:
        where.add("r.category = {}", category)
    month = month_in(moment, ServiceRequest)
    return list(await ServiceRequest.raw(sql.format(where=where.sql, month=month, **shown), *where.values))


def _lines(dimension: str, came: Sequence[Row], done: Mapping[tuple[str, str], Row]) -> tuple[DecisionFigures, ...]:
    received: dict[str, int] = {code: 0 for kind, code in done if kind == dimension}
    for row in came:
        received[row[dimension]] = received.get(row[dimension], 0) + row["requests"]
    return tuple(_line(code, received[code], done.get((dimension, code))) for code in sorted(received))


def _line(code: str, received: int, done: Row | None) -> DecisionFigures:
    if done is None:
        return DecisionFigures(code=code, received=received, decided=0, median=None, ninetieth=None)
    between = done["n"] - 1
    return DecisionFigures(
        code=code,
        received=received,
        decided=done["n"],
        median=_between(done["half"], done["after_half"], between % 2 / 2),
        ninetieth=_between(done["most"], done["after_most"], between * 9 % 10 / 10),
    )


def _between(low: int, high: int | None, share: float) -> float:
    return low + ((low if high is None else high) - low) * share
