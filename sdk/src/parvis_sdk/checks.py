"""What an author demands of an answer beside others, judged."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from parvis_sdk.conditions import TODAY, holds, looks_at
from parvis_sdk.fields import Field
from parvis_sdk.problems import Problem
from parvis_sdk.quantities import day_of, day_shown


def failed_checks(
    field: Field, value: Any, path: str, answers: Mapping[str, Any], today: date | None = None
) -> tuple[Problem, ...]:
    """What of its checks is not true of an answer among others; one that lacks something to look at is not judged."""
    if not field.checks:
        return ()
    known = {**answers, field.code: value} | ({TODAY: today.isoformat()} if today is not None else {})
    days = {code: day_shown(day) for code, given in known.items() if isinstance(given, str) and (day := day_of(given))}
    return tuple(
        Problem(path=path, code="check", message=check.says.format(**days))
        for check in field.checks
        if all(code in known for code in looks_at(check.must)) and not holds(check.must, known)
    )
