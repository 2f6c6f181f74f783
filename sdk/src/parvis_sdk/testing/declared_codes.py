"""Collects the codes that stored requests may contain from what a plugin declares."""

from collections.abc import Iterable

from parvis_sdk.fields import AnyField, Group, OneOf, SeveralOf
from parvis_sdk.request_types import RequestType


def codes_of(types: Iterable[RequestType]) -> list[str]:
    """Every code that stored requests may contain: types, questions, options, states, transitions, service levels."""
    return [line for request_type in types for line in _lines(request_type)]


def _lines(request_type: RequestType) -> Iterable[str]:
    yield request_type.code
    yield from _fields(request_type.form.fields(), f"{request_type.code}/answers")
    yield from (f"{request_type.code}/state/{state.code}" for state in request_type.workflow.states)
    for each in request_type.workflow.transitions:
        yield f"{request_type.code}/transition/{each.code}"
        yield from _fields(each.asks.fields(), f"{request_type.code}/transition/{each.code}")
    yield from _fields(
        request_type.occurrence.fields() if request_type.occurrence else (), f"{request_type.code}/occurrence"
    )
    yield from (f"{request_type.code}/level/{level.code}" for level in request_type.service_levels)


def _fields(fields: Iterable[AnyField], under: str) -> Iterable[str]:
    for field in fields:
        yield f"{under}/{field.code}"
        if isinstance(field, OneOf | SeveralOf):
            yield from (f"{under}/{field.code}={option.code}" for option in field.options)
        if isinstance(field, Group):
            yield from _fields(field.fields, f"{under}/{field.code}")
