"""Checks the texts of a declaration: both languages, the same placeholders, French typography."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.text import Text

RULES = (
    (re.compile(r"\w'\w|\w'$"), "a straight apostrophe, where ’ belongs"),
    (re.compile(r'"'), "straight quotation marks, where « » belong"),
    (re.compile(r"«(?!\u00a0|\u202f)"), "« without a no-break space after it"),
    (re.compile(r"(?<!\u00a0|\u202f)»"), "» without a no-break space before it"),
    (re.compile(r"(?<![\u00a0\u202f]):(?=\s|$)"), "a colon without a no-break space before it"),
    (re.compile(r"\.\.\."), "three dots, where … belongs"),
    (re.compile(r"(?<=\S) {2,}(?=\S)"), "two spaces in a row"),
    (re.compile(r"^\s|\s$"), "a space at one end"),
)


def texts_in(thing: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in a declaration, with its path."""
    if isinstance(thing, Text):
        yield path, thing
    elif isinstance(thing, Struct):
        for name in thing.__struct_fields__:
            yield from texts_in(getattr(thing, name), f"{path}.{name}" if path else name)
    elif isinstance(thing, list | tuple):
        for place, member in enumerate(thing):
            label = getattr(member, "code", None) or getattr(member, "on", None) or str(place)
            yield from texts_in(member, f"{path}[{label}]")
    elif isinstance(thing, Mapping):
        for name, member in thing.items():
            yield from texts_in(member, f"{path}[{name}]")


def place_in(path: str) -> DeclarationMistake:
    """A mistake at the text of a path, so that its line can be found."""
    path = re.sub(r"\bmessages\[(\w+)\]", r"messages on '\1'", path)  # it is told by the step that it is sent on
    where = path.replace("[", "['").replace("]", "']").replace(".", " · ")
    return DeclarationMistake(where=where, what="", now_what="")


def missing_words(thing: Any, languages: tuple[str, ...] = ("fr", "en")) -> list[str]:
    """Each text that is missing in one of the languages."""
    return [
        f"{path}: no words in {language!r} ({words!r})" for path, language, words in missing_words_in(thing, languages)
    ]


def missing_words_in(thing: Any, languages: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """The path of each, the language, and the beginning of its French text."""
    for path, text in texts_in(thing):
        yield from ((path, language, text.fr[:40]) for language in languages if not _words(text, language).strip())


def unlike_placeholders(thing: Any) -> list[str]:
    """Each text whose placeholders differ between languages."""
    return [
        f"{path}: {', '.join(f'{code} has {sorted(given)}' for code, given in names.items())}"
        for path, names in unlike_names_in(thing)
    ]


def unlike_names_in(thing: Any) -> Iterator[tuple[str, dict[str, set[str]]]]:
    """The path of each, and the placeholders of each language."""
    for path, text in texts_in(thing):
        names = {language: set(re.findall(r"{(\w+)}", _words(text, language))) for language in text.languages()}
        if any(given != names["fr"] for given in names.values()):
            yield path, names


def misprints(thing: Any) -> list[str]:
    """Each French text that breaks a rule of Québec typography."""
    return [
        f"{path}: {what} in {text.fr!r}"
        for path, text in texts_in(thing)
        for rule, what in RULES
        if rule.search(re.sub(r"https?://\S+", "x", text.fr))
    ]


def _words(text: Text, language: str) -> str:
    return text.fr if language == "fr" else text.en if language == "en" else text.others.get(language, "")
