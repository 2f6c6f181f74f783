"""Rules as data, in their order, and the one pure function that decides by them: the first that fits wins."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import is_open
from parvis.jurisdictions.owners import OWNERS
from parvis_routing.listening import ear_for
from parvis_sdk.conditions import Condition, holds
from parvis_sdk.text import Text

Time = Literal["open", "closed", "night", "weekend"]
Share = Literal["turns", "load"]
TIMES: tuple[Time, ...] = ("open", "closed", "night", "weekend")
NIGHT_FROM, NIGHT_UNTIL = 22, 6  # hours of the town's day
SATURDAY = 5


class Season(Struct, frozen=True, kw_only=True):
    """From one day of the year to another, both included, over the new year where the first is the later one."""

    first: str  # month and day: "11-15"
    last: str

    def holds(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Fits when each of its conditions that is not empty holds; then the request is its `unit`'s.

    `words` are looked for in what was written, in any language, slips tolerated; one of them is enough. `id` stays with
    a rule from one version of the rules to the next. Of `persons`, by their ids, one is given the
    request: each in turn, or who has the fewest open ones. With `owner` the place is somebody else's to look after, and
    the request is not taken in.
    """

    id: str = ""
    title: Text | None = None
    types: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    requesters: tuple[str, ...] = ()
    answers: Condition | None = None
    words: tuple[str, ...] = ()
    times: tuple[Time, ...] = ()
    season: Season | None = None
    unit: str = ""
    persons: tuple[str, ...] = ()
    share: Share = "turns"
    priority: int = 0
    owner: str = ""

    @property
    def has_conditions(self) -> bool:
        lists = (self.types, self.themes, self.zones, self.channels, self.owners, self.requesters)
        return any((*lists, self.words, self.times)) or self.answers is not None or self.season is not None


class Rules(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Rules in their order, and the unit of what none fits."""

    rules: tuple[Rule, ...] = ()
    default: str

    @property
    def parts(self) -> tuple[Rule, ...]:
        return self.rules

    def with_parts(self, parts: tuple[Rule, ...]) -> "Rules":
        return structs.replace(self, rules=parts)


class Facts(Struct, frozen=True, kw_only=True):
    """What rules look at: `said` is what was written where it is not personal, `told` where it is."""

    type: str
    theme: str = ""
    zones: tuple[str, ...] = ()
    channel: str = ""
    owner: str = ""
    requester: str = ""
    answers: Mapping[str, Any] = {}
    said: str = ""
    told: str = ""
    at: datetime


class Decision(Struct, frozen=True, kw_only=True):
    """What the rules say of a request: `number` is that of the rule, 0 if none applied.

    `heard` are the words of the rule that were found in answers that are not personal, and may be shown.
    """

    unit: str
    priority: int = 0
    owner: str = ""
    number: int = 0
    rule: Rule | None = None
    heard: tuple[str, ...] = ()


def decide(rules: Rules, facts: Facts, town: Jurisdiction) -> Decision:
    """Whose a request is; a rule whose unit or owner the town no longer has is passed over, and keeps its number."""
    for number, rule in enumerate(rules.rules, 1):
        if is_sound(rule, town) and fits(rule, facts, town):
            return Decision(
                unit=rule.unit if rule.unit in town.units else _default(rules, town),
                priority=rule.priority,
                owner=rule.owner,
                number=number,
                rule=rule,
                heard=ear_for(rule.words).heard_in(facts.said) if rule.words else (),
            )
    return Decision(unit=_default(rules, town))


def _default(rules: Rules, town: Jurisdiction) -> str:
    return rules.default if rules.default in town.units else town.default_unit


def is_sound(rule: Rule, town: Jurisdiction) -> bool:
    """Whether what the rule leads to is there."""
    if rule.owner:
        return any(owner.code == rule.owner for owner in OWNERS.of(town))
    return rule.unit in town.units


def fits(rule: Rule, facts: Facts, town: Jurisdiction) -> bool:
    """Whether every condition of the rule holds; what costs most is asked last."""
    return (
        _within(rule, facts)
        and (rule.answers is None or holds(rule.answers, facts.answers))
        and (rule.season is None or rule.season.holds(local(facts.at, town).date()))
        and (not rule.times or any(_is_time(time, facts.at, town) for time in rule.times))
        and (not rule.words or ear_for(rule.words).hears(facts.said) or ear_for(rule.words).hears(facts.told))
    )


def may_fit(rule: Rule, code: str, theme: str, zones: Collection[str]) -> bool:
    """Whether a request of this type in these zones can be one for the rule, by all that is known so far."""
    return (
        (not rule.types or code in rule.types)
        and (not rule.themes or theme in rule.themes)
        and (not rule.zones or not set(zones).isdisjoint(rule.zones))
    )


def _within(rule: Rule, facts: Facts) -> bool:
    return (
        (not rule.types or facts.type in rule.types)
        and (not rule.themes or facts.theme in rule.themes)
        and (not rule.channels or facts.channel in rule.channels)
        and (not rule.requesters or facts.requester in rule.requesters)
        and (not rule.zones or not set(facts.zones).isdisjoint(rule.zones))
        and (not rule.owners or facts.owner in rule.owners)
    )


def _is_time(time: Time, at: datetime, town: Jurisdiction) -> bool:
    match time:
        case "open":
            return is_open(town.calendar, at)
        case "closed":
            return not is_open(town.calendar, at)
        case "night":
            return not NIGHT_UNTIL <= local(at, town).hour < NIGHT_FROM
        case "weekend":
            return local(at, town).weekday() >= SATURDAY


def local(at: datetime, town: Jurisdiction) -> datetime:
    """The moment on the clocks of the town."""
    return at.astimezone(ZoneInfo(town.time_zone))


def of_files(town: Jurisdiction) -> Rules:
    """The rules that the town's `routes.toml` says, as far as they are about who receives requests."""
    rules = tuple(
        Rule(
            id=f"file-{number}",
            types=rule.types,
            themes=rule.themes,
            zones=rule.zones,
            channels=rule.channels,
            unit=rule.unit,
        )
        for number, rule in enumerate(town.routes, 1)
        if not rule.inspections
    )
    return Rules(rules=rules, default=town.default_unit)
