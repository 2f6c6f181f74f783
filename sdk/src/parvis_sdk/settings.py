"""Marks of a plugin's settings: which are secret, and which name a host that the plugin calls.

class Settings(Struct, frozen=True, kw_only=True):
    base_url: Exit = "https://erp.example.org"
    api_key: Secret = ""
"""

from collections.abc import Iterator, Mapping
from inspect import isclass
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import urlsplit

from msgspec import Meta, Struct, structs

MARK = "parvis"
Secret = Annotated[str, Meta(extra={MARK: "secret"})]
"""A setting that no page, log or command shows, and that is taken out of the record of calls."""
Exit = Annotated[str, Meta(extra={MARK: "exit"})]
"""A setting that is the address, or the host, of a system that the plugin speaks to.

Where any setting is one, also within others, the client that the host lends refuses every host that none of them names.
"""


def secret_names(kind: type[Struct]) -> frozenset[str]:
    """The settings that are secret, or hold something that is."""
    return frozenset(each.name for each in structs.fields(kind) if is_marked(each.type, "secret"))


def secrets_of(settings: Struct | None) -> tuple[str, ...]:
    """Every secret that is set."""
    return tuple(each for each in marked_values(type(settings), settings, "secret") if each)


def exits_of(settings: Struct | None) -> tuple[str, ...] | None:
    """The hosts that a plugin declares to call; None if its settings declare none."""
    if settings is None or not is_marked(type(settings), "exit"):
        return None
    hosts = (host_of(each) for each in marked_values(type(settings), settings, "exit"))
    return tuple(dict.fromkeys(each for each in hosts if each))


def host_of(address: str) -> str:
    """The host of an address of the web, or of what is a host already; empty where there is none."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


def is_marked(kind: Any, mark: str, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a type is marked so, or holds one that is; `seen` are those around it."""
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        return any(_says(each, mark) for each in notes) or is_marked(inner, mark, seen)
    if isclass(kind) and issubclass(kind, Struct):
        around = seen | {kind}
        return kind not in seen and any(is_marked(each.type, mark, around) for each in structs.fields(kind))
    return any(is_marked(each, mark, seen) for each in get_args(kind))


def marked_values(kind: Any, value: Any, mark: str) -> Iterator[str]:
    """The texts in a value at the places that its type marks."""
    if isinstance(value, str):
        if is_marked(kind, mark):
            yield value
    elif isinstance(value, Struct):
        for each in structs.fields(type(value)):
            yield from marked_values(each.type, getattr(value, each.name), mark)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from marked_values(kind, each, mark)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from marked_values(kind, each, mark)


def _says(note: Any, mark: str) -> bool:
    return isinstance(note, Meta) and (note.extra or {}).get(MARK) == mark
