"""JSON Schema (2020-12) of questions: the same rules as the form, told to machines."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from parvis_sdk.conditions import (
    All,
    Answered,
    AtLeast,
    AtMost,
    Condition,
    Includes,
    Is,
    Not,
    NotBefore,
    OneOfThese,
    Some,
    compares_answers,
)
from parvis_sdk.fields import (
    Address,
    AnyField,
    Consent,
    Date,
    Email,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Phone,
    Photo,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
    limits_of,
)

if TYPE_CHECKING:
    from parvis_sdk.forms import Section

Schema = dict[str, Any]


def form_schema(sections: "tuple[Section, ...]", language: str) -> Schema:
    """An object schema with one property per question; conditional questions are under `allOf`."""
    pairs = [
        (field, tuple(when for when in (section.show_when, field.show_when) if when is not None))
        for section in sections
        for field in section.fields
        if not isinstance(field, Information)
    ]
    return _object(pairs, language) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def _object(pairs: Sequence[tuple[AnyField, tuple[Condition, ...]]], language: str) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {field.code: field_schema(field, language) for field, _ in pairs},
        "required": [field.code for field, shown in pairs if field.required and not shown],
        "additionalProperties": False,
    }
    rules = [rule for field, shown in pairs for rule in _rules(field, shown)]
    return schema | ({"allOf": rules} if rules else {})


def _rules(field: AnyField, shown: tuple[Condition, ...]) -> list[Schema]:
    rules: list[Schema] = []
    if any(compares_answers(when) for when in (*shown, field.required_when) if when is not None):
        return rules  # no schema compares two answers
    if shown and field.required:
        rules.append({"if": condition_schema(All(parts=shown)), "then": {"required": [field.code]}})
    elif field.required_when is not None and not field.required:
        when = condition_schema(All(parts=(*shown, field.required_when)))
        rules.append({"if": when, "then": {"required": [field.code]}})
    return rules


def condition_schema(condition: Condition) -> Schema:
    """A schema that an object of answers matches exactly when `condition` holds."""
    match condition:
        case All(parts=()):
            return {}
        case Some(parts=()):
            return {"not": {}}
        case All(parts=parts):
            return {"allOf": [condition_schema(part) for part in parts]}
        case Some(parts=parts):
            return {"anyOf": [condition_schema(part) for part in parts]}
        case Not(part=part):
            return {"not": condition_schema(part)}
        case Answered(field=field):
            rule: Schema = {"not": {"enum": [None, "", [], {}]}}
        case Is(field=field, value=value):
            rule = {"const": value}
        case OneOfThese(field=field, values=values):
            rule = {"enum": list(values)}
        case Includes(field=field, value=value):
            rule = {"type": "array", "contains": {"const": value}}
        case AtLeast(field=field, value=value):
            rule = {"type": "number", "minimum": value}
        case AtMost(field=field, value=value):
            rule = {"type": "number", "maximum": value}
        case NotBefore(field=field, other=other, days=days):
            rule = {"type": "string", "pattern": not_before(date.fromisoformat(other) + timedelta(days=days))}
    return {"properties": {field: rule}, "required": [field]}


def not_before(limit: date) -> str:
    """A pattern of the days that are not before this one.

    >>> days = ("2026-12-29", "2026-12-30", "2027-01-01", "2030-01-01", "1999-12-31")
    >>> [bool(re.match(not_before(date(2026, 12, 30)), day)) for day in days]
    [False, True, True, True, False]
    """
    words = limit.isoformat()
    later = [
        words[:place] + f"[{int(digit) + 1}-9]" + re.sub(r"\d", r"\\d", words[place + 1 :])
        for place, digit in enumerate(words)
        if digit not in "9-"
    ]
    return f"^(?:{'|'.join([words, *later])})$"


def field_schema(field: AnyField, language: str) -> Schema:
    """The schema of the answer to one question, with its title and help in `language`."""
    schema = {"title": field.label.to(language), **_schema(field, language)}
    if field.help:
        schema["description"] = field.help.to(language)
    if field.checks:
        schema["x-checks"] = [check.says.to(language) for check in field.checks]
    if field.example:
        schema["examples"] = [field.example.to(language)]
    return schema | {"x-kind": field.__struct_config__.tag, "x-sensitivity": str(field.privacy.sensitivity)}


@singledispatch
def _schema(field: AnyField, language: str) -> Schema:
    raise TypeError(f"no schema for {type(field).__name__}")


@_schema.register
def _(field: ShortText, language: str) -> Schema:
    schema: Schema = {
        "type": "string",
        "maxLength": field.max_length,
        "minLength": max(field.min_length, int(field.required)),
    }
    return schema | ({"pattern": f"^(?:{field.pattern})$"} if field.pattern else {})


@_schema.register
def _(field: LongText, language: str) -> Schema:
    return {"type": "string", "maxLength": field.max_length, "minLength": max(field.min_length, int(field.required))}


@_schema.register
def _(field: Email, language: str) -> Schema:
    return {"type": "string", "format": "email", "maxLength": 254}


@_schema.register
def _(field: Phone, language: str) -> Schema:
    return {"type": "string", "maxLength": 50}


@_schema.register
def _(field: Number, language: str) -> Schema:
    least, most = limits_of(field)
    schema: Schema = {"type": "number" if field.decimals else "integer", "minimum": least, "maximum": most}
    return schema | ({"x-unit": field.unit.to(language)} if field.unit else {})


@_schema.register
def _(field: Money, language: str) -> Schema:
    least, most = limits_of(field)
    return {"type": "integer", "x-unit": "cents", "x-currency": field.currency, "minimum": least, "maximum": most}


@_schema.register
def _(field: Date, language: str) -> Schema:
    return {"type": "string", "format": "date"}


@_schema.register
def _(field: Time, language: str) -> Schema:
    return {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"}


@_schema.register
def _(field: YesNo, language: str) -> Schema:
    return {"type": "boolean"}


@_schema.register
def _(field: Consent, language: str) -> Schema:
    schema: Schema = {"type": "boolean", "description": field.statement.to(language)}
    return schema | ({"const": True} if field.required else {})


@_schema.register
def _(field: OneOf, language: str) -> Schema:
    return {"type": "string", **_offered(field, language)}


@_schema.register
def _(field: SeveralOf, language: str) -> Schema:
    schema: Schema = {
        "type": "array",
        "items": {"type": "string", **_offered(field, language)},
        "minItems": max(field.least, int(field.required)),
    }
    return schema | ({"maxItems": field.most} if field.most is not None else {})


def _offered(field: OneOf | SeveralOf, language: str) -> Schema:
    return {
        "enum": [option.code for option in field.options],
        "x-labels": {option.code: option.label.to(language) for option in field.options},
    }


@_schema.register
def _(field: Address, language: str) -> Schema:
    return {"type": "string", "maxLength": field.max_length, "minLength": int(field.required)}


@_schema.register
def _(field: PlaceField, language: str) -> Schema:
    return place_schema(field.shapes)


def place_schema(shapes: tuple[str, ...], most_assets: int = 0) -> Schema:
    """The schema of a place: degrees, an address, words, GeoJSON of the shapes allowed, or codes of assets."""
    names = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
    codes = {"type": "array", "items": {"type": "string", "maxLength": 80}, "uniqueItems": True}
    return {
        "type": "object",
        "properties": {
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "address": {"type": "string", "maxLength": 200},
            "words": {"type": "string", "maxLength": 500},
            "geometry": {"type": "object", "properties": {"type": {"enum": [names[shape] for shape in shapes]}}},
            **({"assets": {**codes, "maxItems": most_assets}} if most_assets else {}),
        },
        "minProperties": 1,
    }


@_schema.register
def _(field: Photo, language: str) -> Schema:
    return _files(field)


@_schema.register
def _(field: File, language: str) -> Schema:
    return _files(field)


def _files(field: Photo | File) -> Schema:
    return {
        "type": "array",
        "items": {"type": "string", "description": "id of an uploaded attachment"},
        "minItems": max(field.least, int(field.required)),
        "maxItems": field.most,
        "x-media-types": list(field.kinds),
        "x-max-bytes": field.max_size,
    }


@_schema.register
def _(field: Group, language: str) -> Schema:
    pairs = [
        (inner, (inner.show_when,) if inner.show_when is not None else ())
        for inner in field.fields
        if not isinstance(inner, Information)
    ]
    # An item's conditions may look at answers outside the item, which JSON Schema cannot: only its own are told.
    own = {inner.code for inner in field.fields}
    schema = _object(pairs, language)
    rules = [
        rule
        for rule in schema.pop("allOf", [])
        if set(rule["then"]["required"]) <= own and _looks_within(rule["if"], own)
    ]
    if rules:
        schema["allOf"] = rules
    return {"type": "array", "items": schema, "minItems": field.least if field.required else 0, "maxItems": field.most}


def _looks_within(schema: Schema, own: set[str]) -> bool:
    parts = [*schema.get("allOf", []), *schema.get("anyOf", []), *([schema["not"]] if "not" in schema else [])]
    return set(schema.get("required", [])) <= own and all(_looks_within(part, own) for part in parts)
