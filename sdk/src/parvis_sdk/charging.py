"""Calculating a fee: the items of a tariff one by one, each with its explanation, their sum, and what was looked at.

The same tariff and the same answers give the same items, years later too: a charge keeps both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any, Literal

from msgspec import Struct

from parvis_sdk.amounts import cents_of, dollars_shown, money_shown, number_shown, percent_shown, whole_dollars_shown
from parvis_sdk.conditions import Answered, NotBefore, fields_of, holds
from parvis_sdk.fields import AnyField, Money
from parvis_sdk.measuring import counted_shown, measured, questions_of
from parvis_sdk.tariffs import DOLLAR, AnyLine, Bands, DaysBetween, Exemption, Fixed, PerUnit, Tariff, Tiers
from parvis_sdk.text import Text

ItemKind = Literal["line", "exemption", "limit", "tax", "deposit"]
PLAIN = Text(fr="", en="")
TIER = Text(fr="{part} à {price} par {per}", en="{part} at {price} per {per}")
BEGUN = Text(
    fr="{part} en {times} tranches commencées de {per} à {price}",
    en="{part} as {times} begun steps of {per} at {price}",
)
SHARE = Text(fr="{rate} de {base}", en="{rate} of {base}")
LEAST = Text(fr="Minimum", en="Minimum")
MOST = Text(fr="Maximum", en="Maximum")
AT_LEAST = Text(fr="au moins {amount}", en="at least {amount}")
AT_MOST = Text(fr="au plus {amount}", en="at most {amount}")
FREE = Text(fr="({counted} − {free} sans frais)", en="({counted} − {free} free of charge)")


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a calculation: what it is for, how it is calculated, and the amount in cents."""

    code: str
    kind: ItemKind
    title: Text
    how: Text = PLAIN
    cents: int


class Calculation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fee, item by item; `total` is their sum, of which `deposit` is given back one day.

    `since` tells which tariff was applied and `looked_at` holds the answers that it looked at.
    """

    items: tuple[Item, ...]
    total: int
    deposit: int = 0
    since: date
    basis: Text | None = None
    looked_at: dict[str, Any] = {}


def looks_at(tariff: Tariff) -> tuple[str, ...]:
    """The code of every question that affects a fee; "place" is the place of the request."""
    conditions = [each.when for each in (*tariff.lines, *tariff.exemptions) if each.when is not None]
    asked = [code for condition in conditions for code in fields_of(condition)]
    asked += [code for line in tariff.lines for each in _quantities(line) for code in questions_of(each)]
    return tuple(dict.fromkeys(asked))


def backwards(tariff: Tariff, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Pairs of dates of which the last is before the first, so that nothing can be charged by them."""
    spans = [each for line in tariff.lines for each in _quantities(line) if isinstance(each, DaysBetween)]
    return tuple(
        dict.fromkeys(
            code
            for span in spans
            if holds(Answered(field=span.first), answers)
            and holds(Answered(field=span.last), answers)
            and not holds(NotBefore(field=span.last, other=span.first), answers)
            for code in (span.first, span.last)
        )
    )


def kept_in_cents(fields: Iterable[AnyField]) -> tuple[str, ...]:
    """The questions whose answer is an amount in cents."""
    return tuple(field.code for field in fields if isinstance(field, Money))


def calculate(tariff: Tariff, answers: Mapping[str, Any], amounts: Sequence[str] = ()) -> Calculation:
    """What these answers cost. Unanswered questions count as zero; `amounts` names answers kept in cents."""
    charged = [(line, item) for line in tariff.lines if (item := _charged(tariff, line, answers, amounts))]
    items = [item for _, item in charged if item.kind == "line"]
    base = sum(item.cents for item in items)
    taxed = sum(item.cents for line, item in charged if line.taxed)
    cut = list(_cuts(tariff, answers, charged))
    items += [item for _, item in cut if item.kind == "exemption"]
    base += sum(item.cents for line, item in cut if not line.deposit)
    taxed += sum(item.cents for line, item in cut if line.taxed)
    for item in _bounds(tariff, base):
        items.append(item)
        base, taxed = base + item.cents, taxed + _portion(item.cents, taxed, base)
    for exemption in _holding(tariff, answers, whole=True) if base else ():
        item = _exempted(exemption, base)
        items.append(item)
        base, taxed = base + item.cents, taxed + _portion(item.cents, taxed, base)
    items += [item for tax in tariff.taxes if (item := _tax(tax.code, tax.title, tax.rate, taxed))]
    deposits = [item for _, item in charged if item.kind == "deposit"]
    deposit = sum(item.cents for item in deposits) + sum(item.cents for line, item in cut if line.deposit)
    items += deposits
    return Calculation(
        items=tuple(items),
        total=sum(item.cents for item in items),
        deposit=deposit,
        since=tariff.since,
        basis=tariff.basis,
        looked_at={code: answers[code] for code in looks_at(tariff) if answers.get(code) not in (None, "", [], {})},
    )


def _portion(cents: int, taxed: int, base: int) -> int:
    """The taxed part of what is added to a sum or taken from it."""
    return int((Decimal(cents) * taxed / base).to_integral_value()) if base else 0


