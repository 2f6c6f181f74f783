"""Evaluates the checks that compare an answer with others."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from parvis_sdk.amounts import number_shown, whole_dollars_shown
from parvis_sdk.conditions import TODAY, holds, looks_at
from parvis_sdk.fields import AnyField, Field, Money, Number
from parvis_sdk.problems import Problem
from parvis_sdk.quantities import day_of, day_shown
from parvis_sdk.text import Text


def failed_checks(
    field: Field,
    value: Any,
    path: str,
    answers: Mapping[str, Any],
    today: date | None = None,
    asked: Mapping[str, AnyField] | None = None,
) -> tuple[Problem, ...]:
    """The checks of an answer that fail; a check with a missing answer is skipped. `asked` are the questions by code,
    for units and amounts in messages.
    """
    if not field.checks:
        return ()
    known = {**answers, field.code: value} | ({TODAY: today.isoformat()} if today is not None else {})
    failed = [
        check
        for check in field.checks
        if all(code in known for code in looks_at(check.must)) and not holds(check.must, known)
    ]
    if not failed:
        return ()
    named = dict(shown(known, {**(asked or {}), field.code: field}))
    return tuple(Problem(path=path, code="check", message=check.says.format(**named)) for check in failed)


def shown(answers: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """The days, numbers and amounts among answers, by code, as a sentence names them."""
    for code, given in answers.items():
        day = day_of(given) if isinstance(given, str) else None
        if day is not None:
            yield code, day_shown(day)
        elif isinstance(given, int | float) and not isinstance(given, bool):
            yield code, _number(Decimal(repr(given)), asked.get(code))


def _number(number: Decimal, field: Any) -> Text:
    if isinstance(field, Money):
        return whole_dollars_shown(number / 100)
    words = number_shown(number)
    unit = field.unit if isinstance(field, Number) else None
    return WITH_UNIT.format(number=words, unit=unit) if unit else words


WITH_UNIT = Text(fr="{number}\u00a0{unit}", en="{number}\u00a0{unit}")
