"""The levels in force looked at for one request: the terms that it has by them now."""

from parvis.requests.heart import Heart
from parvis.requests.levels.in_force import levels_in_force
from parvis.requests.levels.terms import Terms
from parvis.territory import Jurisdiction, LevelRule, locate
from parvis_sdk.requests import Place


async def terms_of(heart: Heart, town: Jurisdiction, place: Place | None, priority: int = 0) -> Terms:
    """The terms that a request at this place and of this priority has now, by the levels in force."""
    standing = await levels_in_force(heart, town)
    rules = standing.body.rules
    return Terms(rules=rules, version=standing.version, zones=_zones(town, rules, place), priority=priority)


def _zones(town: Jurisdiction, rules: tuple[LevelRule, ...], place: Place | None) -> tuple[str, ...]:
    if place is None or place.lon is None or place.lat is None or not any(rule.zones for rule in rules):
        return ()
    return locate(town, place.lon, place.lat).zone_codes