def _charged(tariff: Tariff, line: AnyLine, answers: Mapping[str, Any], amounts: Sequence[str]) -> Item | None:
    if line.when is not None and not holds(line.when, answers):
        return None
    dollars, how = _amount(line, answers, amounts)
    bounded = min(max(dollars, line.least), line.most) if line.most is not None else max(dollars, line.least)
    if bounded != dollars:
        said = (AT_LEAST if bounded > dollars else AT_MOST).format(amount=dollars_shown(bounded))
        how = joined([how, said], ", ")
    cents = cents_of(bounded, tariff.rounding, tariff.step)
    if not cents and not isinstance(line, Fixed):
        return None
    return Item(code=line.code, kind="deposit" if line.deposit else "line", title=line.title, how=how, cents=cents)


def _amount(line: AnyLine, answers: Mapping[str, Any], amounts: Sequence[str]) -> tuple[Decimal, Text]:
    match line:
        case PerUnit():
            return _per_unit(line, answers, amounts)
        case Tiers():
            return _tiers(line, measured(line.of, answers, amounts))
        case Bands():
            number = measured(line.of, answers, amounts)
            band = next(band for band in line.bands if band.up_to is None or number <= band.up_to)
            return band.amount, counted_shown(number, line.of.unit)
        case Fixed():
            return line.amount, PLAIN


def _per_unit(line: PerUnit, answers: Mapping[str, Any], amounts: Sequence[str]) -> tuple[Decimal, Text]:
    numbers = [measured(quantity, answers, amounts) for quantity in line.of]
    shown = [counted_shown(number, quantity.unit) for number, quantity in zip(numbers, line.of, strict=True)]
    if line.free and numbers[0]:
        free = min(line.free, numbers[0])
        shown[0] = FREE.format(counted=shown[0], free=counted_shown(free, line.of[0].unit))
        numbers[0] -= free
    product = line.price
    for number in numbers:
        product *= number
    return product, joined([*shown, dollars_shown(line.price)], " × ")


def _tiers(line: Tiers, value: Decimal) -> tuple[Decimal, Text]:
    total, said = Decimal(0), []
    ends = [*(high.above for _, high in pairwise(line.steps)), None]
    for step, end in zip(line.steps, ends, strict=True):
        part = (value if end is None else min(value, end)) - step.above
        if part <= 0:
            break
        times = part / line.per
        named = {"part": counted_shown(part, DOLLAR), "per": whole_dollars_shown(line.per)}
        words = TIER
        if line.whole and times % 1:
            times = times.to_integral_value(rounding=ROUND_CEILING)
            words, named = BEGUN, named | {"times": number_shown(times)}
        total += times * step.price
        said.append(words.format(price=dollars_shown(step.price), **named))
    return total, joined(said, " + ")


def _holding(tariff: Tariff, answers: Mapping[str, Any], *, whole: bool) -> Iterator[Exemption]:
    return (each for each in tariff.exemptions if bool(each.lines) is not whole and holds(each.when, answers))


def _cuts(
    tariff: Tariff, answers: Mapping[str, Any], charged: Sequence[tuple[AnyLine, Item]]
) -> Iterator[tuple[AnyLine, Item]]:
    """What is let off single lines; two exemptions of one line follow each other."""
    left = {item.code: item.cents for _, item in charged}
    for each in _holding(tariff, answers, whole=False):
        for line, item in charged:
            if item.code in each.lines and left[item.code]:
                cut = _exempted(each, left[item.code], of=item.title)
                left[item.code] += cut.cents
                yield line, cut


def _exempted(each: Exemption, cents: int, of: Text = PLAIN) -> Item:
    share = SHARE.format(rate=percent_shown(each.share), base=money_shown(cents))
    how = joined([of, share], ", ")
    return Item(code=each.code, kind="exemption", title=each.title, how=how, cents=-cents_of(each.share * cents / 100))


def _bounds(tariff: Tariff, base: int) -> Iterator[Item]:
    if base <= 0:
        return
    least, most = cents_of(tariff.least), None if tariff.most is None else cents_of(tariff.most)
    if base < least:
        how = AT_LEAST.format(amount=money_shown(least))
        yield Item(code="least", kind="limit", title=LEAST, how=how, cents=least - base)
    elif most is not None and base > most:
        how = AT_MOST.format(amount=money_shown(most))
        yield Item(code="most", kind="limit", title=MOST, how=how, cents=most - base)


def _tax(code: str, title: Text, rate: Decimal, taxed: int) -> Item | None:
    if taxed <= 0:
        return None
    how = SHARE.format(rate=percent_shown(rate), base=money_shown(taxed))
    return Item(code=code, kind="tax", title=title, how=how, cents=cents_of(rate * taxed / 100))


def _quantities(line: AnyLine) -> tuple[Any, ...]:
    return line.of if isinstance(line, PerUnit) else (line.of,) if isinstance(line, Tiers | Bands) else ()


def joined(parts: Iterable[Text], between: str) -> Text:
    """Texts in one, in each language; empty ones are left out."""
    kept = [part for part in parts if part.fr]
    return Text(fr=between.join(part.fr for part in kept), en=between.join(part.to("en") for part in kept))
