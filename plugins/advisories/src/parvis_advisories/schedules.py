"""What comes by a schedule, such as the collections: on which days, in which zones, moved by holidays and by hand."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Literal

import msgspec

from parvis.jurisdictions.calendars import WEEKDAYS, YearDay, quebec_holidays, read_date, read_span_of_year, within_year
from parvis.jurisdictions.reading import CODE, Table
from parvis.jurisdictions.town_files import TownFile
from parvis.jurisdictions.units import check_known
from parvis_sdk.text import Text

Holidays = Literal["as_usual", "next_day", "none"]
HOLIDAYS: tuple[Holidays, ...] = ("as_usual", "next_day", "none")
FARTHEST = 10  # days over which a move may reach
HORIZON = 400  # days within which anything that comes at all comes again


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One stream on one weekday (0 is Monday), every so many weeks counted from `first`, within a season."""

    stream: str
    weekday: int
    zones: tuple[str, ...] = ()
    weeks: int = 1
    first: date | None = None
    season: tuple[YearDay, YearDay] | None = None

    def falls_on(self, day: date) -> bool:
        """Whether this is a day of the round before anything was moved."""
        if day.weekday() != self.weekday or (self.season and not within_year(day, *self.season)):
            return False
        return self.weeks == 1 or self.first is None or (day - self.first).days % (7 * self.weeks) == 0


class RoundException(msgspec.Struct, frozen=True, kw_only=True):
    """What was to come on `day` comes on `to`; without `to` it does not come."""

    day: date
    to: date | None = None
    note: Text = Text(fr="")
    streams: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    def concerns(self, round: Round) -> bool:
        """Whether this round is among those moved."""
        of_zone = not self.zones or not round.zones or not set(self.zones).isdisjoint(round.zones)
        return of_zone and (not self.streams or round.stream in self.streams)


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule under its name. `until` is the hour at which a day's rounds are over."""

    code: str
    until: time = time(22)
    holidays: Holidays = "as_usual"
    rounds: tuple[Round, ...] = ()
    moved: tuple[RoundException, ...] = ()

    def rounds_for(self, stream: str, zones: tuple[str, ...]) -> tuple[Round, ...]:
        """The rounds of a stream in the zones of a place; none where the schedule says nothing about it."""
        return tuple(
            each
            for each in self.rounds
            if each.stream == stream and (not each.zones or not set(each.zones).isdisjoint(zones))
        )

    def comes_on(self, rounds: tuple[Round, ...], day: date) -> bool:
        """Whether one of these rounds comes on that day, moves and holidays counted in."""
        around = (day + timedelta(days=number) for number in range(-FARTHEST, FARTHEST + 1))
        return any(
            each.falls_on(planned) and self.really_on(each, planned) == day for planned in around for each in rounds
        )

    def really_on(self, round: Round, planned: date) -> date | None:
        """The day on which what was planned for a day comes; None when it is dropped."""
        for move in self.moved:
            if move.day == planned and move.concerns(round):
                return move.to
        if self.holidays == "as_usual" or planned not in quebec_holidays(planned.year):
            return planned
        if self.holidays == "none":
            return None
        while planned in quebec_holidays(planned.year):
            planned += timedelta(days=1)
        return planned

    def why_not(self, rounds: tuple[Round, ...], day: date) -> Text | None:
        """Why nothing comes on a day on which it usually would: a holiday by its name, or the note of the town."""
        if not any(each.falls_on(day) for each in rounds):
            return None
        for move in self.moved:
            if move.day == day and any(move.concerns(each) for each in rounds):
                return move.note if move.note.fr else None
        return quebec_holidays(day.year).get(day) if self.holidays != "as_usual" else None

    def next_day(self, rounds: tuple[Round, ...], after: date) -> date | None:
        """The first day after that one on which one of these rounds comes."""
        return next((day for day in days(after, 1) if self.comes_on(rounds, day)), None)

    def last_day(self, rounds: tuple[Round, ...], before: date) -> date | None:
        """The last day before that one on which one of these rounds came."""
        return next((day for day in days(before, -1) if self.comes_on(rounds, day)), None)


def days(start: date, step: int) -> Iterator[date]:
    yield from (start + timedelta(days=step * number) for number in range(1, HORIZON + 1))


def read_schedules(table: Table, zones: frozenset[str] | None) -> dict[str, Schedule]:
    """`schedules.toml`: one table a schedule, with `rounds` and `moved`."""
    schedules = {}
    for code, entry in table.named_tables():
        schedules[code] = Schedule(
            code=code,
            until=read_hour(entry, "until", time(22)),
            holidays=next(one for one in HOLIDAYS if one == entry.choice("holidays", HOLIDAYS, "as_usual")),
            rounds=tuple(read_round(each, zones) for each in entry.tables("rounds")),
            moved=tuple(move for each in entry.tables("moved") if (move := read_moved(each, zones))),
        )
        entry.close()
        if not schedules[code].rounds and not entry.faulty:
            entry.wrong("rounds", "is missing", f"add at least one [[{code}.rounds]]")
    return schedules


def read_round(table: Table, zones: frozenset[str] | None) -> Round:
    """`stream`, `zones`, `weekday`, `weeks` with `first`, `season`."""
    weekday = table.choice("weekday", WEEKDAYS, "") if "weekday" in table.values else ""
    if "weekday" not in table.values:
        table.wrong("weekday", "is missing", f"write one of {', '.join(WEEKDAYS)}")
    round = Round(
        stream=table.matching("stream", CODE, "a code", required=True),
        weekday=WEEKDAYS.index(weekday) if weekday else 0,
        zones=table.strings("zones"),
        weeks=table.number("weeks", 1, 8) or 1,
        first=read_date(table, "first"),
        season=read_span_of_year(table, "season"),
    )
    table.close()
    check_known(table, "zones", round.zones, zones, "zone")
    if round.weeks > 1 and not table.faulty:
        if round.first is None:
            table.wrong("first", "is missing", "add a day on which it comes, from which the weeks are counted")
        elif round.first.weekday() != round.weekday:
            table.wrong("first", f"{round.first} is no {weekday}", "name a day on which it comes")
    return round


def read_moved(table: Table, zones: frozenset[str] | None) -> RoundException | None:
    """`date`, `to`, `note`, `streams`, `zones`."""
    day, to = read_date(table, "date"), read_date(table, "to")
    note, streams, named = table.text("note"), table.strings("streams"), table.strings("zones")
    table.close()
    check_known(table, "zones", named, zones, "zone")
    if day is None:
        if not table.faulty:
            table.wrong("date", "is missing", "add the day that is moved, like 2026-12-25")
        return None
    if to is not None and abs((to - day).days) > FARTHEST:
        table.wrong("to", f"{to} is more than {FARTHEST} days away from {day}", "correct the dates")
    return RoundException(day=day, to=to, note=note, streams=streams, zones=named)


def read_hour(table: Table, name: str, default: time) -> time:
    written = table.string(name)
    try:
        return time.fromisoformat(written) if written else default
    except ValueError:
        table.wrong(name, f"'{written}' is not an hour", 'write hours and minutes, such as "20:00"')
        return default


SCHEDULES: TownFile[dict[str, Schedule]] = TownFile(
    name="schedules.toml",
    read=lambda table, around: read_schedules(table, around.zones),
    usual={},
    zones=lambda schedules: (
        (code, zone) for code, one in schedules.items() for each in one.rounds for zone in each.zones
    ),
)
