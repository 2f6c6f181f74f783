"""`$filter` of OData: comparisons of columns with values, joined by and, or, not and brackets, as a part of a WHERE."""

import re
from datetime import datetime
from typing import Any

import msgspec

from parvis.access_scope import Condition
from parvis.requests.lists.module_figures import ListCondition
from parvis_feeds.odata_model import MOMENT, NUMBER, STRING, WHOLE, EntitySet, Property

MOST_CHARACTERS, DEEPEST = 2000, 20
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<number>-?[0-9]{1,9}(?:\.[0-9]{1,15})?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[()]))"
)
COMPARED = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
Token = tuple[str, str]


class UnreadableFilter(ValueError):
    """What was given is no filter that can be answered here."""


def list_condition(given: str, filtered: EntitySet) -> ListCondition:
    """The filter as a condition over requests; `UnreadableFilter` for anything else."""
    if len(given) > MOST_CHARACTERS:
        raise UnreadableFilter(given[:80])
    reader = _Reader(_tokens(given), filtered)
    sql, values = reader.either(0)
    if reader.left:
        raise UnreadableFilter(given[:80])
    return ListCondition(f"({sql})", tuple(values))


def _tokens(given: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    text = given.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise UnreadableFilter(given[:80])
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        place = match.end()
    return found


class _Reader:
    """Reads from left to right; `and` binds more than `or`."""

    def __init__(self, tokens: list[Token], filtered: EntitySet) -> None:
        self.left = tokens[::-1]
        self._filtered = filtered

    def either(self, depth: int) -> Condition:
        return self._joined("or", lambda: self._joined("and", lambda: self._term(depth)))

    def _joined(self, word: str, read: Any) -> Condition:
        parts, values = [], list[Any]()
        while True:
            sql, more = read()
            parts.append(sql)
            values += more
            if self._next() != ("word", word):
                break
            self.left.pop()
        return (f"({f' {word.upper()} '.join(parts)})" if len(parts) > 1 else parts[0]), values

    def _term(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise UnreadableFilter("nested too deep")
        kind, text = self._take()
        if (kind, text) == ("word", "not"):
            sql, values = self._term(depth + 1)
            return f"NOT ({sql})", values
        if (kind, text) == ("sign", "("):
            sql, values = self.either(depth + 1)
            if self._take() != ("sign", ")"):
                raise UnreadableFilter(text)
            return f"({sql})", values
        column = self._filtered.property(text) if kind == "word" else None
        if column is None or not column.column:
            raise UnreadableFilter(text)
        return self._comparison(column)

    def _comparison(self, compared: Property) -> Condition:
        _, word = self._take()
        sign, column = COMPARED.get(word), compared.column
        kind, text = self._take()
        if sign is None:
            raise UnreadableFilter(word)
        if (kind, text) == ("word", "null"):
            if word not in ("eq", "ne"):
                raise UnreadableFilter(text)
            return f"{column} IS {'NOT ' if word == 'ne' else ''}NULL", []
        value = _value(kind, text, compared)
        if not compared.nullable:
            return f"({column} {sign} {{}})", [value]
        # In OData a comparison with nothing is false, or true for `ne`, and never unknown as in SQL.
        none = f"OR {column} IS NULL" if word == "ne" else f"AND {column} IS NOT NULL"
        return f"({column} {sign} {{}} {none})", [value]

    def _take(self) -> Token:
        if not self.left:
            raise UnreadableFilter("ends too soon")
        return self.left.pop()

    def _next(self) -> Token | None:
        return self.left[-1] if self.left else None


def _value(kind: str, text: str, compared: Property) -> Any:
    """A value of the type of its column."""
    if kind == "string" and compared.kind == STRING:
        words = text[1:-1].replace("''", "'")
        if "\x00" in words:
            raise UnreadableFilter("zero byte")
        return words
    if kind == "moment" and compared.kind == MOMENT:
        try:
            at = msgspec.convert(text, datetime)
        except msgspec.ValidationError as error:
            raise UnreadableFilter(text) from error
        if at.tzinfo is not None and 1900 <= at.year <= 2200:
            return at
    if kind == "number" and compared.kind == NUMBER:
        return float(text)
    if kind == "number" and compared.kind == WHOLE and "." not in text:
        return int(text)
    raise UnreadableFilter(text)
