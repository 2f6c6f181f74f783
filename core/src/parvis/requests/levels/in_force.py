"""The levels in force in a town: those of its files, or what a module says that keeps others; for one request too."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from msgspec import Struct, structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.levels import LevelQuery, LevelRule, first_fitting, seasons_on
from parvis.jurisdictions.places import locate
from parvis.requests.heart import Heart
from parvis.requests.levels.terms import Terms
from parvis.requests.rulesets.standing import RulesetInForce
from parvis_sdk.requests import Place


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


class StandingLevels(dict[str, RulesetInForce[Any]]):
    """What is promised, by town, as this process last read it; whoever keeps it may promise more than lines."""


@dataclass(frozen=True)
class LevelKeeper:
    """Who says what is promised in the towns that have its module; where nobody does, a town's files say it."""

    module: str = ""
    in_force: Callable[[Heart, Jurisdiction], Awaitable[RulesetInForce[Levels]]] | None = None


async def levels_in_force(heart: Heart, town: Jurisdiction) -> RulesetInForce[Levels]:
    """What is promised there now, and of which version; 0 is that of the town's files."""
    keeper = heart.of(LevelKeeper)
    if keeper.in_force is None or not heart.modules.of(town).has(keeper.module):
        return RulesetInForce(version=0, body=of_files(town), read_at=clock.now())
    return await keeper.in_force(heart, town)


async def terms_of(heart: Heart, town: Jurisdiction, place: Place | None, priority: int = 0) -> Terms:
    """The terms that a request at this place and of this priority has now, by the levels in force."""
    standing = await levels_in_force(heart, town)
    rules = standing.body.rules
    return Terms(rules=rules, version=standing.version, zones=_zones(town, rules, place), priority=priority)


def _zones(town: Jurisdiction, rules: tuple[LevelRule, ...], place: Place | None) -> tuple[str, ...]:
    if place is None or place.lon is None or place.lat is None or not any(rule.zones for rule in rules):
        return ()
    return locate(town, place.lon, place.lat).zone_codes
