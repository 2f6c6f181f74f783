"""What a town promises differently from a request type: ordered lines by type, zone, priority and season."""

from collections.abc import Collection
from datetime import date

import msgspec

from parvis.jurisdictions.calendars import YearDay, read_span_of_year, within_year
from parvis.jurisdictions.reading import CODE, Table
from parvis.jurisdictions.units import check_known
from parvis_sdk.text import Text

ANY = "*"
PRIORITIES = ("ordinary", "pressing", "urgent")
"""How the files of a town name the priorities 0, 1 and 2."""
MOST_DAYS, MOST_OPENING_HOURS, MOST_HOURS = 400, 4000, 24 * 400


class Season(msgspec.Struct, frozen=True, kw_only=True):
    """A part of every year that levels may name; its first and last day are within it."""

    code: str
    name: Text
    first: YearDay
    last: YearDay

    def holds(self, day: date) -> bool:
        return within_year(day, self.first, self.last)


class LevelRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The town's own promise where it fits: of a type ("*" is any) one level ("*" is every one).

    `zones`, `priorities` and `seasons` left empty are all of them. Exactly one amount is set. `id` stays with a line
    from one version of the levels to the next.
    """

    id: str = ""
    type: str
    level: str = ANY
    zones: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    seasons: tuple[str, ...] = ()
    business_days: int | None = None
    business_hours: int | None = None
    hours: int | None = None

    def covers(self, other: "LevelRule") -> bool:
        """Whether wherever the other one fits this one fits too."""
        return (
            self.type in (ANY, other.type)
            and self.level in (ANY, other.level)
            and _covers(self.zones, other.zones)
            and _covers(self.priorities, other.priorities)
            and _covers(self.seasons, other.seasons)
        )


class LevelQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What lines are looked through for: a level of a type, for a request in these zones, of this priority, begun on
    a day that lies in these seasons.
    """

    type: str
    level: str
    zones: tuple[str, ...] = ()
    priority: int = 0
    seasons: tuple[str, ...] = ()


def first_fitting(rules: tuple[LevelRule, ...], asked: LevelQuery) -> tuple[int, LevelRule] | None:
    """The first line that fits, and which one it is, counted from 1; None where the type's own level holds."""
    return next(((number, rule) for number, rule in enumerate(rules, start=1) if fits(rule, asked)), None)


def fits(rule: LevelRule, asked: LevelQuery) -> bool:
    """Whether every condition of the line that is not empty holds."""
    return (
        rule.type in (ANY, asked.type)
        and rule.level in (ANY, asked.level)
        and (not rule.zones or not set(rule.zones).isdisjoint(asked.zones))
        and (not rule.priorities or asked.priority in rule.priorities)
        and (not rule.seasons or not set(rule.seasons).isdisjoint(asked.seasons))
    )


def seasons_on(seasons: tuple[Season, ...], day: date) -> tuple[str, ...]:
    """The codes of the seasons in which a day lies."""
    return tuple(season.code for season in seasons if season.holds(day))


def hidden_by(rules: tuple[LevelRule, ...], number: int) -> int | None:
    """The line, counted from 1, that takes everything from line `number` that could come to it."""
    rule = rules[number - 1]
    return next((at for at, earlier in enumerate(rules[: number - 1], start=1) if earlier.covers(rule)), None)


def read_seasons(table: Table) -> tuple[Season, ...]:
    """`[[seasons]]` with `code`, `name` and `days`: the first and the last."""
    seasons: dict[str, Season] = {}
    for entry in table.tables("seasons"):
        code, name, days = entry.code("code", required=True), entry.text("name", required=True), _days(entry)
        entry.close()
        if code in seasons:
            entry.wrong("code", f"repeats '{code}'", "give each season a code of its own")
        elif days:
            seasons[code] = Season(code=code, name=name, first=days[0], last=days[1])
    return tuple(seasons.values())


def _days(table: Table) -> tuple[YearDay, YearDay] | None:
    days = read_span_of_year(table, "days")
    if days is None and not table.faulty:
        table.wrong("days", "is missing", 'write its first and its last day: ["11-15", "04-01"]')
    return days


def read_service_levels(
    table: Table, zones: frozenset[str] | None, seasons: Collection[Season]
) -> tuple[LevelRule, ...]:
    """`[[service_levels]]` with `type`, `level`, `zones`, `priorities`, `seasons` and one amount."""
    known = frozenset(season.code for season in seasons)
    rules: tuple[LevelRule, ...] = ()
    for entry in table.tables("service_levels"):
        rule = LevelRule(
            type=_type(entry),
            level=entry.string("level", ANY),
            zones=entry.strings("zones"),
            priorities=_priorities(entry),
            seasons=entry.strings("seasons"),
            business_days=entry.number("business_days", 0, MOST_DAYS),
            business_hours=entry.number("business_hours", 1, MOST_OPENING_HOURS),
            hours=entry.number("hours", 1, MOST_HOURS),
        )
        entry.close()
        check_known(entry, "zones", rule.zones, zones, "zone")
        check_known(entry, "seasons", rule.seasons, known, "season")
        if not entry.faulty and [rule.business_days, rule.business_hours, rule.hours].count(None) != 2:
            entry.wrong("", "needs one amount", "give either business_days, business_hours or hours")
        rules = (*rules, rule)
        if not entry.faulty and (before := hidden_by(rules, len(rules))):
            entry.wrong(
                "", f"never applies: line {before} covers every case that it would", "put it above, or remove it"
            )
    return rules


def _type(table: Table) -> str:
    given = table.string("type", required=True)
    if given and given != ANY and not CODE.fullmatch(given):
        table.wrong("type", f"'{given}' is not a code", 'write the code of a type of request, or "*" for any')
    return given


def _priorities(table: Table) -> tuple[int, ...]:
    given = table.strings("priorities")
    check_known(table, "priorities", given, frozenset(PRIORITIES), "priority")
    return tuple(sorted(PRIORITIES.index(name) for name in given if name in PRIORITIES))


def _covers(mine: tuple[object, ...], theirs: tuple[object, ...]) -> bool:
    return not mine or (bool(theirs) and set(theirs) <= set(mine))
