"""The `where` of a query: the SQL that ArcGIS takes, checked against the fields of a layer and turned into SQLite's.

Field names are those of the layer, a date is compared with a date, a text with a text: the rest is refused, as it is by
ArcGIS Server, whatever a database would have made of it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from .refusals import NO_GOOD, RequestRefused

WORDS = re.compile(
    r"""\s*(?:
    (?P<timestamp>(?:timestamp|date)\s+'[^']*')
    | (?P<text>N?'(?:[^']|'')*')
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign><>|!=|<=|>=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
MOMENTS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
COMPARISONS = {"=", "<>", "!=", "<", ">", "<=", ">="}
KEYWORDS = {"AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "BETWEEN"}

Bit = tuple[str, str]
Value = tuple[str, str]
"""An expression in SQLite's words, and what it is: text, number, date."""


def translated(where: str, kinds: Mapping[str, str]) -> tuple[str, list[str | float]]:
    """The condition in SQLite's words with its values; `kinds` says what each field is."""
    reading = _Reading(where, kinds)
    condition = reading.either()
    if reading.bits:
        raise _refused()
    return condition, reading.values


class _Reading:
    """One condition, read from left to right."""

    def __init__(self, where: str, kinds: Mapping[str, str]) -> None:
        self.bits = _split(where)
        self.fields = {name.lower(): (name, kind) for name, kind in kinds.items()}
        self.values: list[str | float] = []

    def either(self) -> str:
        parts = [self.all_of()]
        while self.take("OR"):
            parts.append(self.all_of())
        return f"({' OR '.join(parts)})"

    def all_of(self) -> str:
        parts = [self.one()]
        while self.take("AND"):
            parts.append(self.one())
        return f"({' AND '.join(parts)})"

    def one(self) -> str:
        if self.take("NOT"):
            return f"NOT {self.one()}"
        if self.take("("):
            inside = self.either()
            self.must("(", ")")
            return inside
        left, kind = self.value()
        if self.take("IS"):
            negated = "NOT " if self.take("NOT") else ""
            self.must("NULL", "NULL")
            return f"{left} IS {negated}NULL"
        negated = "NOT " if self.take("NOT") else ""
        if self.take("IN"):
            self.must("IN", "(")
            options = [self.like(kind)]
            while self.take(","):
                options.append(self.like(kind))
            self.must("IN", ")")
            return f"{left} {negated}IN ({', '.join(options)})"
        if self.take("BETWEEN"):
            low = self.like(kind)
            self.must("BETWEEN", "AND")
            return f"{left} {negated}BETWEEN {low} AND {self.like(kind)}"
        if self.take("LIKE"):
            if kind != "text":
                raise _refused()
            return f"{left} {negated}LIKE {self.like('text')}"
        sign = self.next()[1]
        if negated or sign not in COMPARISONS:
            raise _refused()
        return f"{left} {sign} {self.like(kind)}"

    def like(self, kind: str) -> str:
        """A value that can be compared with one of this kind."""
        words, found = self.value()
        if found != kind:
            raise _refused()
        return words

    def value(self) -> Value:
        kind, word = self.next()
        if kind == "number":
            return self.held(float(word) if "." in word else int(word)), "number"
        if kind == "text":
            text = word[word.index("'") + 1 : -1].replace("''", "'")
            return self.held(text), "text"
        if kind == "timestamp":
            return self.held(_moment(word[word.index("'") + 1 : -1])), "date"
        if kind == "name" and word.upper() in ("UPPER", "LOWER"):
            self.must(word, "(")
            inside = self.like("text")
            self.must(word, ")")
            return f"{word.upper()}({inside})", "text"
        if kind == "name" and word.upper() not in KEYWORDS:
            if word.lower() not in self.fields:
                raise RequestRefused(400, NO_GOOD, f"'Invalid field: {word}' parameter is invalid")
            name, is_of = self.fields[word.lower()]
            if is_of == "guid":
                return f'"{name}"', "text"
            return f'"{name}"', is_of
        raise _refused()

    def held(self, value: str | float) -> str:
        self.values.append(value)
        return "?"

    def next(self) -> Bit:
        if not self.bits:
            raise _refused()
        return self.bits.pop(0)

    def take(self, word: str) -> bool:
        if self.bits and self.bits[0][0] in ("name", "sign") and self.bits[0][1].upper() == word:
            self.bits.pop(0)
            return True
        return False

    def must(self, after: str, word: str) -> None:
        if not self.take(word):
            raise _refused()


def _split(where: str) -> list[Bit]:
    bits, at = [], 0
    where = where.rstrip()
    while at < len(where):
        found = WORDS.match(where, at)
        if found is None:
            raise _refused()
        kind = str(found.lastgroup)
        bits.append((kind, found[kind]))
        at = found.end()
    return bits


def _moment(text: str) -> int:
    """Milliseconds since 1970 of a literal, which is in UTC."""
    for form in MOMENTS:
        try:
            read = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return round(read.timestamp() * 1000)
    raise _refused()


def _refused() -> RequestRefused:
    return RequestRefused(400, NO_GOOD, "'where' parameter is invalid")
