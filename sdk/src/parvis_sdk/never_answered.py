"""Comparisons that can never hold, by the kind of the question: a yes-or-no is never "oui", a list never one word."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from parvis_sdk.conditions import AtLeast, AtMost, Condition, Includes, Is, OneOfThese
from parvis_sdk.fields import (
    AnyField,
    Consent,
    Date,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Photo,
    PlaceFact,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
    limits_of,
)
from parvis_sdk.text import Text

NEVER = Text(fr="{field} ne répond jamais {value}", en="{field} never answers {value}")
A_LIST = Text(fr="{field} répond une liste, jamais {value}", en="{field} answers a list, never {value}")
NEVER_A_LIST = Text(fr="{field} ne répond jamais une liste", en="{field} never answers a list")
NEVER_A_NUMBER = Text(fr="{field} ne répond jamais un nombre", en="{field} never answers a number")
NEVER_SO_MUCH = Text(
    fr="{field} ne répond jamais {value} ou plus\u00a0: au plus {limit}",
    en="{field} never answers {value} or more: {limit} at most",
)
NEVER_SO_LITTLE = Text(
    fr="{field} ne répond jamais {value} ou moins\u00a0: au moins {limit}",
    en="{field} never answers {value} or less: {limit} at least",
)
ONE_OF = Text(fr="comparez avec un de {offered}", en="compare with one of {offered}")
YES_OR_NO = Text(fr="comparez avec True ou False", en="compare with True or False")
NUMBERS = Text(fr="comparez avec un nombre de {least} à {most}", en="compare with a number from {least} to {most}")
DAYS = Text(fr="comparez avec un jour, «\u00a02026-11-29\u00a0»", en="compare with a day, “2026-11-29”")
TIMES = Text(fr="comparez avec une heure, «\u00a014:30\u00a0»", en="compare with a time, “14:30”")
WORDS = Text(fr="comparez avec des mots qui y tiennent", en="compare with words that fit into it")
USE_INCLUDES = Text(fr="prenez Includes", en="use Includes")
USE_IS = Text(fr="prenez Is ou OneOfThese", en="use Is or OneOfThese")
USE_ANSWERED = Text(fr="prenez Answered", en="use Answered")
A_NUMBER = Text(fr="comparez une question Number ou Money", en="compare a question that is a Number or Money")
WITH_NOTHING = Text(fr="{field} n’est comparée à rien", en="{field} is compared with nothing")
WITH_ITSELF = Text(fr="{field} est comparée à elle-même", en="{field} is compared with itself")
WITH_SOMETHING = Text(
    fr="donnez `value` ou une autre question, `other`", en="give `value` or another question, `other`"
)
UNLIKE = Text(
    fr="{field} ({this}) et {other} ({that}) ne se comparent pas",
    en="{field} ({this}) and {other} ({that}) do not compare",
)
NO_UNIT = Text(fr="sans unité", en="no unit")
CONVERT = Text(fr="dites de combien l’une vaut l’autre avec `times`", en="say what one is worth of the other: `times`")
LISTS = (SeveralOf, Photo, File, Group)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def never_answered(condition: Condition, field: AnyField) -> Iterator[tuple[Text, Text]]:
    """Each comparison with a value that the question cannot have, and the solution."""
    if isinstance(field, PlaceFact):
        return  # only the town knows what its data says
    named: dict[str, Any] = {"field": repr(field.code)}
    match condition:
        case Is(value=value):
            yield from _unlike(field, value)
        case OneOfThese(values=values):
            for value in values:
                yield from _unlike(field, value)
        case Includes(value=value) if isinstance(field, SeveralOf):
            yield from _not_offered(field, value)
        case Includes() if not isinstance(field, LISTS):
            yield NEVER_A_LIST.format(**named), USE_IS
        case AtLeast() | AtMost() if condition.other or condition.value is None:
            if not isinstance(field, Number | Money):
                yield NEVER_A_NUMBER.format(**named), A_NUMBER
            elif not condition.other:
                yield WITH_NOTHING.format(**named), WITH_SOMETHING
        case AtLeast(value=value) | AtMost(value=value) if isinstance(field, Number | Money) and value is not None:
            least, most = limits_of(field)
            if isinstance(condition, AtLeast) and value > most:
                yield NEVER_SO_MUCH.format(value=value, limit=most, **named), _numbers(field)
            if isinstance(condition, AtMost) and value < least:
                yield NEVER_SO_LITTLE.format(value=value, limit=least, **named), _numbers(field)
        case AtLeast() | AtMost():
            yield NEVER_A_NUMBER.format(**named), A_NUMBER


def never_compared(condition: Condition, field: AnyField, other: AnyField) -> Iterator[tuple[Text, Text]]:
    """Why the answers to two questions cannot be compared: different kinds, units or currencies."""
    named: dict[str, Any] = {"field": repr(field.code), "other": repr(other.code)}
    if not isinstance(condition, AtLeast | AtMost) or isinstance(other, PlaceFact) or isinstance(field, PlaceFact):
        return
    if field.code == other.code:
        yield WITH_ITSELF.format(**named), WITH_SOMETHING
    elif not isinstance(other, Number | Money):
        yield NEVER_A_NUMBER.format(field=named["other"]), A_NUMBER
    elif isinstance(field, Number | Money) and condition.times == 1 and _measure(field) != _measure(other):
        measures = {"this": _measure(field) or NO_UNIT, "that": _measure(other) or NO_UNIT}
        yield UNLIKE.format(**named, **measures), CONVERT


def _measure(field: Number | Money) -> Text | None:
    return Text(fr=field.currency, en=field.currency) if isinstance(field, Money) else field.unit


def _unlike(field: AnyField, value: Any) -> Iterator[tuple[Text, Text]]:
    never = NEVER.format(field=repr(field.code), value=repr(value))
    match field:
        case OneOf():
            yield from _not_offered(field, value)
        case YesNo() | Consent() if not isinstance(value, bool):
            yield never, YES_OR_NO
        case Number() | Money() if not _is_within(field, value):
            yield never, _numbers(field)
        case SeveralOf():
            yield A_LIST.format(field=repr(field.code), value=repr(value)), USE_INCLUDES
        case Photo() | File() | Group() | PlaceField() | Information():
            yield never, USE_ANSWERED
        case Date() if not _is_day(value):
            yield never, DAYS
        case Time() if not (isinstance(value, str) and TIME.fullmatch(value)):
            yield never, TIMES
        case ShortText() | LongText() if not _fits_into(field, value):
            yield never, WORDS


def _not_offered(field: OneOf | SeveralOf, value: Any) -> Iterator[tuple[Text, Text]]:
    offered = sorted(str(option.code) for option in field.options)
    if value not in offered:
        yield NEVER.format(field=repr(field.code), value=repr(value)), ONE_OF.format(offered=", ".join(offered))


def _is_within(field: Number | Money, value: Any) -> bool:
    least, most = limits_of(field)
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _numbers(field: Number | Money) -> Text:
    least, most = limits_of(field)
    return NUMBERS.format(least=least, most=most)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _fits_into(field: ShortText | LongText, value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= field.max_length
