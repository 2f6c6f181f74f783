"""Which allowance a clock has: that of the request type, or the town's own where one of its lines fits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.levels import LevelQuery, LevelRule, first_fitting, seasons_on
from parvis_sdk.request_types import ServiceLevel

AMOUNTS = ("business_days", "business_hours", "hours")


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


def allowed(
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
