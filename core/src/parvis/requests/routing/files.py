"""Rules as a TOML file, to be kept, compared and brought to another town: what is written reads the same again."""

import secrets
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import structs

from parvis.requests.routing.rules import Rules

MOST_BYTES = 500_000


class Unreadable(ValueError):
    """What is no file of rules, with why."""


def written_as_file(rules: Rules) -> str:
    """The rules in their order, each as one table."""
    return "\n".join(_lines(msgspec.to_builtins(rules)))


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    yield "# The first rule that fits decides; every condition written in a rule must hold."
    yield f"default = {_value(content['default'])}"
    for rule in content.get("rules", ()):
        yield ""
        yield "[[rules]]"
        yield from (f"{key} = {_value(value)}" for key, value in rule.items())
    yield ""


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case Mapping():
            return f"{{ {', '.join(f'{key} = {_value(each)}' for key, each in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(_value(each) for each in value)}]"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    # What JSON escapes TOML escapes the same way, but for one character.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def read_file(content: bytes) -> Rules:
    """The rules of a file; a rule without an id gets one. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"the file has more than {MOST_BYTES} bytes")
    try:
        rules = msgspec.convert(tomllib.loads(content.decode("utf-8-sig")), Rules)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error
    named = (rule if rule.id else structs.replace(rule, id=secrets.token_hex(4)) for rule in rules.rules)
    return structs.replace(rules, rules=tuple(named))
