"""Service levels as data: lines in their order."""

from datetime import date
from typing import Self

from msgspec import Struct, structs

from parvis.territory import Jurisdiction, LevelRule
from parvis.territory.levels import Asked, first_fitting, seasons_on


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
    asked = Asked(type=type_code, level=level, seasons=seasons_on(town.seasons, day))
    found = first_fitting(anywhere, asked)
    return found[1] if found else None
