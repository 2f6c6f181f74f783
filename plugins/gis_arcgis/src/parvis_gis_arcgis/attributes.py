"""What the columns of a layer say: dates in the town's time, coded values by their names, nothing where nothing is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

Value = str | bool | int | float
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Domain(Struct, frozen=True):
    """The values that a column takes; only coded ones have names."""

    type: str = ""
    coded: list[dict[str, Any]] | None = field(default=None, name="codedValues")

    @property
    def names(self) -> dict[str, str]:
        """Names by codes, both in words."""
        return {said(each.get("code")): said(each.get("name")) for each in self.coded or []}


class Column(Struct, frozen=True):
    """A column as the layer describes it."""

    name: str
    type: str = ""
    domain: Domain | None = None


class Subtype(Struct, frozen=True):
    """Rows whose subtype is `id` have these domains instead of those of their columns."""

    id: Any
    name: str = ""
    domains: dict[str, Domain] | None = None


def facts_of(
    row: Mapping[str, Any],
    wanted: Mapping[str, str],
    columns: Mapping[str, Column],
    subtypes: Mapping[str, Subtype],
    subtype_column: str,
    zone: ZoneInfo,
) -> dict[str, Value]:
    """The facts of a row, `wanted` by our name and their column; of a coded value its name, and its code beside it."""
    facts: dict[str, Value] = {}
    subtype = subtypes.get(said(row.get(subtype_column))) if subtype_column else None
    for fact, column in wanted.items():
        value = value_of(row.get(column), columns[column].type if column in columns else "", zone)
        if value is None:
            continue
        names = names_of(column, columns, subtypes, subtype, subtype_column)
        facts[fact] = names.get(said(row[column]), value) if names else value
        if names:
            facts[f"{fact}_code"] = value
    return facts


def names_of(
    column: str,
    columns: Mapping[str, Column],
    subtypes: Mapping[str, Subtype],
    subtype: Subtype | None,
    subtype_column: str,
) -> dict[str, str]:
    """The names of the codes of a column, in rows of that subtype."""
    if column == subtype_column:
        return {code: each.name for code, each in subtypes.items()}
    own = (subtype.domains or {}).get(column) if subtype else None
    domain = (
        own if own is not None and own.type == "codedValue" else columns[column].domain if column in columns else None
    )
    return domain.names if domain is not None else {}


def value_of(value: Any, type: str, zone: ZoneInfo) -> Value | None:
    """A value as facts have them; None for what is empty or no value."""
    if type == "esriFieldTypeDate" and isinstance(value, int | float) and not isinstance(value, bool):
        return date_of(value, zone)
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, int) else None


def date_of(milliseconds: float, zone: ZoneInfo) -> str | None:
    """A moment in the town's time; midnight in UTC or there is a day, for ArcGIS writes days as either."""
    try:
        moment = EPOCH + timedelta(milliseconds=milliseconds)
        there = moment.astimezone(zone)
    except (OverflowError, ValueError):
        return None
    for each in (moment, there):
        if (each.hour, each.minute, each.second, each.microsecond) == (0, 0, 0, 0):
            return each.date().isoformat()
    return there.isoformat(timespec="seconds")


def said(value: Any) -> str:
    """A code or a name in words; numbers without decimals that say nothing."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
