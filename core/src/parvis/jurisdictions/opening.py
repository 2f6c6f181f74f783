"""Reads the calendar of a town: opening hours by weekday, holidays, its own closed days."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from parvis.jurisdictions.calendars import OFFICE, BusinessCalendar, ClosedDays, Hours
from parvis.jurisdictions.reading import Table

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")
EVERY_YEAR = re.compile(r"(\d{2})-(\d{2})")
LONGEST = 366


def read_calendar(table: Table, time_zone: str) -> BusinessCalendar:
    hours = table.table("hours")
    weekly = tuple(
        read_hours(hours, weekday, OFFICE if "hours" not in table.values and number < 5 else ())
        for number, weekday in enumerate(WEEKDAYS)
    )
    hours.close()
    if not any(weekly):
        if not hours.faulty:
            table.wrong("hours", "is never open", 'give at least one day hours, such as monday = "08:30-16:30"')
        weekly = (OFFICE,) * 5 + ((), ())
    calendar = BusinessCalendar(
        time_zone=time_zone,
        weekly=weekly,
        holidays="quebec" if table.choice("holidays", ("quebec", "none"), "quebec") == "quebec" else "none",
        construction_holiday=table.yes("construction_holiday", False),
        closings=tuple(closing for entry in table.tables("closed") if (closing := read_closing(entry))),
        open_anyway=frozenset(read_dates(table, "open_anyway")),
    )
    table.close()
    return calendar


def read_hours(table: Table, weekday: str, default: Hours) -> Hours:
    """`"08:30-12:00, 13:00-16:30"`, or `""` for a closed day."""
    written = table.string(weekday)
    if weekday not in table.values:
        return default
    spans: list[tuple[int, int]] = []
    for part in filter(None, (part.strip() for part in written.split(","))):
        match = SPAN.fullmatch(part)
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
        if not start < end <= 24 * 60 or (spans and start < spans[-1][1]):
            table.wrong(
                weekday, f"'{part}' is not a span of opening hours", 'write "08:30-12:00, 13:00-16:30", in order'
            )
        else:
            spans.append((start, end))
    return tuple(spans)


def read_closing(table: Table) -> ClosedDays | None:
    """`{ date = 2026-12-24 }`, `{ from = 2026-12-24, to = 2027-01-02 }` or `{ every_year = ["12-24", "12-31"] }`."""
    name = table.text("name")
    day, first, last = (read_date(table, key) for key in ("date", "from", "to"))
    every_year = tuple(read_yearly(table))
    table.close()
    first, last = first or day, last or day or first
    if not every_year and not first:
        if not table.faulty:
            table.wrong("", "names no day", "add date, from and to, or every_year")
        return None
    if first and last and not first <= last <= first + timedelta(days=LONGEST):
        table.wrong("to", f"{last} does not follow {first} within a year", "correct the dates")
        return None
    return ClosedDays(name=name.fr, name_en=name.en, first=first, last=last, every_year=every_year)


def read_span_of_year(table: Table, name: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """`["11-15", "04-01"]`: the first and the last day of a part of every year."""
    days = read_yearly(table, name)
    if name in table.values and len(days) != 2:
        if not table.faulty:
            table.wrong(name, "is not a part of the year", 'write its first and its last day: ["11-15", "04-01"]')
        return None
    return (days[0], days[1]) if days else None


def read_yearly(table: Table, name: str = "every_year") -> list[tuple[int, int]]:
    days = []
    for written in table.strings(name):
        match = EVERY_YEAR.fullmatch(written)
        try:
            day = date(2024, int(match[1]), int(match[2])) if match else None
        except ValueError:
            day = None
        if day is None:
            table.wrong(name, f"'{written}' is not a day of the year", 'write month and day, such as "12-24"')
        else:
            days.append((day.month, day.day))
    return days


def read_date(table: Table, name: str) -> date | None:
    value = table.take(name, date, "a date like 2026-12-24, without quotes")
    if isinstance(value, datetime):
        table.wrong(name, f"{value} has an hour", "write the date alone, like 2026-12-24")
    return value if type(value) is date else None


def read_dates(table: Table, name: str) -> list[date]:
    values = table.take(name, list, "a list of dates like [2026-04-06]") or []
    for value in values:
        if type(value) is not date:
            table.wrong(name, f"{value!r} is not a date", "write dates like 2026-04-06, without quotes")
    return [value for value in values if type(value) is date]


def read_time_zone(table: Table) -> str:
    name = table.string("time_zone", "America/Toronto")
    if name not in available_timezones():
        table.wrong("time_zone", f"'{name}' is not a time zone", 'write one like "America/Toronto"')
        return "America/Toronto"
    return name
