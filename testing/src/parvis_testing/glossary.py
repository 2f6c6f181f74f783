"""The glossary as data, and a search for the words that it refuses."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term in one language; `refused` are the words that no text may use for it."""

    term: str
    meaning: str
    gender: str = ""
    plural: str = ""
    refused: tuple[str, ...] = ()


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    theme: str
    fr: Word
    en: Word


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase in which a refused word is allowed; `where` is the end of a file name, or empty for all."""

    language: Literal["fr", "en"]
    words: str
    reason: str
    where: str = ""


class Rewritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that was rewritten: as it was read and as it reads now, each with its file, and the words refused since.

    Without `refused`, all of `was` is refused. With `alone`, words are refused only as the whole of a text.
    """

    language: Literal["fr", "en"]
    was: str
    stood: str
    now: str
    where: str
    refused: tuple[str, ...] = ()
    alone: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return self.refused or (self.was,)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page may not do: what was seen, and what prevents it today."""

    seen: str
    held: str


class Docstring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A docstring that was rewritten, and the words that no docstring or comment may use since."""

    was: str
    now: str
    refused: tuple[str, ...] = ()


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rewritten: tuple[Rewritten, ...] = ()
    rule: tuple[Rule, ...] = ()
    docstring: tuple[Docstring, ...] = ()


class Glossary(msgspec.Struct, frozen=True):
    terms: Mapping[str, Term]
    allowed: tuple[Allowed, ...]
    wording: Wording = Wording()

    def refused_in(self, language: str, words: str, where: str = "") -> Iterator[re.Match[str]]:
        """The refused words in `words`; `where` is the file, relative to the repository."""
        for allowed in self.allowed:
            if allowed.language == language and where.endswith(allowed.where):
                words = _pattern((allowed.words,)).sub(lambda found: " " * len(found[0]), words)
        rewritten = [each for each in self.wording.rewritten if each.language == language]
        anywhere = [word for each in rewritten if not each.alone for word in each.words]
        anywhere += [word for term in self.terms.values() for word in getattr(term, language).refused]
        yield from _pattern(tuple(anywhere)).finditer(words)
        alone = tuple(word for each in rewritten if each.alone for word in each.words)
        if found := _pattern(alone).fullmatch(words.strip(" .!?:\n")):
            yield found

    def refused_in_code(self, words: str) -> Iterator[re.Match[str]]:
        """The words that docstrings and comments may not use."""
        return _pattern(tuple(word for each in self.wording.docstring for word in each.refused)).finditer(words)


def read_glossary(path: Path) -> Glossary:
    """The glossary, with the texts that were rewritten, which stand in `wording.toml` beside it."""
    told = msgspec.toml.decode(path.read_bytes())
    allowed = msgspec.convert(told.pop("allowed", []), tuple[Allowed, ...])
    wording = msgspec.toml.decode(path.with_name("wording.toml").read_bytes(), type=Wording)
    return Glossary(msgspec.convert(told, dict[str, Term]), allowed, wording)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Each as a whole, whatever spaces and capitals, in the singular and the plural."""
    each = (r"\s+".join(map(_in_both_numbers, word.split())) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)" if words else r"(?!)", re.IGNORECASE)


def _in_both_numbers(word: str) -> str:
    return re.escape(word) + ("(?:s|es|x)?" if len(word) > 3 else "")
