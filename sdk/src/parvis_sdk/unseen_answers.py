"""Merges answers from somebody who may not see all of them: hidden answers stay unchanged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from parvis_sdk.fields import AnyField, Group
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.standing_answers import those
from parvis_sdk.text import Text

Sees = Callable[[AnyField], bool]
_BOTH_AT_ONCE = Text(
    fr="Certaines réponses à «\u00a0{label}\u00a0» ne vous sont pas montrées. Changez d’abord des réponses, puis, à "
    "part, le nombre d’éléments.",
    en="Some answers to “{label}” are not shown to you. First change answers, then, apart, the number of items.",
)


def with_unseen(
    fields: tuple[AnyField, ...], sent: Mapping[str, Any], before: Mapping[str, Any], sees: Sees
) -> dict[str, Any] | Problems:
    """What is sent, with the stored answers of `before` to what its sender does not see, inside groups too."""
    raw, kept = dict(sent), raw_of(fields, before)
    for field in fields:
        if not sees(field):
            raw.pop(field.code, None)
            raw |= {field.code: kept[field.code]} if field.code in kept else {}
        elif isinstance(field, Group) and isinstance(raw.get(field.code), list | Mapping):
            items = _items(field, raw[field.code], before.get(field.code, ()), kept.get(field.code, ()), sees)
            if items is None:
                message = _BOTH_AT_ONCE.format(label=field.label)
                return Problems(found=(Problem(path=field.code, code="not_possible", message=message),))
            raw[field.code] = items
    return raw


def written_blind(fields: tuple[AnyField, ...], sent: Mapping[str, Any], sees: Sees) -> Iterator[tuple[str, AnyField]]:
    """The path of each answer that is sent to a question whose answer its sender does not see, inside groups too."""
    for field in fields:
        if field.code not in sent:
            continue
        if not sees(field):
            yield field.code, field
        elif isinstance(field, Group):
            items = sent[field.code]
            rows = items.items() if isinstance(items, Mapping) else enumerate(items) if isinstance(items, list) else ()
            for name, row in rows:
                if isinstance(row, Mapping):
                    yield from (
                        (f"{field.code}.{name}.{path}", each) for path, each in written_blind(field.fields, row, sees)
                    )


def _items(group: Group, sent: Any, before: Sequence[Any], kept: Sequence[Any], sees: Sees) -> Any:
    """The items sent, each with what is not seen of the one that it was; None where nobody can tell which that is."""
    rows: Mapping[Any, Any] = sent if isinstance(sent, Mapping) else dict(enumerate(sent))
    hidden = {each.code for each in group.fields if not sees(each)}
    if not hidden or not all(isinstance(row, Mapping) for row in rows.values()):  # refused by its reader
        return sent
    shown = {name: {code: value for code, value in row.items() if code not in hidden} for name, row in rows.items()}
    if isinstance(sent, Mapping):  # a page, which keeps the number of each
        was = {name: int(name) for name in rows if str(name).isdecimal() and int(name) < len(kept)}
    else:
        found = _same_items(list(shown.values()), [those(group.fields, item, sees) for item in before])
        if found is None:
            return None
        was = found
    whole = {
        name: row | ({code: kept[was[name]][code] for code in hidden & {*kept[was[name]]}} if name in was else {})
        for name, row in shown.items()
    }
    return whole if isinstance(sent, Mapping) else list(whole.values())


def _same_items(shown: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[int, int] | None:
    """The earlier item that each one is: the one that reads the same, then by order where as many are left."""
    was: dict[int, int] = {}
    left = list(range(len(before)))
    for number, row in enumerate(shown):
        alike = [each for each in left if before[each] == row]
        if alike:
            was[number] = min(alike, key=number.__ne__)
            left.remove(was[number])
    others = [number for number in range(len(shown)) if number not in was]
    if others and left and len(others) != len(left):
        return None
    return was | dict(zip(others, left, strict=False))
