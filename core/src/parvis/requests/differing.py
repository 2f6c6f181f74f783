"""What two people made of one request at the same time, field by field: as it was, as it was saved, as it is typed."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from parvis.requests.history import Entry


class Difference(Struct, frozen=True, kw_only=True):
    """One field that somebody else saved differently; `both` when the person who types has changed it as well."""

    code: str
    saved: Any
    typed: Any
    both: bool


def before(news: Iterable[Entry], name: str, now: Any) -> Any:
    """What the thing of this name was before these entries, the oldest first; `now` where none of them changed it."""
    for entry in news:
        held = (entry.personal or {}).get("before") or entry.body.get("before")
        if isinstance(held, Mapping) and name in held:
            return held[name]
    return now


def weigh(
    was: Mapping[str, Any], saved: Mapping[str, Any], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Difference, ...]]:
    """What a form holds for its next try, and where it differs from what was saved.

    What only the other person changed is taken over; what is typed stays wherever it says something of its own.

    >>> held, differences = weigh({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 1, "b": 3})
    >>> held, [(one.code, one.both) for one in differences]
    ({'a': 2, 'b': 3}, [('a', False), ('b', True)])
    """
    held, differences = dict(typed), []
    for code in {**typed, **saved}:
        theirs, mine = saved.get(code), typed.get(code)
        if theirs in (mine, was.get(code)):
            continue
        both = mine != was.get(code)
        differences.append(Difference(code=code, saved=theirs, typed=mine, both=both))
        if not both:
            held[code] = theirs
    return held, tuple(differences)
