"""Days of the calendar on which something ends: a day of every year, the end of a season, an anniversary."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from parvis_sdk.days import later
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.mistakes import code_mistakes

A_LEAP_YEAR = 2024
MOST_LEFT = 365


class MonthDay(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="month_day"):
    """A day of every year, such as `MonthDay(month=12, day=31)`; 29 February is the 28th in other years.

    `season` is the code of a season of the town, on whose last day it is instead where the town has one of that code.
    With `least`, what would have fewer days than that left ends a year later.
    """

    month: int
    day: int
    season: str = ""
    least: int = 0


class Anniversary(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="anniversary"):
    """The next anniversary of the day answered under the code `of`; with `least` as with `MonthDay`."""

    of: str
    least: int = 0


CalendarDay = MonthDay | Anniversary
YEAR_END = MonthDay(month=12, day=31)


def next_of(rule: CalendarDay, first: date, said: date | None, seasons: Mapping[str, tuple[int, int]]) -> date | None:
    """The day that a rule names, on the day `first` or the next after it; None where it counts from a day unsaid.

    `said` is the day that an anniversary is of; `seasons` the month and day on which each season of the town ends.

    >>> next_of(YEAR_END, date(2026, 5, 4), None, {})
    datetime.date(2026, 12, 31)
    >>> next_of(MonthDay(month=10, day=15, season="terraces"), date(2026, 5, 4), None, {"terraces": (10, 31)})
    datetime.date(2026, 10, 31)
    """
    earliest = first + timedelta(days=rule.least)
    if isinstance(rule, MonthDay):
        in_year = seasons.get(rule.season, (rule.month, rule.day))
    elif said is None:
        return None
    else:
        in_year, earliest = (said.month, said.day), max(earliest, said + timedelta(days=1))
    here = _on(earliest.year, in_year)
    return here if here >= earliest else _on(earliest.year + 1, in_year)


def _on(year: int, in_year: tuple[int, int]) -> date:
    return later(date(A_LEAP_YEAR, *in_year), months=12 * (year - A_LEAP_YEAR))


def calendar_mistakes(rule: CalendarDay, where: str) -> Iterator[DeclarationMistake]:
    """Whether the day exists and leaves a positive term."""
    if not 0 <= rule.least <= MOST_LEFT:
        what = f"{rule.least} days cannot be the least that is left before it"
        yield DeclarationMistake(where=where, what=what, now_what=f"give none to {MOST_LEFT}")
    if not isinstance(rule, MonthDay):
        return
    if not (1 <= rule.month <= 12 and 1 <= rule.day <= monthrange(A_LEAP_YEAR, rule.month)[1]):
        what = f"no year has a day {rule.day} of month {rule.month}"
        yield DeclarationMistake(where=where, what=what, now_what="name a month from 1 to 12 and one of its days")
    if rule.season:
        yield from code_mistakes(rule.season, f"{where} · season")
