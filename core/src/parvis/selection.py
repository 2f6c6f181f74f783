"""Over which requests a figure is counted: those that may be looked at, in a period."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.access_scope import Scope


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


def within(scope: Scope, units: tuple[str, ...] = (), *, led: bool = False) -> Where:
    """The requests of a scope, `r` being the alias of `service_request`; `units` are the columns that count.

    `led` where something else leads to a few rows.
    """
    condition, values = scope.condition(units=units, walked=not led)
    return Where().add(condition, *values)
