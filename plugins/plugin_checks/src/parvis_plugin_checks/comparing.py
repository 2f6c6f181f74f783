"""What differs between two versions of a plugin: every word and number that they declare, by its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

How = Literal["added", "removed", "changed"]
AREAS = (
    ("exits", re.compile(r"^exits|^connectors .* address$")),
    ("hooks", re.compile(r"^hooks")),
    ("settings", re.compile(r"^settings")),
    (
        "rights",
        re.compile(
            r" (by|called_by|needs|finds|corrects|roles|shown_to|opened_by|sensitivity|audience|personal)\b"
            r"|visibility|identity|^personal"
        ),
    ),
    ("letters", re.compile(r" (messages|documents?|letters?|words) ?|subject|body")),
    ("fields", re.compile(r" form ")),
    ("moves", re.compile(r" workflow ")),
)
OTHERWISE = "types"
KEYS = ("code", "name", "on", "kind")


class Change(Struct, frozen=True, kw_only=True):
    """One place that two versions declare otherwise, with what stood there and what stands there now."""

    area: str
    how: How
    where: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        if self.how == "changed":
            return f"{self.where}: {self.before!r} -> {self.after!r}"
        return f"{self.where}: {self.how}"


def changes_between(before: Any, after: Any, where: str = "") -> Iterator[Change]:
    """Every difference, in the order of the newer version; lists of nouns are compared by their codes."""
    old, new = _by_key(before), _by_key(after)
    if old is None or new is None:
        if before != after:
            yield Change(area=area_of(where), how="changed", where=where, before=before, after=after)
        return
    for key, value in new.items():
        place = f"{where} {key}".strip()
        if key not in old:
            yield Change(area=area_of(place), how="added", where=place, after=value)
        else:
            yield from changes_between(old[key], value, place)
    for key, value in old.items():
        if key not in new:
            place = f"{where} {key}".strip()
            yield Change(area=area_of(place), how="removed", where=place, before=value)


def area_of(where: str) -> str:
    """What a change is about: the first area that its place belongs to."""
    return next((area for area, pattern in AREAS if pattern.search(where)), OTHERWISE)


def _by_key(value: Any) -> Mapping[str, Any] | None:
    """What can be compared part by part: a mapping, or a list of nouns by what names each; None for anything else."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(each, Mapping) for each in value):
        return {} if value == [] else None
    named = {_name(each) or str(at): each for at, each in enumerate(value)}
    return named if len(named) == len(value) else {str(at): each for at, each in enumerate(value)}


def _name(noun: Mapping[str, Any]) -> str:
    return next((str(noun[key]) for key in KEYS if noun.get(key)), "")
