"""Checks of a program's call: unknown members, bodies nested too deeply, parameters that do not fit."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct, ValidationError, structs

from parvis_sdk.problems import MESSAGES, Problem

_MEMBER = re.compile(r"(?<=[.\[])(?!\.)[^.\]`\[]+")
_REQUIRED = re.compile(r"missing required field `(\w+)`")
_LIMIT = re.compile(r"Expected `(\w+)` (of length )?(<=|>=) (-?[\d.]+)")
_BEYOND = {
    ("array", "<="): ("too_many", "more_items"),
    ("array", ">="): ("too_few", "fewer_items"),
    ("str", "<="): ("too_long", "longer"),
    ("str", ">="): ("too_short", "shorter"),
}
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")


def unknown_members(value: Any, kind: Any, path: str = "") -> Iterator[str]:
    """The path of each member that the shape `kind` does not have; free ones, as answers, are judged elsewhere."""
    inside = get_args(kind)
    shape = next((each for each in (kind, *inside) if isinstance(each, type) and issubclass(each, Struct)), None)
    if isinstance(value, list) and inside:
        for number, each in enumerate(value):
            yield from unknown_members(each, inside[0], f"{path}{number}.")
    elif isinstance(value, dict) and shape is not None:
        known = _members(shape)
        for name, each in value.items():
            if get_origin(kind) is dict:
                yield from unknown_members(each, shape, f"{path}{name}.")
            elif name in known:
                yield from unknown_members(each, known[name], f"{path}{name}.")
            else:
                yield f"{path}{name}"


def null_members(value: Any, kind: Any, path: str = "") -> Iterator[str]:
    """The path of each member that is null where the shape `kind` offers no null; free ones are judged elsewhere."""
    inside = get_args(kind)
    if value is None and not _takes_null(kind):
        yield path.removesuffix(".")
    shape = next((each for each in (kind, *inside) if isinstance(each, type) and issubclass(each, Struct)), None)
    if isinstance(value, list) and inside:
        for number, each in enumerate(value):
            if each is not None:  # no member
                yield from null_members(each, inside[0], f"{path}{number}.")
    elif isinstance(value, dict) and shape is not None and get_origin(kind) is not dict:
        known = _members(shape)
        for name, each in value.items():
            if name in known:
                yield from null_members(each, known[name], f"{path}{name}.")


@cache  # the types of a shape are read from their text, which costs more than all the rest of a small body
def _members(shape: type[Struct]) -> Mapping[str, Any]:
    """The type of each member, by the name it has in JSON."""
    return {each.encode_name: each.type for each in structs.fields(shape)}


def _takes_null(kind: Any) -> bool:
    among = get_args(kind) if get_origin(kind) in (Union, UnionType, Annotated) else ()
    return kind in (Any, type(None)) or any(map(_takes_null, among))


def is_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects stand in each other more than `most` times."""
    deepest, level = 0, [value]
    while level and deepest <= most:
        deepest += 1
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ())
        ]
    return deepest > most


def misshapen(error: ValidationError) -> Problem:
    """What does not fit the schema of a body: a missing member, an exceeded limit, or another type."""
    said, _, place = str(error).partition(" - at `$")
    missing, limit = _REQUIRED.search(said), _LIMIT.search(said)
    path = ".".join((*_MEMBER.findall(place), *(missing.groups() if missing else ())))
    if missing:
        return _problem(path, "required", "missing")
    if limit is None:
        return _problem(path, "wrong_kind", "misshapen")
    kind, _, which, number = limit.groups()
    code, words = _BEYOND.get((kind, which), ("out_of_range", "above" if which == "<=" else "below"))
    return _problem(path, code, words, limit=number)


def misfit(name: str, value: str, declared: Mapping[str, Any]) -> Problem | None:
    """What is wrong with a parameter of an address, by the JSON Schema that declares it; None where it fits."""
    kind, least, most = declared.get("type"), declared.get("minimum", -math.inf), declared.get("maximum", math.inf)
    if len(value) > declared.get("maxLength", len(value)):
        return _problem(name, "too_long", "longer", limit=declared["maxLength"])
    if value not in declared.get("enum", (value,)):
        return _problem(name, "not_offered", "one_of", offered=", ".join(declared["enum"]))
    try:
        if kind in ("integer", "number") and not _NUMBER.fullmatch(value):  # Python would take 1_0 and ２
            raise ValueError(value)
        number = int(value) if kind == "integer" else float(value) if kind == "number" else least
        form = declared.get("format")
        if form and not (value and (form != "date" or date.fromisoformat(value).isoformat() == value)):
            raise ValueError(value)
    except ValueError:
        return _problem(name, "unreadable", "not_day" if kind == "string" else "not_number")
    if not least <= number <= most:
        return _problem(name, "out_of_range", "out_of_range", least=least, most=most)
    if not re.search(declared.get("pattern", ""), value):
        return _problem(name, "unreadable", "not_given")
    return None


def _problem(name: str, code: str, words: str, **values: object) -> Problem:
    return Problem(path=name, code=code, message=MESSAGES[words].format(name=name, **values))
