"""Over which requests a figure is counted: a town, the units that may be looked at, and a period."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class Scope(Struct, frozen=True, kw_only=True):
    """One jurisdiction, and its units that count; None is all of them, an empty set is none."""

    jurisdiction: str
    units: frozenset[str] | None = None

    def narrowed(self, units: frozenset[str]) -> "Scope":
        """The same with only those units, as far as they may be looked at."""
        return Scope(jurisdiction=self.jurisdiction, units=units if self.units is None else units & self.units)


class Period(Struct, frozen=True, kw_only=True):
    """From `since` to just before `until`."""

    since: datetime
    until: datetime


class Where(Struct, kw_only=True):
    """Parts of a WHERE with their values, for raw statements in which `{}` stands for each value."""

    parts: list[str] = []
    values: list[Any] = []

    def add(self, part: str, *values: Any) -> "Where":
        self.parts.append(part)
        self.values.extend(values)
        return self

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "1 = 1"


def within(scope: Scope, table: str = "r") -> Where:
    """The requests of a scope; `table` is the alias of `service_request`."""
    where = Where().add(f"{table}.jurisdiction = {{}}", scope.jurisdiction)
    if scope.units is not None:
        if not scope.units:
            return where.add("1 = 0")
        marks = ", ".join(["{}"] * len(scope.units))
        where.add(f"{table}.unit IN ({marks})", *sorted(scope.units))
    return where
