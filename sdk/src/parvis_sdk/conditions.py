"""Small declarative expressions over answers: when to show or require a question, choose a promise, or route.

The browser has a twin of `holds` (`conditions.js`); both must give every answer of `testing/condition_vectors.json`.
"""

from collections.abc import Mapping
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


class AtLeast(Struct, frozen=True, tag="at_least"):
    """The answer is a number of `value` or more."""

    field: str
    value: int | float


class AtMost(Struct, frozen=True, tag="at_most"):
    """The answer is a number of `value` or less."""

    field: str
    value: int | float


class Answered(Struct, frozen=True, tag="answered"):
    """The question has an answer."""

    field: str


class All(Struct, frozen=True, tag="all"):
    """Every part holds."""

    parts: "tuple[Condition, ...]"


class Some(Struct, frozen=True, tag="any"):
    """At least one part holds."""

    parts: "tuple[Condition, ...]"


class Not(Struct, frozen=True, tag="not"):
    """The part does not hold."""

    part: "Condition"


Condition = Is | OneOfThese | Includes | AtLeast | AtMost | Answered | All | Some | Not


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
        case AtLeast(field=field, value=value):
            return _is_number(answers.get(field)) and answers[field] >= value
        case AtMost(field=field, value=value):
            return _is_number(answers.get(field)) and answers[field] <= value


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The codes of all questions that a condition looks at."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return tuple(field for part in parts for field in fields_of(part))
        case Not(part=part):
            return fields_of(part)
        case _:
            return (condition.field,)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(answer: Any, value: Any) -> bool:
    # Python says True == 1; a yes/no answer must not equal a number, in neither twin.
    return isinstance(answer, bool) == isinstance(value, bool) and bool(answer == value)
