"""Tariffs as dated tables: what each line charges, what is exempted, what is a deposit, which taxes apply.

Prices are exact decimals of dollars, written as in the by-law: `Decimal("12.50")`. Everything is data: a town puts its
own table in place of the author's, and a charge keeps the table that it was calculated by.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from parvis_sdk.amounts import CENT, Rounding
from parvis_sdk.conditions import Condition
from parvis_sdk.text import Text

NOTHING = Decimal(0)


class Unit(Struct, frozen=True, kw_only=True):
    """What is counted, as a calculation names it: one of them, several of them."""

    one: Text
    many: Text


DAY = Unit(one=Text(fr="jour", en="day"), many=Text(fr="jours", en="days"))
SQUARE_METRE = Unit(one=Text(fr="m²", en="m²"), many=Text(fr="m²", en="m²"))
DOLLAR = Unit(one=Text(fr="$", en="$"), many=Text(fr="$", en="$"))


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="asked"):
    """The number, or the amount in dollars, that the question `field` was answered with.

    `whole` counts each unit that is begun as one.
    """

    field: str
    unit: Unit
    whole: bool = False


class Counted(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="counted"):
    """How many answers were given to a question of several: options ticked, things of a group, files."""

    field: str
    unit: Unit


class DaysBetween(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="days_between"):
    """The days from one answered date to another, both included."""

    first: str
    last: str
    unit: Unit = DAY


class DrawnArea(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="drawn_area"):
    """The area in square metres of what was drawn on the map: as the place of the request, or under `field`."""

    field: str = ""
    unit: Unit = SQUARE_METRE
    whole: bool = False


Quantity = Asked | Counted | DaysBetween | DrawnArea


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every line of a tariff has. A `deposit` is given back and never taxed; `least` and `most` bound the line.

    A line whose condition does not hold charges nothing.
    """

    code: str
    title: Text
    when: Condition | None = None
    taxed: bool = False
    deposit: bool = False
    least: Decimal = NOTHING
    most: Decimal | None = None


class Fixed(Line, frozen=True, kw_only=True, omit_defaults=True, tag="fixed"):
    """The same amount for everybody."""

    amount: Decimal


class PerUnit(Line, frozen=True, kw_only=True, omit_defaults=True, tag="per_unit"):
    """A price for each unit; of several quantities their product counts (area by days).

    `free` units of the first quantity are not charged.
    """

    price: Decimal
    of: tuple[Quantity, ...]
    free: Decimal = NOTHING


class Step(Struct, frozen=True, kw_only=True):
    """From `above` dollars on, each `per` of the line costs `price`."""

    above: Decimal
    price: Decimal


class Tiers(Line, frozen=True, kw_only=True, omit_defaults=True, tag="tiers"):
    """A price per 1,000 $ of a value, tier by tier as with an income tax: each part of the value at its own price.

    `whole` counts each thousand that is begun as one.
    """

    of: Asked
    steps: tuple[Step, ...]
    per: Decimal = Decimal(1000)
    whole: bool = False


class Band(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One amount for every value up to and with `up_to`; the last band has none."""

    amount: Decimal
    up_to: Decimal | None = None


class Bands(Line, frozen=True, kw_only=True, omit_defaults=True, tag="bands"):
    """One amount for each range of a quantity. `rising` declares that more never costs less, which is checked."""

    of: Quantity
    bands: tuple[Band, ...]
    rising: bool = True


AnyLine = Fixed | PerUnit | Tiers | Bands


class Exemption(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An exemption under a condition: `share` (0 to 1) of the named lines, or of the whole fee without its deposits."""

    code: str
    title: Text
    when: Condition
    share: Decimal = Decimal(1)
    lines: tuple[str, ...] = ()


class Tax(Struct, frozen=True, kw_only=True):
    """A tax on taxable lines, rounded separately to the nearest cent."""

    code: str
    title: Text
    rate: Decimal


GST = Tax(code="gst", title=Text(fr="TPS", en="GST"), rate=Decimal("0.05"))
QST = Tax(code="qst", title=Text(fr="TVQ", en="QST"), rate=Decimal("0.09975"))


class Tariff(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A table of charges in force from `since`, with its legal basis.

    The amount of each line is rounded to a multiple of `step`. `least` and `most` bound the sum of all lines but the
    deposits, before general exemptions and taxes; the minimum does not apply to somebody who owes nothing.
    """

    since: date
    lines: tuple[AnyLine, ...]
    basis: Text | None = None
    exemptions: tuple[Exemption, ...] = ()
    taxes: tuple[Tax, ...] = (GST, QST)
    least: Decimal = NOTHING
    most: Decimal | None = None
    rounding: Rounding = "half_up"
    step: Decimal = CENT


Dated = Literal["submitted", "due"]


def in_force(tariffs: tuple[Tariff, ...], day: date) -> Tariff | None:
    """The tariff of that day: the last that had begun."""
    begun = [tariff for tariff in tariffs if tariff.since <= day]
    return max(begun, key=lambda tariff: tariff.since, default=None)
