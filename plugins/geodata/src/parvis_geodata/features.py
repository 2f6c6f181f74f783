"""The rows of a geographic file as they stand in it, whatever its form."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.shapes import open_rings

CELL = 1_000  # characters of one value


class Feature(Struct, frozen=True, kw_only=True, eq=False):
    """One row: its number (the first is 1; in a table, its line), its values as text, and its shape in the file's own
    projection; `unclosed` and `unreadable` say what is wrong with the shape."""

    row: int
    values: dict[str, str]
    shape: BaseGeometry | None = None
    unclosed: str = ""
    unreadable: str = ""


class Source(Struct, frozen=True, kw_only=True, eq=False):
    """A file; `declared` is its own projection (WKT or EPSG code), where it says so."""

    form: str
    columns: tuple[str, ...]
    features: tuple[Feature, ...]
    declared: str = ""
    encoding: str = "utf-8"
    layer: str = ""
    layers: tuple[str, ...] = ()


def feature_of(row: int, values: Mapping[str, object], geometry: object) -> Feature:
    """A row whose shape is written as GeoJSON writes it."""
    words = {name: as_text(value) for name, value in values.items()}
    if geometry is None:
        return Feature(row=row, values=words)
    try:
        found, rings = shape(geometry), open_rings(geometry)  # type: ignore[arg-type]  # a wrong thing raises
    except (ShapelyError, AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        return Feature(row=row, values=words, unreadable=str(error)[:200])
    return Feature(row=row, values=words, shape=found, unclosed="; ".join(rings))


def as_text(value: object) -> str:
    """A value as people write it: whole numbers without a point, a day as 2026-12-01."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()[:CELL]


def columns_of(features: Iterable[Feature]) -> tuple[str, ...]:
    """The names of values, in the order in which rows have them."""
    return tuple(dict.fromkeys(name for each in features for name in each.values))
