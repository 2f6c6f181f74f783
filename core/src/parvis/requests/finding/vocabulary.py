"""The words by which each request type may be asked for: where they stand in its declaration says what they weigh."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from rapidfuzz import fuzz, process

from parvis.requests.finding.hearing import FAINT, SETTING, forms, said, sound
from parvis_sdk.fields import OneOf, SeveralOf
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

TITLE, KEYWORD, THEME, SUMMARY, ANSWER = 1.0, 0.95, 0.5, 0.45, 0.35
SAME, BEGINNING, SOUND, SPELLING = 0.95, 0.8, 0.75, 0.72  # how sure one is of a word that stands there otherwise
LIKE = 80  # likeness in percent from which one word may be another misspelt


class Shelf(Struct, frozen=True, kw_only=True):
    """What one request type answers to: words with their weight, phrases, and phrases that mean something else."""

    kind: RequestType
    words: dict[str, float]
    forms: dict[str, frozenset[str]]
    phrases: tuple[tuple[str, ...], ...]
    unlike: tuple[tuple[str, ...], ...]


def shelf_of(kind: RequestType) -> Shelf:
    words: dict[str, float] = {}
    known: dict[str, frozenset[str]] = {}
    for weight, text in texts_of(kind):
        for language, spoken in (("fr", text.fr), ("en", text.en)):
            for word in said(spoken):
                words[word] = max(words.get(word, 0.0), weight * (FAINT if word in SETTING else 1.0))
                known[word] = known.get(word, frozenset()) | forms(word, language)
    phrases = dict.fromkeys(phrase for text in (kind.title, *kind.keywords) for phrase in phrases_of(text))
    unlike = dict.fromkeys(phrase for text in kind.unlike for phrase in phrases_of(text))
    known |= {word: forms(word) for phrase in unlike for word in phrase if word not in known}
    told = tuple(one for one in phrases if len(one) > 1)
    return Shelf(kind=kind, words=words, forms=known, phrases=told, unlike=tuple(unlike))


def texts_of(kind: RequestType) -> Iterator[tuple[float, Text]]:
    yield TITLE, kind.title
    for keywords in kind.keywords:
        yield KEYWORD, keywords
    yield THEME, kind.theme.title
    yield SUMMARY, kind.summary
    for field in kind.form.fields():
        if isinstance(field, OneOf | SeveralOf):
            for option in field.options:
                yield ANSWER, option.label


def phrases_of(text: Text) -> Iterator[tuple[str, ...]]:
    """What stands between commas belongs together: all of it said in one sentence says more than its words."""
    for language in (text.fr, text.en):
        for part in language.split(","):
            if phrase := tuple(dict.fromkeys(said(part))):
                yield phrase


class Vocabulary:
    """All words of all shelves, arranged so that a word heard finds those it may be within a millisecond."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.shelves = shelves
        self.forms: dict[str, frozenset[str]] = {}
        for shelf in shelves:
            for word, stems in shelf.forms.items():
                self.forms[word] = self.forms.get(word, frozenset()) | stems
        self.known = sorted(self.forms)
        self.by_form: dict[str, list[str]] = defaultdict(list)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        for word in self.known:
            for form in self.forms[word]:
                self.by_form[form].append(word)
            self.by_sound[sound(word)].append(word)
        self.rarity = {word: self._rarity(word) for word in self.known}

    def _rarity(self, word: str) -> float:
        """A word that few services know says much: "trou" in "il y a un trou dans ma rue"."""
        family = self.family(word)
        spread = sum(max((shelf.words.get(one, 0.0) for one in family), default=0.0) for shelf in self.shelves)
        return math.log(1 + len(self.shelves) / max(spread, 1.0))

    def family(self, word: str) -> set[str]:
        """The known words that are the same word in another form."""
        return {word} | {one for form in self.forms[word] for one in self.by_form.get(form, ())}

    def meant(self, word: str) -> dict[str, float]:
        """The known words that may be meant, with how sure that is; guesses only where nothing is certain."""
        found = {one: SAME for form in forms(word) for one in self.by_form.get(form, ())}
        if word in self.rarity:
            found[word] = 1.0
        return found or {one: BEGINNING for one in self._beginnings(word)} or self._guesses(word)

    def _beginnings(self, word: str) -> Iterator[str]:
        if len(word) < 3:
            return
        at = bisect_left(self.known, word)
        while at < len(self.known) and self.known[at].startswith(word):
            yield self.known[at]
            at += 1
        for length in range(max(4, math.ceil(len(word) * 0.6)), len(word)):
            if word[:length] in self.rarity:
                yield word[:length]

    def _guesses(self, word: str) -> dict[str, float]:
        if len(word) < 4:
            return {}
        if alike := self.by_sound.get(sound(word)):
            return {one: SOUND for one in alike if len(one) > 3}
        if swapped := [one for one in _with_two_letters_swapped(word) if one in self.rarity]:
            return dict.fromkeys(swapped, SPELLING)
        close = process.extract(word, self.known, scorer=fuzz.ratio, score_cutoff=LIKE, limit=6)
        return {
            one: SPELLING * likeness / 100
            for one, likeness, _ in close
            if len(one) > 3 and (len(word) > 5 or one[0] == word[0])
        }


def _with_two_letters_swapped(word: str) -> Iterator[str]:
    """The commonest slip of fast fingers, which weighs too much in short words: "hoel" for "hole"."""
    for at in range(len(word) - 1):
        yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
