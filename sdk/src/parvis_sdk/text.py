"""Content shown to people, in each language of the town: titles, labels, help, states, messages."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

_NAMED = re.compile(r"\{(\w+)\}")


class Text(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words of content in several languages; French is always there.

    >>> Text(fr="Nid-de-poule", en="Pothole").to("en")
    'Pothole'
    >>> Text(fr="Nid-de-poule").to("en")
    'Nid-de-poule'
    """

    fr: str
    en: str = ""
    others: dict[str, str] = {}

    def to(self, language: str) -> str:
        """The words in `language` ("fr", "en", "fr-CA" ...), or the French ones where there are none."""
        code = language.partition("-")[0].lower()
        if code == "fr":
            return self.fr
        return (self.en if code == "en" else self.others.get(code, "")) or self.fr

    def format(self, **values: Any) -> "Text":
        """The same sentence with `{names}` filled in; a value that is a `Text` is said in each language, and one with
        decimals is written as each language writes it.

        >>> Text(fr="Indiquez {what}.", en="Enter {what}.").format(what=Text(fr="votre nom", en="your name")).en
        'Enter your name.'
        >>> Text(fr="Au moins {least}", en="At least {least}").format(least=0.5)
        Text(fr='Au moins 0,5', en='At least 0.5', others={})
        """
        return self.each(lambda words, language: fill(words, values, language))

    def each(self, change: Callable[[str, str], str]) -> "Text":
        """A new text made by `change(words, language)` from every language that is there."""
        others = {code: change(words, code) for code, words in self.others.items()}
        return Text(fr=change(self.fr, "fr"), en=change(self.en, "en") if self.en else "", others=others)

    @property
    def length(self) -> int:
        """The characters of the longest of its languages."""
        return max(map(len, (self.fr, self.en, *self.others.values())))

    def languages(self) -> tuple[str, ...]:
        """The languages in which this text exists, French first."""
        return ("fr", *(("en",) if self.en else ()), *self.others)


def fill(words: str, values: Mapping[str, Any], language: str) -> str:
    """`words` with each `{name}` replaced once; a name without a value stays as it is, so that nothing raises late."""
    if "{" not in words:
        return words

    def said(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        if isinstance(value, Decimal) and value.is_finite():
            return _in_signs_of(f"{value:,f}", language)  # with all its decimals: 75.00 is an amount
        if isinstance(value, float):
            return written(Decimal(str(value)), language)
        told = value.to(language) if isinstance(value, Text) else str(value)
        return told[:-1] if told.endswith(".") and words[found.end() :].startswith(".") else told  # "at 7:00 p.m."

    return _NAMED.sub(said, words)


def written(number: Decimal, language: str) -> str:
    """A number as a language writes it, without zeros that say nothing.

    >>> written(Decimal("-1234.50"), "fr"), written(Decimal("1234"), "en")
    ('-1\xa0234,5', '1,234')
    """
    if not number.is_finite():
        return str(number)
    plain = f"{number:,f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return _in_signs_of(plain, language)


def _in_signs_of(plain: str, language: str) -> str:
    return plain if language == "en" else plain.replace(",", "\u00a0").replace(".", ",")
