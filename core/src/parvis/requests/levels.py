"""What a town promises in place of its request types: the lines in force, and the terms a request has by them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.levels import LevelQuery, LevelRule, first_fitting, seasons_on
from parvis.jurisdictions.places import locate
from parvis.requests.host import Host
from parvis_sdk.request_types import ServiceLevel
from parvis_sdk.requests import Place

AMOUNTS = ("business_days", "business_hours", "hours")
Body = TypeVar("Body", covariant=True)


class Because(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a clock has its allowance: the line of the town's levels that fitted, counted from 1, and what it asked.

    Line 0 is the level of the request type itself, version 0 that of the town's files. `since` is from when it is
    counted where that is not the clock's beginning.
    """

    line: int = 0
    version: int = 0
    type: str = ""
    zone: str = ""
    priority: int | None = None
    season: str = ""
    since: datetime | None = None


class Terms(Struct, frozen=True, kw_only=True):
    """What allowances are chosen by: the town's lines, of which version, and what they look at in a request.

    `told` is what an entry of the history says of them, by level, and then holds alone.
    """

    rules: tuple[LevelRule, ...] = ()
    version: int = 0
    zones: tuple[str, ...] = ()
    priority: int = 0
    told: Mapping[str, Any] = {}


def target_time_of(
    level: ServiceLevel, type_code: str, town: Jurisdiction, terms: Terms, start: datetime
) -> tuple[ServiceLevel, Because]:
    """The level with the amount that a clock begun at `start` has under these terms, and why it has it."""
    if level.code in terms.told:
        told = terms.told[level.code]
        because = msgspec.convert(told.get("because", {}), Because)
        return structs.replace(level, **{name: told.get(name, 0) for name in AMOUNTS}), because
    asked = LevelQuery(
        type=type_code,
        level=level.code,
        zones=terms.zones,
        priority=terms.priority,
        seasons=seasons_on(town.seasons, local_day(town.calendar, start)),
    )
    found = first_fitting(terms.rules, asked)
    if found is None:
        return level, Because(version=terms.version)
    number, rule = found
    because = Because(
        line=number,
        version=terms.version,
        type="" if rule.type != type_code else type_code,
        zone=_common(rule.zones, asked.zones),
        priority=terms.priority if rule.priorities else None,
        season=_common(rule.seasons, asked.seasons),
    )
    return structs.replace(level, **{name: getattr(rule, name) or 0 for name in AMOUNTS}), because


def _common(named: Collection[str], there: Collection[str]) -> str:
    return next((code for code in there if code in named), "")


def as_told(level: ServiceLevel, because: Because) -> dict[str, Any]:
    """What an entry of the history says of an allowance, so that it stands whatever the town promises later."""
    amounts = {name: amount for name in AMOUNTS if (amount := getattr(level, name))}
    why = msgspec.to_builtins(because)
    return amounts | ({"because": why} if why else {})


class Levels(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The first line that fits is promised; where none does, the level of the request type itself."""

    rules: tuple[LevelRule, ...] = ()

    @property
    def parts(self) -> tuple[LevelRule, ...]:
        return self.rules

    def with_parts(self, parts: tuple[LevelRule, ...]) -> Self:
        return structs.replace(self, rules=parts)


def of_files(town: Jurisdiction) -> Levels:
    """What the town's `jurisdiction.toml` says."""
    rules = tuple(structs.replace(rule, id=f"file-{number}") for number, rule in enumerate(town.service_levels, 1))
    return Levels(rules=rules)


def usual(levels: Levels, town: Jurisdiction, type_code: str, level: str, day: date) -> LevelRule | None:
    """The town's own promise for an ordinary request of a type that comes in that day, wherever it is."""
    anywhere = tuple(rule for rule in levels.rules if not rule.zones)
    asked = LevelQuery(type=type_code, level=level, seasons=seasons_on(town.seasons, day))
    found = first_fitting(anywhere, asked)
    return found[1] if found else None


def varies_by_place(levels: Levels, town: Jurisdiction, type_code: str, level: str, day: date) -> bool:
    """Whether some zone has a promise of its own for the same request."""
    zones = tuple(zone for rule in levels.rules for zone in rule.zones)
    asked = LevelQuery(type=type_code, level=level, zones=zones, seasons=seasons_on(town.seasons, day))
    found = first_fitting(levels.rules, asked)
    return found is not None and bool(found[1].zones)


class RulesetInForce(Struct, Generic[Body], frozen=True, kw_only=True):
    """What a town put in force, and its version (0 is that of its files), as they were read at that moment."""

    version: int
    body: Body
    read_at: datetime


class StandingLevels(dict[str, RulesetInForce[Any]]):
    """What is promised, by town, as this process last read it; its keeper may promise more than lines."""


@dataclass(frozen=True)
class LevelKeeper:
    """Who says what is promised in the towns that have its module; where nobody does, a town's files say it."""

    module: str = ""
    in_force: Callable[[Host, Jurisdiction], Awaitable[RulesetInForce[Levels]]] | None = None


async def levels_in_force(host: Host, town: Jurisdiction) -> RulesetInForce[Levels]:
    """What is promised there now, and of which version; 0 is that of the town's files."""
    keeper = host.of(LevelKeeper)
    if keeper.in_force is None or not host.modules.of(town).has(keeper.module):
        return RulesetInForce(version=0, body=of_files(town), read_at=clock.now())
    return await keeper.in_force(host, town)


async def terms_of(host: Host, town: Jurisdiction, place: Place | None, priority: int = 0) -> Terms:
    """The terms that a request at this place and of this priority has now, by the levels in force."""
    standing = await levels_in_force(host, town)
    rules = standing.body.rules
    return Terms(rules=rules, version=standing.version, zones=_zones(town, rules, place), priority=priority)


def _zones(town: Jurisdiction, rules: tuple[LevelRule, ...], place: Place | None) -> tuple[str, ...]:
    if place is None or place.lon is None or place.lat is None or not any(rule.zones for rule in rules):
        return ()
    return locate(town, place.lon, place.lat).zone_codes
