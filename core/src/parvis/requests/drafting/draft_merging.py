"""Two hands in one draft: what each of them changed since both looked at it, put together so that neither loses any."""

from collections.abc import Mapping
from typing import Any

GONE: Any = object()
BY_CODE = ("answers", "requester", "by", "rows", "wrong")


def merged(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """My changes since `base` over theirs: part by part, answer by answer; of lists of files, what either added.

    >>> merged({"answers": {}}, {"answers": {"size": "large"}}, {"answers": {"danger": "no"}, "done": ["@place"]})
    {'answers': {'danger': 'no', 'size': 'large'}, 'done': ['@place']}
    """
    whole = dict(theirs)
    for name in [*mine, *(name for name in base if name not in mine)]:
        one, was, other = (each.get(name, GONE) for each in (mine, base, theirs))
        if name in BY_CODE and isinstance(one, Mapping) and isinstance(other, Mapping):
            whole[name] = merged(was if isinstance(was, Mapping) else {}, one, other)
        else:
            put(whole, name, settled(was, one, other))
    return whole


def settled(was: Any, one: Any, other: Any) -> Any:
    """One value: theirs where I changed nothing; of lists of words what either added and neither took; else mine."""
    if one == was:
        return other
    if is_words(one) and is_words(other):
        before = was if is_words(was) else []
        kept = [word for word in other if word in one or word not in before]
        return kept + [word for word in one if word not in kept and (word not in before or word in other)]
    return one


def is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def put(whole: dict[str, Any], name: str, value: Any) -> None:
    if value is GONE:
        whole.pop(name, None)
    else:
        whole[name] = value
