"""Tests with random answers whether pages, the API and the JSON Schema accept and reject the same submissions."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random
from typing import Any

from parvis_sdk.fields import Money, OneOf, SeveralOf
from parvis_sdk.forms import Form, FormAnswers
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.answers import TODAY, Answers, answers_for
from parvis_sdk.testing.submissions import submission_for


def schema_mistakes(request_type: RequestType, seeds: Iterable[int]) -> Iterator[str]:
    """Each error of a type's JSON Schema, and each answer that the schema and the forms judge differently."""
    forms = [("form", request_type.form)] + (
        [("occurrence", request_type.occurrence)] if request_type.occurrence else []
    )
    forms += [(f"transition {each.code!r}", each.asks) for each in request_type.workflow.transitions]
    for where, form in forms:
        for language in ("fr", "en"):
            yield from (
                f"{request_type.code} · {where} · {mistake}" for mistake in _schema_mistakes(form, language, seeds)
            )


def _schema_mistakes(form: Form, language: str, seeds: Iterable[int]) -> Iterator[str]:
    from jsonschema import Draft202012Validator, SchemaError

    schema = form.json_schema(language)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"the schema is not valid: {error.message}"
        return
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for seed in seeds:
        right = answers_for(form, Random(seed))
        refused = _refused(form, right.native, right, TODAY)
        if refused:
            yield f"the form refuses its own answers: {refused}"
        yield from (
            f"the schema refuses {error.json_path}: {error.message}" for error in validator.iter_errors(right.native)
        )
        for what, wrong in spoilt(form, right.native):
            if validator.is_valid(wrong):
                yield f"the schema takes {what}"
            if not _refused(form, wrong, right, TODAY):
                yield f"the form takes {what}"


def spoilt(form: Form, native: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Answers changed so that both the form and the schema must reject them."""
    yield "a question that does not exist", {**native, "nobody_asked_this": 1}
    for field in form.visible(native):
        if field.code in native and field.required:
            yield f"no answer to {field.code!r}", {code: value for code, value in native.items() if code != field.code}
        if isinstance(field, Money) and field.code in native:
            yield f"half a cent as {field.code!r}", {**native, field.code: native[field.code] + 0.5}
        if isinstance(field, OneOf | SeveralOf) and field.code in native:
            other = "never_offered" if isinstance(field, OneOf) else ["never_offered"]
            yield f"an answer to {field.code!r} that is not offered", {**native, field.code: other}


def unlike_readings(request_type: RequestType, seeds: Iterable[int]) -> Iterator[str]:
    """Each submission that is read differently from a page and from the API."""
    for seed in seeds:
        given = submission_for(request_type, Random(seed))
        native = request_type.read(given.native, channel="portal", today=TODAY, attachments=given.attachments)
        page = request_type.read(given.page, channel="portal", today=TODAY, attachments=given.attachments)
        if isinstance(native, Problems):
            yield f"{request_type.code}: refuses its own answers: {native.found[0].path}: {native.found[0].message.en}"
        elif native != page:
            yield f"{request_type.code}: {given.native} is read as {native}, {given.page} as {page}"


def _refused(form: Form, raw: dict[str, Any], right: Answers, today: date) -> str:
    result = form.read(raw, today=today, attachments=right.attachments)
    return "" if isinstance(result, FormAnswers) else "; ".join(f"{each.path}: {each.code}" for each in result.found)
