"""A tariff as text, without a request, for the page of a service."""

from collections.abc import Iterator

from msgspec import Struct

from parvis_sdk.amounts import dollars_shown, percent_shown, whole_dollars_shown
from parvis_sdk.charging import PLAIN, joined
from parvis_sdk.measuring import counted_shown
from parvis_sdk.tariffs import NOTHING, AnyLine, Bands, Fixed, PerUnit, Quantity, Tariff, Tiers
from parvis_sdk.text import Text

EACH = Text(fr="{price} par {unit}", en="{price} per {unit}")
FREE = Text(fr="{units} sans frais", en="{units} free of charge")
PER = Text(fr="{price} par {per}", en="{price} per {per}")
ABOVE = Text(fr="{price} par {per} au-delà de {above}", en="{price} per {per} above {above}")
UP_TO = Text(fr="{amount} jusqu’à {end}", en="{amount} up to {end}")
BEYOND = Text(fr="{amount} au-delà", en="{amount} beyond that")
AT_LEAST = Text(fr="au moins {amount}", en="at least {amount}")
AT_MOST = Text(fr="au plus {amount}", en="at most {amount}")
SOMETIMES = Text(fr="selon vos réponses", en="depending on your answers")
GIVEN_BACK = Text(fr="dépôt remboursable", en="refundable deposit")
PLUS_TAXES = Text(fr="plus {taxes}", en="plus {taxes}")
LET_OFF = Text(fr="réduction de {share}", en="{share} off")
NO_FEE = Text(fr="sans frais", en="free of charge")
BOUNDS = Text(fr="Total des frais", en="Total fees")


class Told(Struct, frozen=True, kw_only=True):
    """One line of a tariff in words."""

    title: Text
    words: Text


def told(tariff: Tariff) -> tuple[Told, ...]:
    """Every line and exemption of a tariff, and its bounds."""
    taxes = joined([tax.title.format() for tax in tariff.taxes], ", ")
    found = [Told(title=line.title, words=joined(_line(line, taxes), ", ")) for line in tariff.lines]
    bounds = list(_bounds(tariff))
    found += [Told(title=BOUNDS, words=joined(bounds, ", "))] if bounds else []
    for each in tariff.exemptions:
        words = NO_FEE if each.share == 1 and not each.lines else LET_OFF.format(share=percent_shown(each.share))
        found.append(Told(title=each.title, words=words))
    return tuple(found)


def _line(line: AnyLine, taxes: Text) -> Iterator[Text]:
    yield _price(line)
    yield from _bounds(line)
    if line.taxed and taxes.fr:
        yield PLUS_TAXES.format(taxes=taxes)
    if line.deposit:
        yield GIVEN_BACK
    if line.when is not None:
        yield SOMETIMES


def _bounds(bounded: Tariff | AnyLine) -> Iterator[Text]:
    if bounded.least != NOTHING:
        yield AT_LEAST.format(amount=dollars_shown(bounded.least))
    if bounded.most is not None:
        yield AT_MOST.format(amount=dollars_shown(bounded.most))


def _price(line: AnyLine) -> Text:
    match line:
        case Fixed(amount=amount):
            return dollars_shown(amount)
        case PerUnit(price=price, of=of, free=free):
            ones = [quantity.unit.one for quantity in of]
            units = Text(fr=" et par ".join(one.fr for one in ones), en=" and per ".join(one.to("en") for one in ones))
            each = EACH.format(price=dollars_shown(price), unit=units)
            return joined([each, FREE.format(units=counted_shown(free, of[0].unit)) if free else PLAIN], ", ")
        case Tiers():
            return joined(list(_tiers(line)), ", ")
        case Bands():
            return joined(list(_bands(line, line.of)), ", ")


def _tiers(line: Tiers) -> Iterator[Text]:
    per = whole_dollars_shown(line.per)
    for step in line.steps:
        price = dollars_shown(step.price)
        if step.above:
            yield ABOVE.format(price=price, per=per, above=whole_dollars_shown(step.above))
        else:
            yield PER.format(price=price, per=per)


def _bands(line: Bands, of: Quantity) -> Iterator[Text]:
    for band in line.bands:
        amount = dollars_shown(band.amount)
        if band.up_to is not None:
            yield UP_TO.format(amount=amount, end=counted_shown(band.up_to, of.unit))
        else:
            yield BEYOND.format(amount=amount) if len(line.bands) > 1 else amount
