"""Which requests somebody reaches: one rule, asked of a request in hand (`holds`) and of the database (`condition`)."""

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct, structs

from parvis.territory import Jurisdiction

Condition = tuple[str, list[Any]]
"""A part of a WHERE with its values, for raw statements in which `{}` stands for each value."""


class Reach(Struct, frozen=True, kw_only=True):
    """What a person may do, and where: over a unit and those below it, or over a whole town when `unit` is empty."""

    permissions: frozenset[str]
    jurisdiction: str
    unit: str = ""


class Located(Protocol):
    """What the rule is asked of: a request, or a part of one that has a unit of its own."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Area(Struct, frozen=True, kw_only=True):
    """Requests of some units; None is all of them."""

    units: frozenset[str] | None = None

    def holds(self, located: Located) -> bool:
        return self.units is None or located.unit in self.units


class Scope(Struct, frozen=True, kw_only=True):
    """Everything in any of these areas of one jurisdiction."""

    jurisdiction: str
    areas: tuple[Area, ...] = (Area(),)

    def holds(self, located: Located) -> bool:
        """Whether this is one of them."""
        return located.jurisdiction == self.jurisdiction and any(area.holds(located) for area in self.areas)

    def condition(self, table: str = "r", *, others: Iterable[str] = (), walked: bool = True) -> Condition:
        """The same of rows: `table` is the alias of `service_request`, `others` those of what has a unit of its own.

        Where something else leads to a few rows, the index of the whole town is not to be walked beside it.
        """
        prefix = f"{table}." if table else ""
        town = f"{prefix}jurisdiction = {{}}" if walked else f"({prefix}jurisdiction || '') = {{}}"
        places = [place for each in (prefix, *(f"{other}." for other in others)) if (place := self._placed(each))]
        if not self.areas:
            return f"{town} AND 1 = 0", [self.jurisdiction]
        if not places:
            return town, [self.jurisdiction]
        either = " OR ".join(sql for sql, _ in places)
        values = [value for _, given in places for value in given]
        return f"{town} AND {either if len(places) == 1 else f'({either})'}", [self.jurisdiction, *values]

    def _placed(self, prefix: str) -> Condition | None:
        units = self.units
        if units is None:
            return None
        marks = ", ".join(["{}"] * len(units))
        return (f"{prefix}unit IN ({marks})", sorted(units)) if units else ("1 = 0", [])

    @property
    def units(self) -> frozenset[str] | None:
        """The units of which at least some requests are in it; None where it is all of them."""
        among = [area.units for area in self.areas]
        return None if None in among else frozenset[str]().union(*(units for units in among if units is not None))

    def narrowed(self, units: frozenset[str]) -> "Scope":
        """The same with only those units, as far as they are in it."""
        kept = (units if area.units is None else units & area.units for area in self.areas)
        return structs.replace(self, areas=tuple(Area(units=each) for each in kept if each))


def scope_over(reaches: Iterable[Reach], permissions: Iterable[str], town: Jurisdiction | None) -> Scope:
    """Where any of these permissions is held in a town; nowhere in a town that is not served."""
    if town is None:
        return Scope(jurisdiction="", areas=())
    wanted = frozenset(permissions)
    here = [each for each in reaches if each.jurisdiction == town.code and wanted & each.permissions]
    return Scope(jurisdiction=town.code, areas=tuple(_area(each, town) for each in here))


def _area(reach: Reach, town: Jurisdiction) -> Area:
    return Area(units=town.units_under(reach.unit) if reach.unit else None)
