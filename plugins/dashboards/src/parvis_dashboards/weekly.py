"""The weeks of a period, and of the same one a year before, counted in one statement from the indexes of figures."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import BusinessCalendar, local_day
from parvis.selection import Period, Where

A_YEAR = timedelta(weeks=52)  # from a Monday to a Monday
EACH = """
SELECT '{what}' AS what, {week} AS week, COUNT(*) AS requests, {kept} AS kept, {missed} AS missed, {undone} AS undone
FROM service_request r WHERE {where} AND r.{column} >= {{}} AND r.{column} < {{}} GROUP BY 2
"""
ENDED = "COALESCE(r.undone, 0) = 0 AND r.promise = "
COUNTED = {
    "received": ("submitted_at", "0", "0", "0"),
    "finished": (
        "closed_at",
        f"SUM(CASE WHEN {ENDED}'met' THEN 1 ELSE 0 END)",
        f"SUM(CASE WHEN {ENDED}'missed' THEN 1 ELSE 0 END)",
        "0",
    ),
    "back": ("reopened_at", "0", "0", "SUM(CASE WHEN r.undone > 0 THEN 1 ELSE 0 END)"),
}
"""What is counted by week: its moment, and how many promises were kept, missed and broken by a reopening then."""


class Week(Struct, frozen=True, kw_only=True):
    """Seven days from a Monday, or what of them lies in the period."""

    monday: date
    received: int
    finished: int
    kept: int = 0
    broken: int = 0

    @property
    def share_kept(self) -> float | None:
        """How many of the promises that ended in the week were kept; None where none did."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


Part = tuple[date, Period]


async def weeks_counted(
    where: Where, period: Period, calendar: BusinessCalendar, *, before: bool = False
) -> tuple[tuple[Week, ...], tuple[Week, ...]]:
    """The weeks that a period touches, and with `before` the same ones of the year before; one statement."""
    spans = [_weeks_of(period, calendar)]
    if before:
        spans.append(_weeks_of(Period(since=period.since - A_YEAR, until=period.until - A_YEAR), calendar))
    parts = [_part(f"{what}{number}", where, weeks) for number, weeks in enumerate(spans) if weeks for what in COUNTED]
    values = [value for _, given in parts for value in given]
    with may_be_behind():
        rows = await ServiceRequest.raw(" UNION ALL ".join(sql for sql, _ in parts), *values) if parts else []
    found = {(row["what"], int(row["week"])): row for row in rows}

    def told(number: int, week: int, monday: date) -> Week:
        def of(what: str, name: str) -> int:
            row = found.get((f"{what}{number}", week))
            return int(row[name] or 0) if row else 0

        return Week(
            monday=monday,
            received=of("received", "requests"),
            finished=of("finished", "requests"),
            kept=of("finished", "kept"),
            broken=of("finished", "missed") + of("back", "undone"),
        )

    counted = [
        tuple(told(number, week, monday) for week, (monday, _) in enumerate(weeks))
        for number, weeks in enumerate(spans)
    ]
    return counted[0], counted[1] if before else ()


def _part(named: str, where: Where, weeks: Sequence[Part]) -> tuple[str, list[object]]:
    column, kept, missed, undone = COUNTED[named[:-1]]
    week, begins = _week_of(column, [each.since for _, each in weeks], 0, len(weeks) - 1)
    sql = EACH.format(what=named, week=week, kept=kept, missed=missed, undone=undone, where=where.sql, column=column)
    return sql, [*begins, *where.values, weeks[0][1].since, weeks[-1][1].until]


def _week_of(column: str, begins: Sequence[datetime], first: int, last: int) -> tuple[str, list[object]]:
    """In which of these weeks a moment lies, found by halves; with the values in the order of the text."""
    if first >= last:
        return str(first), []
    middle = (first + last + 1) // 2
    earlier, some = _week_of(column, begins, first, middle - 1)
    later, others = _week_of(column, begins, middle, last)
    return f"CASE WHEN r.{column} < {{}} THEN {earlier} ELSE {later} END", [begins[middle], *some, *others]


def _weeks_of(period: Period, calendar: BusinessCalendar) -> tuple[Part, ...]:
    """The weeks that a period touches, each with what of it lies inside."""
    zone = ZoneInfo(calendar.time_zone)
    first = local_day(calendar, period.since)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while (begins := datetime.combine(monday, time(), zone)) < period.until:
        ends = datetime.combine(monday + timedelta(days=7), time(), zone)
        weeks.append((monday, Period(since=max(begins, period.since), until=min(ends, period.until))))
        monday += timedelta(days=7)
    return tuple(weeks)
