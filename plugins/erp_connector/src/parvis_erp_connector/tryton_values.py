"""Values as Tryton writes them in JSON, and as Python has them."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from parvis_erp_connector.troubles import NO_LIST
from parvis_sdk.errors import Later


def decimal(amount: Decimal) -> dict[str, str]:
    """An exact number."""
    return {"__class__": "Decimal", "decimal": str(amount)}


def moment(at: datetime) -> dict[str, Any]:
    """A moment."""
    at = at.astimezone(UTC)
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {name: getattr(at, name) for name in names}


def plain(value: Any) -> Any:
    """Whatever came, as Python."""
    match value:
        case {"__class__": "Decimal", "decimal": amount}:
            return Decimal(amount)
        case {"__class__": "bytes", "base64": data}:
            return base64.b64decode(data)
        case {"__class__": "datetime"}:
            return msgspec.convert(value, Moment).at
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
    return value


def rows_in(value: Any) -> list[dict[str, Any]]:
    """Records, each with its id; any other answer means that the server is not well."""
    rows = plain(value)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
        raise Later(NO_LIST)
    return rows


def written(kind: str, value: Any) -> Any:
    """A value as a field of that kind takes it; what is empty is nothing."""
    if value is None or value == "":
        return None
    match kind:
        case "numeric":
            return decimal(Decimal(str(value)))
        case "many2one" | "integer":
            return int(value)
        case "float":
            return float(value)
        case "boolean":
            return value in (True, "true", "1", 1)
        case "date":
            day = date.fromisoformat(str(value)[:10])
            return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}
        case "datetime" | "timestamp":
            return moment(datetime.fromisoformat(str(value)))
    return str(value)


def literally(words: str) -> str:
    """Words to be compared by `like`, with nothing in them that stands for anything else."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Moment(Struct, frozen=True):
    """A moment as Tryton writes it, in UTC."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    microsecond: int = 0

    @property
    def at(self) -> datetime:
        day = datetime(self.year, self.month, self.day, tzinfo=UTC)
        return day.replace(hour=self.hour, minute=self.minute, second=self.second, microsecond=self.microsecond)


def codes_in(field: Mapping[str, Any]) -> tuple[Any, ...]:
    """The codes that a field allows, where it names them."""
    choices = field.get("selection")
    return tuple(each[0] for each in choices) if field.get("type") == "selection" and isinstance(choices, list) else ()
