"""Amounts and quantities as exact decimals: rounded as declared, and written in each language."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

from parvis_sdk.text import Text

Rounding = Literal["half_up", "half_even", "up", "down"]
MODES: dict[str, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_DOWN,
}
CENT = Decimal("0.01")
NARROW = "\u00a0"


def cents_of(dollars: Decimal, rounding: Rounding = "half_up", step: Decimal = CENT) -> int:
    """An amount in dollars as whole cents, rounded to a multiple of `step`.

    >>> cents_of(Decimal("10.005")), cents_of(Decimal("10.01"), "up", Decimal("0.05"))
    (1001, 1005)
    """
    steps = (dollars / step).to_integral_value(rounding=MODES[rounding])
    return int(steps * step * 100)


def number_shown(number: Decimal, least_decimals: int = 0) -> Text:
    """A number formatted in French and in English, without trailing zeros.

    >>> number_shown(Decimal("1234.50")).en
    '1,234.5'
    """
    plain = f"{number:f}"
    whole, _, part = plain.partition(".")
    part = part.rstrip("0").ljust(least_decimals, "0")
    grouped = f"{int(whole):,}" if whole not in ("", "-") else "0"
    sign = "-" if number < 0 and not grouped.startswith("-") else ""
    english = sign + grouped + (f".{part}" if part else "")
    return Text(fr=english.replace(",", NARROW).replace(".", ","), en=english)


def dollars_shown(dollars: Decimal) -> Text:
    """An amount in dollars with its cents, and more decimals where it has them: a rate may.

    >>> dollars_shown(Decimal("1250")).fr
    '1\\xa0250,00\\xa0$'
    """
    number = number_shown(abs(dollars), least_decimals=2)
    sign = "−" if dollars < 0 else ""
    return Text(fr=f"{sign}{number.fr}{NARROW}$", en=f"{sign}${number.en}")


def whole_dollars_shown(dollars: Decimal) -> Text:
    """An amount in dollars, without its cents where there are none."""
    number = number_shown(dollars, least_decimals=0 if dollars == dollars.to_integral_value() else 2)
    return Text(fr=f"{number.fr}{NARROW}$", en=f"${number.en}")


def money_shown(cents: int) -> Text:
    """An amount in cents.

    >>> money_shown(5000).en
    '$50.00'
    """
    return dollars_shown(Decimal(cents) / 100)


def percent_shown(share: Decimal) -> Text:
    """A share as a percentage."""
    number = number_shown(share * 100)
    return Text(fr=f"{number.fr}{NARROW}%", en=f"{number.en}%")
