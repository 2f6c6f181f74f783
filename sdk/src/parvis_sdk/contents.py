"""What a plugin shows on a page of the host, as data: headings, facts, tables, words, notices and links; never HTML.

    Facts(rows=(Fact(label=Text(fr="Numéro", en="Number"), value="BT-104"),))

The host draws each by its own templates: in the reader's language, in the brand of the town, accessibly. What stands in
them is escaped: a `<b>` is read as a `<b>`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from msgspec import Struct, structs

from parvis_sdk.cleaning import clean
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.text import Text

Tone = Literal["info", "ok", "warn", "bad"]
MOST_CONTENTS = 12  # of one panel
MOST_ON_A_PAGE = 40  # of a page
MOST_FACTS = 30
MOST_COLUMNS = 6
MOST_ROWS = 50  # of a table that are shown at once; a panel says how many others there are, a page turns to them
MOST_WORDS = 300  # characters of a label or a value
MOST_TEXT = 2000  # characters of words and notices
MOST_ADDRESS = 500
LARGEST = 10**15
YEARS = range(1900, 2200)
NOTHING_TURNED: Mapping[int, int] = {}
REFERENCE = re.compile(r"[0-9A-Za-z-]{6,20}")
ADDRESS = re.compile(r"https://[\w.~:/?#\[\]!$&'()*+,;=%-]+", re.ASCII)


class Amount(Struct, frozen=True, kw_only=True):
    """An amount in cents of Canadian dollars."""

    cents: int


class RequestReference(Struct, frozen=True, kw_only=True):
    """A request by its reference, shown as a link to people who may see it and as a dash to everybody else."""

    reference: str


Value = Text | str | int | date | datetime | Amount | RequestReference
"""A `str` is the same in each language: a name, a number of an order. A `datetime` is aware, and shown by the town's
clock."""


class Heading(Struct, frozen=True, kw_only=True):
    """What the contents that follow are about, up to the next heading."""

    text: Text


class Fact(Struct, frozen=True, kw_only=True):
    """One line of facts: what it is, and how it is here."""

    label: Text
    value: Value


class Facts(Struct, frozen=True, kw_only=True):
    """What is known, line by line."""

    rows: tuple[Fact, ...]


class Table(Struct, frozen=True, kw_only=True):
    """A table whose first column identifies its rows. `caption` is for screen readers.

    `more` is the number of rows left out, which the page mentions. On a page of a plugin, a table of more than
    `MOST_ROWS` rows is paginated: give all of its rows.
    """

    caption: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Value, ...], ...]
    more: int = 0


class Words(Struct, frozen=True, kw_only=True):
    """A paragraph; an empty line begins another one."""

    text: Text


class Notice(Struct, frozen=True, kw_only=True):
    """A highlighted sentence: information, success, warning or error."""

    text: Text
    tone: Tone = "info"


class Link(Struct, frozen=True, kw_only=True):
    """An https link to another system; the page names that system."""

    text: Text
    url: str

    @property
    def host(self) -> str:
        """The name of the system."""
        return urlsplit(self.url).hostname or ""


Content = Heading | Facts | Table | Words | Notice | Link
CONTENTS: tuple[type, ...] = get_args(Content)
VALUES: tuple[type, ...] = get_args(Value)

INSTEAD = Text(
    fr="c’est une valeur de type {given}, au lieu de {wanted}", en="it is a value of type {given} instead of {wanted}"
)
NO_WORDS = Text(fr="il n’y a pas de mots en français", en="there are no words in French")
TOO_MANY = Text(fr="leur nombre est {count}, et le plus est {most}", en="there are {count}; the most is {most}")
UNLIKE = Text(
    fr="la ligne a {count} cases pour {columns} colonnes", en="the row has {count} cells for {columns} columns"
)
TOO_LARGE = Text(fr="le nombre est trop grand", en="the number is too large")
NO_ZONE = Text(fr="le moment est sans fuseau horaire", en="the moment has no time zone")
FAR_OFF = Text(fr="l’année {year} est trop loin", en="the year {year} is too far off")
NOT_HTTPS = Text(
    fr="{url} n’est pas une adresse https d’un autre système", en="{url} is no https address of another system"
)
UNKNOWN_TONE = Text(fr="le ton {tone} est inconnu", en="the tone {tone} is unknown")
NO_REFERENCE = Text(fr="{reference} n’est pas le numéro d’une requête", en="{reference} is no reference of a request")
NOT_SHOWN = Text(fr="rien n’en est montré", en="nothing of it is shown")
SEE_NOUNS = Text(fr="voyez les noms de parvis_sdk.contents", en="see the nouns of parvis_sdk.contents")
SHORTEN = Text(
    fr="montrez-en moins, ou dites le reste dans un autre système", en="show fewer, or say the rest in another system"
)
SAY_IT = Text(fr="dites-le dans un Text", en="say it in a Text")


def content_mistakes(
    answer: Any, most: int = MOST_CONTENTS, turned: Mapping[int, int] = NOTHING_TURNED
) -> Iterator[DeclarationMistake]:
    """Every mistake for which contents cannot be rendered; methods of an author's own classes are never called.

    Types are compared exactly: a subclass could answer something else than it says. `turned` says of tables, by which
    content they are, how many rows lie before those that are shown.
    """
    if type(answer) not in (tuple, list):
        yield mistake("", instead(answer, "(Facts, Table …)"))
        return
    if len(answer) > most:
        yield mistake("", TOO_MANY.format(count=len(answer), most=most), SHORTEN)
    for number, content in enumerate(answer[:most], 1):
        where = f"content {number}"
        if type(content) not in CONTENTS:
            yield mistake(where, instead(content, " | ".join(each.__name__ for each in CONTENTS)))
            continue
        where = f"{where} ({type(content).__name__})"
        yield from (each.within(where) for each in _mistakes_of(content, turned.get(number, 0)))


def _mistakes_of(content: Any, before: int) -> Iterator[DeclarationMistake]:
    match content:
        case Facts():
            yield from _facts(content.rows)
        case Table():
            yield from table_mistakes(content, before)
        case Words() | Heading():
            yield from text_mistakes("text", content.text)
        case Notice():
            yield from text_mistakes("text", content.text)
            if content.tone not in get_args(Tone):
                yield mistake("tone", UNKNOWN_TONE.format(tone=repr(content.tone)[:40]))
        case Link():
            yield from text_mistakes("text", content.text)
            if not is_elsewhere(content.url):
                yield mistake("url", NOT_HTTPS.format(url=repr(content.url)[:80]))


def _facts(rows: Any) -> Iterator[DeclarationMistake]:
    yield from _listed("rows", rows, MOST_FACTS)
    for number, fact in enumerate(_some(rows, MOST_FACTS), 1):
        if type(fact) is not Fact:
            yield mistake(f"row {number}", instead(fact, "Fact"))
            continue
        yield from text_mistakes(f"row {number} · label", fact.label)
        yield from _value(f"row {number} · value", fact.value)


def table_mistakes(table: Table, before: int = 0) -> Iterator[DeclarationMistake]:
    """Everything for which a table cannot be rendered, from the row after `before` on."""
    yield from text_mistakes("caption", table.caption)
    yield from _listed("columns", table.columns, MOST_COLUMNS)
    columns = _some(table.columns, MOST_COLUMNS)
    for number, column in enumerate(columns, 1):
        yield from text_mistakes(f"column {number}", column)
    yield from _listed("rows", table.rows, LARGEST)
    if type(table.more) is not int or not 0 <= table.more < LARGEST:
        yield mistake("more", instead(table.more, "int"))
    for number, row in enumerate(_some(table.rows, before + MOST_ROWS)[before:], before + 1):
        yield from _listed(f"row {number}", row, MOST_COLUMNS)
        cells = _some(row, MOST_COLUMNS)
        if len(cells) != len(columns):
            yield mistake(f"row {number}", UNLIKE.format(count=len(cells), columns=len(columns)))
        for place, cell in enumerate(cells, 1):
            yield from _value(f"row {number} · column {place}", cell)


def text_mistakes(where: str, text: Any) -> Iterator[DeclarationMistake]:
    """What is wrong with words: they are a `Text` of plain strings, with some in French."""
    if type(text) is not Text:
        yield mistake(where, instead(text, "Text"))
    elif type(text.others) is not dict or not all(
        type(each) is str for each in (text.fr, text.en, *_pairs(text.others))
    ):
        yield mistake(where, INSTEAD.format(given="Text", wanted="Text(fr=str, en=str)"))
    elif not text.fr.strip():
        yield mistake(where, NO_WORDS)


def _value(where: str, value: Any) -> Iterator[DeclarationMistake]:
    if type(value) not in VALUES:
        yield mistake(where, instead(value, " | ".join(each.__name__ for each in VALUES)), SAY_IT)
    elif type(value) is Text:
        yield from text_mistakes(where, value)
    elif type(value) is RequestReference:
        if type(value.reference) is not str or not REFERENCE.fullmatch(value.reference):
            yield mistake(where, NO_REFERENCE.format(reference=repr(value.reference)[:40]))
    elif type(value) is Amount and type(value.cents) is not int:
        yield mistake(where, instead(value.cents, "int"))
    elif isinstance(value, int | Amount) and abs(value.cents if isinstance(value, Amount) else value) >= LARGEST:
        yield mistake(where, TOO_LARGE)
    elif isinstance(value, date) and value.year not in YEARS:
        yield mistake(where, FAR_OFF.format(year=value.year))
    elif isinstance(value, datetime) and value.tzinfo is None:
        yield mistake(where, NO_ZONE)


def is_elsewhere(url: Any) -> bool:
    """Whether this is an address of another system that a page may link to."""
    if type(url) is not str or len(url) > MOST_ADDRESS or not ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname)


def bounded(answer: Any, turned: Mapping[int, int] = NOTHING_TURNED) -> tuple[Content, ...]:
    """What is drawn of an answer without a mistake: clean words of a bounded length, and some rows of a table, the
    first ones or those after as many as `turned` says."""
    return tuple(_bounded(content, turned.get(number, 0)) for number, content in enumerate(answer, 1))


def _bounded(content: Any, before: int) -> Content:
    match content:
        case Facts():
            return Facts(rows=tuple(Fact(label=_short(each.label), value=_kept(each.value)) for each in content.rows))
        case Table():
            return bounded_table(content, before)
        case Heading():
            return Heading(text=_short(content.text))
        case Words() | Notice():
            return structs.replace(content, text=_short(content.text, MOST_TEXT))
        case _:
            return Link(text=_short(content.text), url=content.url)


def bounded_table(table: Table, before: int = 0) -> Table:
    """As many rows of a table as are shown at once, and how many others there are."""
    rows = tuple(tuple(_kept(cell) for cell in row) for row in table.rows[before : before + MOST_ROWS])
    return Table(
        caption=_short(table.caption),
        columns=tuple(_short(each) for each in table.columns),
        rows=rows,
        more=table.more + len(table.rows) - len(rows),
    )


def references_in(contents: tuple[Content, ...]) -> frozenset[str]:
    """The references of requests that these contents name."""
    values: list[Value] = []
    for each in contents:
        if isinstance(each, Facts):
            values += [row.value for row in each.rows]
        elif isinstance(each, Table):
            values += [cell for row in each.rows for cell in row]
    return frozenset(each.reference for each in values if isinstance(each, RequestReference))


def turned_to(answer: Any, leaves: Mapping[int, int]) -> dict[int, int]:
    """The number of rows of each table before the requested page, by its position; at most its last page."""
    given = answer if type(answer) in (tuple, list) else ()
    tables = {at: each.rows for at, each in enumerate(given, 1) if type(each) is Table and at in leaves}
    return {
        at: min(max(leaves[at] - 1, 0), max(len(rows) - 1, 0) // MOST_ROWS) * MOST_ROWS
        for at, rows in tables.items()
        if type(rows) in (tuple, list)
    }


def _kept(value: Any) -> Value:
    if type(value) is Text:
        return _short(value)
    if type(value) is datetime:
        return value.astimezone(UTC)
    return _cut(value, MOST_WORDS) if type(value) is str else value


def _short(text: Text, most: int = MOST_WORDS) -> Text:
    return text.each(lambda words, _: _cut(words, most))


def _cut(words: str, most: int) -> str:
    kept = clean(words[: most + 1])
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def _listed(where: str, rows: Any, most: int) -> Iterator[DeclarationMistake]:
    if type(rows) not in (tuple, list):
        yield mistake(where, instead(rows, "tuple"))
    elif len(rows) > most:
        yield mistake(where, TOO_MANY.format(count=len(rows), most=most), SHORTEN)


def _some(rows: Any, most: int) -> Any:
    return rows[:most] if type(rows) in (tuple, list) else ()


def _pairs(others: dict[str, str]) -> Iterator[str]:
    for code, words in others.items():
        yield from (code, words)


def instead(given: Any, wanted: str) -> Text:
    """The mistake of a value of another type."""
    return INSTEAD.format(given=type(given).__name__, wanted=wanted)


def mistake(where: str, what: Text, now_what: Text = SEE_NOUNS) -> DeclarationMistake:
    """A mistake in what is to be shown."""
    return DeclarationMistake(where=where, what=what, so_what=NOT_SHOWN, now_what=now_what)
