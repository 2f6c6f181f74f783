"""Quantities that a tariff counts: numbers, amounts, days and areas from a form's answers."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from parvis_sdk.amounts import number_shown, whole_dollars_shown
from parvis_sdk.tariffs import DOLLAR, NOTHING, Asked, Counted, DaysBetween, DrawnArea, Quantity, Unit
from parvis_sdk.text import Text

EARTH = 6_371_008.8  # its mean radius in metres
PLACE = "place"  # under this name stands the place of the request itself, among what was answered


def questions_of(quantity: Quantity) -> tuple[str, ...]:
    """The questions that must be answered before a quantity is known."""
    match quantity:
        case Asked(field=field) | Counted(field=field):
            return (field,)
        case DaysBetween(first=first, last=last):
            return (first, last)
        case DrawnArea(field=field):
            return (field or PLACE,)


def measured(quantity: Quantity, answers: Mapping[str, Any], amounts: Sequence[str] = ()) -> Decimal:
    """The quantity, never below zero; 0 for unanswered questions. `amounts` names the answers stored in cents."""
    match quantity:
        case Asked(field=field, whole=whole):
            number = _number(answers.get(field))
            return _begun(number / 100 if field in amounts else number, whole)
        case Counted(field=field):
            found = answers.get(field)
            return Decimal(len(found)) if isinstance(found, list | tuple) else NOTHING
        case DaysBetween(first=first, last=last):
            days = [answers.get(code) for code in (first, last)]
            if not all(isinstance(day, str) and day for day in days):
                return NOTHING
            begin, end = (date.fromisoformat(str(day)) for day in days)
            return Decimal(max(0, (end - begin).days + 1))
        case DrawnArea(field=field, whole=whole):
            place = answers.get(field or PLACE)
            return _begun(drawn_area(place.get("geometry") if isinstance(place, Mapping) else None), whole)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return NOTHING
    return max(NOTHING, Decimal(str(value)))


def _begun(number: Decimal, whole: bool) -> Decimal:
    return number.to_integral_value(rounding=ROUND_CEILING) if whole else number


def drawn_area(geometry: Any) -> Decimal:
    """The square metres within a polygon of GeoJSON, holes left out, to a tenth of one; 0 of any other shape."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return NOTHING
    of_many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if of_many else [geometry["coordinates"]]
    found = sum(abs(_ring(rings[0])) - sum(abs(_ring(hole)) for hole in rings[1:]) for rings in polygons if rings)
    return Decimal(str(round(max(found, 0.0), 1)))


def _ring(points: Sequence[Sequence[float]]) -> float:
    # On a sphere; for what stands within a town the error stays under half a percent.
    if len(points) < 3:
        return 0.0
    total = 0.0
    for here, there in zip(points, (*points[1:], points[0]), strict=True):
        total += math.radians(there[0] - here[0]) * (
            2 + math.sin(math.radians(here[1])) + math.sin(math.radians(there[1]))
        )
    return total * EARTH * EARTH / 2


def counted_shown(number: Decimal, unit: Unit) -> Text:
    """So many of a unit, in words: one and a half is singular in French and plural in English.

    >>> from parvis_sdk.tariffs import DAY
    >>> counted_shown(Decimal("1.5"), DAY).fr, counted_shown(Decimal("1.5"), DAY).en
    ('1,5\\xa0jour', '1.5 days')
    """
    if unit == DOLLAR:
        return whole_dollars_shown(number)
    shown = number_shown(number)
    french, english = (unit.one if number < 2 else unit.many).fr, (unit.one if number == 1 else unit.many).to("en")
    return Text(fr=f"{shown.fr}\u00a0{french}", en=f"{shown.en} {english}")
