"""Sentences of the demo: an opening, a detail and an ending put together so that no two requests read alike."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from parvis_address_search.addresses import street_in_sentence
from parvis_sdk.text_normalisation import words_of

Lines = dict[str, Any]  # lines by part (opening, detail, resolved, question ...); `cases`: those that belong together
INTERNAL = ("note", "finding")  # what agents write for each other, in French
BEFORE_VOWEL = frozenset({"avenue", "allee", "autoroute", "esplanade", "impasse"})
MASCULINE = frozenset({"boulevard", "carre", "chemin", "croissant", "passage", "quai", "rang", "sentier", "square"})
DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """An address as a sentence needs it: `1033`, `rue Rachel Est`, `la rue Rachel Est`, `de la rue Rachel Est`."""

    address: str
    number: str
    street: str
    the: str
    of_the: str

    @classmethod
    def at(cls, address: str) -> "Spot":
        number, _, street = address.partition(", ")
        street = street_in_sentence(street)
        first = next(iter(words_of(street)), "")
        if first in BEFORE_VOWEL:
            the, of_the = f"l’{street}", f"de l’{street}"
        elif first in MASCULINE:
            the, of_the = f"le {street}", f"du {street}"
        else:
            the, of_the = f"la {street}", f"de la {street}"
        return cls(address=address, number=number, street=street, the=the, of_the=of_the)


@cache
def all_lines() -> dict[str, dict[str, dict[str, Lines]]]:
    """By plugin, type and language, from the files in `words/`, one a plugin."""
    paths = sorted((Path(__file__).parent / "words").glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that one story is told with, and what they say about the questions of the form."""

    kind: str
    language: str
    lines: dict[str, list[str]]
    facts: dict[str, Any]
    chance: Random

    def line(self, part: str) -> str:
        """One line of a part, nothing where nobody says anything."""
        return self.chance.choice(self.lines.get(part) or [""])


class Sentences:
    """Draws voices and sentences with one source of chance, and remembers which requests were already written."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.lines = {kind: lines for kinds in all_lines().values() for kind, lines in kinds.items()}
        self.written: set[str] = set()

    def voice(self, kind: str, language: str) -> Voice:
        french = self.lines[kind]["fr"]
        lines = {part: french.get(part, []) for part in INTERNAL} | self.lines[kind][language]
        case = self.chance.choice(lines.get("cases") or [{}])
        return Voice(
            kind=kind,
            language=language,
            lines={part: said for part, said in {**lines, **case}.items() if part not in ("cases", "facts")},
            facts=lines.get("facts", {}) | case.get("facts", {}),
            chance=self.chance,
        )

    def request(self, voice: Voice, spot: Spot, submitted: datetime) -> str:
        """What a person writes about this spot, not written before."""
        words = ""
        for _ in range(50):
            parts = [voice.line(part) for part in ("opening", "detail", "ending")]
            if self.chance.random() < 0.2:
                del parts[1]
            words = self.filled(" ".join(filter(None, parts)), voice.language, spot, submitted)
            if words not in self.written:
                break
        self.written.add(words)
        return words

    def filled(self, words: str, language: str, spot: Spot, submitted: datetime) -> str:
        day = DAYS[language][(submitted - timedelta(days=self.chance.randint(1, 4))).weekday()]
        return words.format(no=spot.number, la=spot.the, de=spot.of_the, street=spot.street, jour=day, day=day)
