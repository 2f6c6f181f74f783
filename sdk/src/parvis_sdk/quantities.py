"""Numbers, amounts and days as people write them, the French way or the English way."""

import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

_BEYOND = Decimal(10**15)  # from here on numbers are as good as infinite: no field takes them


def decimal_of(raw: Any) -> Decimal | None:
    """A number written the French or the English way ("1 234,50", "1,234.50", 1234.5), or None; never past `_BEYOND`.

    >>> decimal_of(10**18), decimal_of("-1 000 000 000 000 000 000,50")
    (Decimal('1000000000000000'), Decimal('-1000000000000000'))
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        if isinstance(raw, float) and not math.isfinite(raw):
            return None
        return Decimal(repr(raw)) if abs(raw) < _BEYOND else _BEYOND if raw > 0 else -_BEYOND
    if not isinstance(raw, str) or len(raw) > 40:
        return None
    words = re.sub(r"[\s\u00a0\u202f$]", "", clean(raw))
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", words):
        words = words.replace(",", "")
    words = words.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d{1,40}(\.\d{0,10})?|\.\d{1,10})", words, re.ASCII):
        return None
    try:
        return max(-_BEYOND, min(Decimal(words), _BEYOND))
    except InvalidOperation:
        return None


def day_of(raw: Any) -> date | None:
    """A day out of `{"year", "month", "day"}` or "2026-11-25", or None when there is no such day of our centuries."""
    if isinstance(raw, Mapping):
        given = [raw.get(part, "") for part in ("year", "month", "day")]
        parts = [str(part).strip() if isinstance(part, str) or _is_small(part) else "" for part in given]
    elif isinstance(raw, str):
        parts = raw.strip().split("-")
    else:
        return None
    sizes = (4, 2, 2)
    if len(parts) != 3 or not all(
        re.fullmatch(rf"[0-9]{{1,{size}}}", part) for part, size in zip(parts, sizes, strict=True)
    ):
        return None
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _is_small(number: Any) -> bool:
    return isinstance(number, int) and 0 <= number < 10_000


MONTHS_FR = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_shown(day: date) -> Text:
    """A day as a sentence names it.

    >>> day_shown(date(2026, 12, 1)).fr
    '1er décembre 2026'
    """
    number = "1er" if day.day == 1 else str(day.day)
    return Text(
        fr=f"{number} {MONTHS_FR[day.month - 1]} {day.year}", en=f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}"
    )
