"""Every code that stored requests may hold, out of what a plugin declares."""

from collections.abc import Iterable

from parvis_sdk.fields import AnyField, Group, OneOf, SeveralOf
from parvis_sdk.request_types import RequestType


def codes_of(types: Iterable[RequestType]) -> list[str]:
    """Every code that stored requests may hold: types, questions, options, states, transitions, promises."""
    return [line for kind in types for line in _lines(kind)]


def _lines(kind: RequestType) -> Iterable[str]:
    yield kind.code
    yield from _fields(kind.form.fields(), f"{kind.code}/answers")
    yield from (f"{kind.code}/state/{state.code}" for state in kind.workflow.states)
    for each in kind.workflow.transitions:
        yield f"{kind.code}/transition/{each.code}"
        yield from _fields(each.asks.fields(), f"{kind.code}/transition/{each.code}")
    yield from _fields(kind.occurrence.fields() if kind.occurrence else (), f"{kind.code}/occurrence")
    yield from (f"{kind.code}/level/{level.code}" for level in kind.service_levels)


def _fields(fields: Iterable[AnyField], under: str) -> Iterable[str]:
    for field in fields:
        yield f"{under}/{field.code}"
        if isinstance(field, OneOf | SeveralOf):
            yield from (f"{under}/{field.code}={option.code}" for option in field.options)
        if isinstance(field, Group):
            yield from _fields(field.fields, f"{under}/{field.code}")
