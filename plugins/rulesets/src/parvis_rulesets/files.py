"""Rule sets as TOML files, to be kept, compared and brought to another town: what is written reads the same again."""

import secrets
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import structs

from parvis_rulesets.editing import Body
from parvis_rulesets.versions import Ruleset

MOST_BYTES = 500_000


class Unreadable(ValueError):
    """What is no file of this rule set, with why."""


def written_as_file(kept: Ruleset[Body], body: Body) -> str:
    """What stands once first, then the parts in their order, each as one table."""
    return "\n".join(_lines(kept.in_file, msgspec.to_builtins(body)))


def _lines(comment: str, content: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {comment}"
    yield from (f"{key} = {_value(value)}" for key, value in content.items() if not _is_several(value))
    for name, parts in content.items():
        for part in parts if _is_several(parts) else ():
            yield ""
            yield f"[[{name}]]"
            yield from (f"{key} = {_value(value)}" for key, value in part.items())
    yield ""


def _is_several(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


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


def read_file(kept: Ruleset[Body], content: bytes) -> Body:
    """The rule set of a file; a part without an id gets one. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"the file has more than {MOST_BYTES} bytes")
    try:
        body = msgspec.convert(tomllib.loads(content.decode("utf-8-sig")), kept.body)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error
    named = (part if part.id else structs.replace(part, id=secrets.token_hex(4)) for part in body.parts)
    return body.with_parts(tuple(named))
