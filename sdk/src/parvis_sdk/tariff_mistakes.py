"""Checks of a tariff: prices below zero, tiers out of order, questions that are not asked, taxes on deposits."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from parvis_sdk.amounts import CENT
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Date, Field, File, Group, Money, Number, Photo, PlaceField, SeveralOf
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, text_mistakes
from parvis_sdk.tariffs import (
    AnyLine,
    Asked,
    Bands,
    Counted,
    DaysBetween,
    DrawnArea,
    Exemption,
    Fixed,
    PerUnit,
    Quantity,
    Tariff,
    Tiers,
)

ABOVE = "give an amount of zero or more"


def tariffs_mistakes(tariffs: Sequence[Tariff]) -> Iterator[DeclarationMistake]:
    """Every mistake of dated tariffs that can be seen without the form."""
    if not tariffs:
        yield DeclarationMistake(
            where="tariffs", what="there is none", now_what="declare at least one, with the day it begins"
        )
    days = [tariff.since for tariff in tariffs]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield DeclarationMistake(where="tariffs", what=f"two begin on {day}", now_what="keep one of them")
    for tariff in tariffs:
        for mistake in tariff_mistakes(tariff):
            yield mistake.within(f"tariff of {tariff.since}")


def tariff_mistakes(tariff: Tariff) -> Iterator[DeclarationMistake]:
    """Every mistake of one tariff that can be seen without the form."""
    if not tariff.lines:
        yield DeclarationMistake(where="", what="it charges nothing", now_what="add a line")
    if tariff.step < CENT or (tariff.step * 100) % 1:
        yield DeclarationMistake(
            where="step", what=f"{tariff.step} is no number of cents", now_what="give 0.01, 0.05 or 1"
        )
    yield from _bound_mistakes(tariff, "")
    yield from text_mistakes(tariff.basis, "basis")
    names = [*(line.code for line in tariff.lines), *(each.code for each in tariff.exemptions)]
    names += [tax.code for tax in tariff.taxes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield DeclarationMistake(
            where=name, what="two things of the tariff have this code", now_what="give each its own code"
        )
    for line in tariff.lines:
        yield from _line_mistakes(line)
    for each in tariff.exemptions:
        yield from _exemption_mistakes(each, {line.code for line in tariff.lines})
    for tax in tariff.taxes:
        yield from code_mistakes(tax.code, f"tax {tax.code!r}")
        yield from text_mistakes(tax.title, f"tax {tax.code!r}")
        if not 0 <= tax.rate < 1:
            yield DeclarationMistake(
                where=f"tax {tax.code!r}", what=f"{tax.rate} is no rate", now_what="write 5 % as 0.05"
            )


def asked_mistakes(tariffs: Sequence[Tariff], fields: Sequence[AnyField]) -> Iterator[DeclarationMistake]:
    """Questions that tariffs use and the form does not ask, or asks differently."""
    for tariff in tariffs:
        outer = f"tariff of {tariff.since}"
        for line in tariff.lines:
            where = f"{outer} · line {line.code!r}"
            yield from condition_mistakes(line.when, fields, where)
            for quantity in quantities_of(line):
                yield from _quantity_mistakes(quantity, {field.code: field for field in fields}, where)
        for each in tariff.exemptions:
            yield from condition_mistakes(each.when, fields, f"{outer} · exemption {each.code!r}")


def quantities_of(line: AnyLine) -> tuple[Quantity, ...]:
    """What a line measures."""
    match line:
        case PerUnit(of=of):
            return of
        case Tiers(of=one):
            return (one,)
        case Bands(of=one):
            return (one,)
    return ()


def _bound_mistakes(bounded: Tariff | AnyLine, where: str) -> Iterator[DeclarationMistake]:
    if bounded.least < 0 or (bounded.most is not None and bounded.most < 0):
        yield DeclarationMistake(where=where, what="a bound is below zero", now_what=ABOVE)
    if bounded.most is not None and bounded.least > bounded.most:
        yield DeclarationMistake(
            where=where, what=f"least {bounded.least} is above most {bounded.most}", now_what="swap them"
        )


def _line_mistakes(line: AnyLine) -> Iterator[DeclarationMistake]:
    where = f"line {line.code!r}"
    yield from code_mistakes(line.code, where)
    yield from text_mistakes(line.title, where)
    yield from _bound_mistakes(line, where)
    if line.deposit and line.taxed:
        yield DeclarationMistake(
            where=where, what="a deposit is taxed", now_what="tax what is kept, not what is given back"
        )
    if any(price < 0 for price in _prices(line)):
        yield DeclarationMistake(where=where, what="a price is below zero", now_what=ABOVE)
    if isinstance(line, PerUnit) and not line.of:
        yield DeclarationMistake(where=where, what="it counts nothing", now_what="name a quantity in `of`")
    if isinstance(line, PerUnit) and line.free < 0:
        yield DeclarationMistake(where=where, what="fewer than no units are free", now_what=ABOVE)
    if isinstance(line, Tiers):
        yield from _tier_mistakes(line, where)
    if isinstance(line, Bands):
        yield from _band_mistakes(line, where)


def _prices(line: AnyLine) -> tuple[Decimal, ...]:
    match line:
        case Fixed(amount=amount):
            return (amount,)
        case PerUnit(price=price):
            return (price,)
        case Tiers(steps=steps):
            return tuple(step.price for step in steps)
        case Bands(bands=bands):
            return tuple(band.amount for band in bands)
    return ()


def _tier_mistakes(line: Tiers, where: str) -> Iterator[DeclarationMistake]:
    starts = [step.above for step in line.steps]
    if not starts or starts[0] != 0:
        yield DeclarationMistake(where=where, what="no tier begins at zero", now_what="give the first step `above` 0")
    if any(low >= high for low, high in pairwise(starts)):
        yield DeclarationMistake(where=where, what="its tiers are not in order", now_what="sort them by `above`")
    if line.per <= 0:
        yield DeclarationMistake(
            where=where, what=f"{line.per} is no measure", now_what="give 1000 or another amount above zero"
        )


def _band_mistakes(line: Bands, where: str) -> Iterator[DeclarationMistake]:
    ends = [band.up_to for band in line.bands]
    if not ends or ends[-1] is not None:
        yield DeclarationMistake(where=where, what="its last band ends", now_what="leave out `up_to` of the last one")
    inner = [end for end in ends[:-1] if end is not None]
    if len(inner) < len(ends) - 1 or any(low >= high for low, high in pairwise(inner)):
        yield DeclarationMistake(where=where, what="its bands are not in order", now_what="sort them by `up_to`")
    if line.rising and any(low.amount > high.amount for low, high in pairwise(line.bands)):
        what = "it is declared as rising, and a larger band costs less"
        yield DeclarationMistake(where=where, what=what, now_what="correct the amount, or declare rising=False")


def _exemption_mistakes(each: Exemption, lines: set[str]) -> Iterator[DeclarationMistake]:
    where = f"exemption {each.code!r}"
    yield from code_mistakes(each.code, where)
    yield from text_mistakes(each.title, where)
    if not 0 < each.share <= 1:
        yield DeclarationMistake(
            where=where, what=f"{each.share} is no share", now_what="write half as 0.5 and all as 1"
        )
    for code in each.lines:
        if code not in lines:
            yield DeclarationMistake(
                where=where, what=f"there is no line {code!r}", now_what=f"use one of {', '.join(sorted(lines))}"
            )


def _quantity_mistakes(quantity: Quantity, fields: dict[str, AnyField], where: str) -> Iterator[DeclarationMistake]:
    wanted: list[tuple[str, tuple[type[Field], ...], str]]
    match quantity:
        case Asked(field=field):
            wanted = [(field, (Number, Money), "a number or an amount")]
        case Counted(field=field):
            wanted = [(field, (SeveralOf, Group, Photo, File), "a question of several answers")]
        case DaysBetween(first=first, last=last):
            wanted = [(first, (Date,), "a date"), (last, (Date,), "a date")]
        case DrawnArea(field=field):
            wanted = [(field, (PlaceField,), "a place")] if field else []
    for code, kinds, name in wanted:
        if code not in fields:
            yield DeclarationMistake(
                where=where, what=f"{code!r} is not asked in the form", now_what="ask it, or correct its code"
            )
        elif not isinstance(fields[code], kinds):
            yield DeclarationMistake(
                where=where, what=f"{code!r} is not {name}", now_what="measure by another question"
            )
