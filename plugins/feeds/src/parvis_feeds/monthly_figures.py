"""The figures of the dashboards month by month, as rows of a report."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.requests.visibility import scope_of
from parvis.selection import Period
from parvis_dashboards.figures import Line, figures
from parvis_feeds.asking import Asked

MONTHS = 13  # this one, which is not over, and the twelve before


async def monthly_rows(call: Asked) -> list[dict[str, Any]]:
    """What came and was finished in each month of the town, in all and by type, unit, zone and channel, the oldest
    month first, over the units of the token; three statements a month."""
    scope = scope_of(call.viewer, call.town.code, call.host.jurisdictions, "report")
    rows = list[dict[str, Any]]()
    for month in months_until(local_day(call.town.calendar, clock.now())):
        period = Period(since=_midnight(call, month), until=_midnight(call, following(month)))
        counted = await figures(scope, period, call.town.calendar)
        lines = {
            "total": (counted.total,),
            "type": counted.by_type,
            "unit": counted.by_unit,
            "zone": counted.by_zone,
            "channel": counted.by_channel,
        }
        rows += [_row(month, dimension, line) for dimension, found in lines.items() for line in found]
    return rows


def months_until(today: date) -> tuple[date, ...]:
    """The first days of so many months, the oldest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(found[::-1])


def following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _midnight(call: Asked, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(call.town.time_zone))


def _row(month: date, dimension: str, line: Line) -> dict[str, Any]:
    return {
        "Month": month,
        "Dimension": dimension,
        "Code": line.code,
        "Received": line.received,
        "Finished": line.finished,
        "MedianDays": line.median,
        "NinetiethDays": line.ninetieth,
        "PromisesKept": line.kept,
        "PromisesBroken": line.broken,
        "Answered": line.answered,
        "FirstAnswerMedianDays": line.first_median,
        "Settled": line.settled,
        "Unsettled": line.unsettled,
        "Reopened": line.reopened,
    }
