"""Small declarative expressions over answers: when to show or require a question, choose a promise, or route.

The browser has a twin of `holds` (`holds.js`); both must give every answer of `testing/condition_vectors.json`.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct


class Is(Struct, frozen=True, tag="is"):
    """The answer equals `value`."""

    field: str
    value: str | bool | int | float


class OneOfThese(Struct, frozen=True, tag="one_of"):
    """The answer is one of `values`."""

    field: str
    values: tuple[str | bool | int | float, ...]


class Includes(Struct, frozen=True, tag="includes"):
    """A list of answers holds `value`."""

    field: str
    value: str


class AtLeast(Struct, frozen=True, tag="at_least", omit_defaults=True):
    """The answer is a number of `value` or more, or of what `other` was answered with or more.

    `other` is the code of another question; its answer counts `times`, and `value` is added to it; amounts in cents.

    >>> insured = AtLeast(field="insured", other="people", times=5_000_00, value=1_000_000_00)
    >>> holds(insured, {"people": 300, "insured": 2_500_000_00}), holds(insured, {"people": 300})
    (True, False)
    """

    field: str
    value: int | float | None = None
    other: str = ""
    times: int | float = 1


class AtMost(Struct, frozen=True, tag="at_most", omit_defaults=True):
    """The answer is a number of `value` or less, or of what `other` was answered with or less, as in `AtLeast`."""

    field: str
    value: int | float | None = None
    other: str = ""
    times: int | float = 1


class Answered(Struct, frozen=True, tag="answered"):
    """The question has an answer."""

    field: str


TODAY = "@today"
"""Stands for the day of the town where a day is compared, in conditions that are judged when an answer is given."""


class NotBefore(Struct, frozen=True, tag="not_before"):
    """The answer is a day, and not before the day that `other` was answered with, moved by `days`.

    `other` is the code of another question, `TODAY`, or a day ("2026-11-29").
    """

    field: str
    other: str
    days: int = 0


class All(Struct, frozen=True, tag="all"):
    """Every part holds."""

    parts: "tuple[Condition, ...]"


class Some(Struct, frozen=True, tag="any"):
    """At least one part holds."""

    parts: "tuple[Condition, ...]"


class Not(Struct, frozen=True, tag="not"):
    """The part does not hold."""

    part: "Condition"


Condition = Is | OneOfThese | Includes | AtLeast | AtMost | NotBefore | Answered | All | Some | Not
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether `condition` is true of these answers; an unanswered question makes every comparison false."""
    match condition:
        case All(parts=parts):
            return all(holds(part, answers) for part in parts)
        case Some(parts=parts):
            return any(holds(part, answers) for part in parts)
        case Not(part=part):
            return not holds(part, answers)
        case Answered(field=field):
            return answers.get(field) not in (None, "", [], {})
        case Includes(field=field, value=value):
            return isinstance(answers.get(field), list) and value in answers[field]
        case Is(field=field, value=value):
            return _same(answers.get(field), value)
        case OneOfThese(field=field, values=values):
            return any(_same(answers.get(field), value) for value in values)
        case AtLeast(field=field):
            limit = number_compared(condition, answers)
            return limit is not None and _is_number(answers.get(field)) and answers[field] >= limit
        case AtMost(field=field):
            limit = number_compared(condition, answers)
            return limit is not None and _is_number(answers.get(field)) and answers[field] <= limit
        case NotBefore(field=field, other=other, days=days):
            day, first = _day(answers.get(field)), _day(other) or _day(answers.get(other))
            return day is not None and first is not None and day >= first + timedelta(days=days)


def number_compared(condition: AtLeast | AtMost, answers: Mapping[str, Any]) -> int | float | None:
    """The number that an answer is compared with; None where the other question has no number for an answer.

    To fifteen digits, which all numbers of forms have and every browser keeps: three times 0.1 is 0.3.
    """
    if not condition.other:
        return condition.value
    given: Any = answers.get(condition.other)
    if not _is_number(given):
        return None
    return float(f"{float(given) * condition.times + (condition.value or 0):.15g}")


def limits_of_number(condition: Condition, field: str, answers: Mapping[str, Any]) -> tuple[int | float, ...]:
    """Every number with which a condition compares that answer, given these answers."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return tuple(limit for part in parts for limit in limits_of_number(part, field, answers))
        case Not(part=part):
            return limits_of_number(part, field, answers)
        case AtLeast(field=code) | AtMost(field=code) if code == field:
            limit = number_compared(condition, answers)
            return () if limit is None else (limit,)
    return ()


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The codes of all questions that a condition looks at."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return tuple(field for part in parts for field in fields_of(part))
        case Not(part=part):
            return fields_of(part)
        case AtLeast(field=field, other=other) | AtMost(field=field, other=other):
            return (field, other) if other else (field,)
        case NotBefore(field=field, other=other):
            return (field,) if other == TODAY or DAY.fullmatch(other) else (field, other)
        case _:
            return (condition.field,)


def looks_at(condition: Condition) -> frozenset[str]:
    """The same with `TODAY` among them, where it is compared with."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return frozenset(code for part in parts for code in looks_at(part))
        case Not(part=part):
            return looks_at(part)
        case NotBefore(other=other) if other == TODAY:
            return frozenset({condition.field, TODAY})
    return frozenset(fields_of(condition))


def alike(condition: Condition, field: str) -> tuple[str, ...]:
    """The codes of the questions that are compared with that one without a factor, so must have its unit."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return tuple(code for part in parts for code in alike(part, field))
        case Not(part=part):
            return alike(part, field)
        case AtLeast(field=code, other=other, times=1) | AtMost(field=code, other=other, times=1) if other:
            return (other,) if code == field else ()
    return ()


def compares_answers(condition: Condition) -> bool:
    """Whether it compares two answers, numbers or dates, with each other."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return any(compares_answers(part) for part in parts)
        case Not(part=part):
            return compares_answers(part)
        case AtLeast(other=other) | AtMost(other=other):
            return bool(other)
    return isinstance(condition, NotBefore) and _day(condition.other) is None


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(answer: Any, value: Any) -> bool:
    # Python says True == 1; a yes/no answer must not equal a number, in neither twin.
    return isinstance(answer, bool) == isinstance(value, bool) and bool(answer == value)
