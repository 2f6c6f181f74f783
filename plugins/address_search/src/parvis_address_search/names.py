"""The names of a town that a search may find, ranked by the words typed: half typed, misspelt, joined or apart."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.street_words import DIRECTIONS, SAYING_LITTLE
from parvis_address_search.houses import Houses
from parvis_address_search.spelling import sounds_of
from parvis_address_search.typed_address import Token, joined_words_of_name, words_of_name
from parvis_sdk.text_normalisation import words_of

LITTLE = 1.0  # the most that `rue` or `est` may count for, where a rare word counts for six
TOWN = 0.2  # the most that a word of the town's own name may count for
ASIDE = 0.3  # of the weight of a word that stands aside
UNKNOWN = 0.6  # of a rare word's weight: what a word found nowhere takes away
INITIAL = 0.6  # likeness of `J` to `Jeanne`
MISHEARD = 0.84  # likeness at least of words that sound the same
SWAPPED = 0.08  # what two letters that changed places take away less than a wrong letter
LOOKING = 0.4  # likeness of the letters under which words that sound the same are not the same
HEARD_TOO = 0.84  # the same for words that sound the same
KNOWN_TOO = 0.7  # likeness at most of another word where the one typed exists as well
COMPLETED = 0.9  # likeness at least of a word that the last one typed begins
MISBEGUN = 0.7  # likeness of a word of which the last one typed begins all but a letter
COVER = 0.3  # how much it counts that a name says nothing more than was typed
LOOKED_AT = 80  # names compared closely
ENOUGH = 0.45  # fit from which a name is an answer
MOST_BEGUN = 400
MOSTLY = 0.75
LEFT_OUT = SAYING_LITTLE - DIRECTIONS  # `rue`, `avenue`: an address is whole without them
Parts = tuple[str, ...]


class RankedName(msgspec.Struct, frozen=True):
    """A name that answers: how well (0 to 1), and what is to be told of the words.

    Some were mended or completed, some are not in the name, or the name says more than was typed.
    """

    entry: int
    fit: float
    mended: bool = False
    completed: bool = False
    missed: bool = False
    says_more: bool = False


class WordMatches(msgspec.Struct, frozen=True):
    """What one word typed may be, with likenesses: single words of the town, and words that it joins."""

    words: dict[str, float]
    joined: dict[Parts, float]

    def best_in(self, name: frozenset[str]) -> tuple[float, Parts]:
        likeness, word = max(((self.words.get(word, 0.0), word) for word in name), default=(0.0, ""))
        best: tuple[float, Parts] = (likeness, (word,))
        for parts, likeness in self.joined.items():
            if likeness > best[0] and name.issuperset(parts):
                best = (likeness, parts)
        return best

    @property
    def by_parts(self) -> Iterator[tuple[Parts, float]]:
        yield from (((word,), likeness) for word, likeness in self.words.items())
        yield from self.joined.items()


class WordIndex:
    """The names of a town by their words. An entry is the place of a name among those given."""

    def __init__(
        self, names: Sequence[Parts], joined: Iterable[tuple[str, Parts]], town: frozenset[str] = frozenset()
    ) -> None:
        """`town`: the words of the town's own name, typed after any address and telling nothing."""
        self.names = tuple(frozenset(words) for words in names)
        self.postings: dict[str, list[int]] = defaultdict(list)
        for entry, words in enumerate(self.names):
            for word in words:
                self.postings[word].append(entry)
        count = len(names) + 1
        self.weights = {
            word: min(weight, LITTLE) if word in SAYING_LITTLE else weight
            for word, entries in self.postings.items()
            if (weight := log(1 + count / len(entries)))
        }
        self.usual = log(1 + count / 3)
        self.town = town
        self.means: dict[str, dict[Parts, None]] = {word: {(word,): None} for word in self.postings}
        for word, parts in joined:
            self.means.setdefault(word, {})[parts] = None
        self.vocabulary = sorted(self.means)
        self.by_length: dict[int, list[str]] = defaultdict(list)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            if word.isalpha():
                self.by_length[len(word)].append(word)
                for sound in sounds_of(word):
                    self.by_sound[sound].append(word)
        self.near = lru_cache(maxsize=4096)(self._near)

    def rank(self, tokens: tuple[Token, ...], typing: bool = True) -> list[RankedName]:
        """The names that the words may mean, best first."""
        heard = [self.hear(token, typing and at == len(tokens) - 1) for at, token in enumerate(tokens)]
        weights = [self.weight_of(token, each) for token, each in zip(tokens, heard, strict=True)]
        gains = self.candidates(heard, weights)
        likeliest = sorted(gains, key=lambda entry: (-gains[entry], entry))[:LOOKED_AT]
        ranked = [self.compare(entry, tokens, heard, weights) for entry in likeliest]
        return sorted((one for one in ranked if one.fit >= ENOUGH), key=lambda one: (-one.fit, one.entry))

    def candidates(self, heard: list[WordMatches], weights: list[float]) -> dict[int, float]:
        """Names with a rare word of those typed, and how well they answer all of them at a first look."""
        for most in (max(40, len(self.names) // 20), len(self.names)):
            likenesses = [self.with_rare_words(near, most) for near in heard]
            if any(likenesses):
                break
        found = set().union(*likenesses)
        for best, near in zip(likenesses, heard, strict=True):
            for word, likeness in near.words.items():
                if len(self.postings[word]) > most:
                    for entry in found.intersection(self.postings[word]):
                        best[entry] = max(best.get(entry, 0.0), likeness)
        # among many names with a common word, the short ones are the likelier to be meant
        gains = {entry: 0.01 / len(self.names[entry]) for entry in found}
        for best, weight in zip(likenesses, weights, strict=True):
            for entry, likeness in best.items():
                gains[entry] += weight * likeness
        return gains

    def with_rare_words(self, heard: WordMatches, most: int) -> dict[int, float]:
        best: dict[int, float] = {}
        for parts, likeness in heard.by_parts:
            entries = min((self.postings[part] for part in parts), key=len)
            if len(entries) <= most:
                for entry in entries:
                    best[entry] = max(best.get(entry, 0.0), likeness)
        return best

    def compare(
        self, entry: int, tokens: tuple[Token, ...], heard: list[WordMatches], weights: list[float]
    ) -> RankedName:
        name = self.names[entry]
        gained = total = 0.0
        covered: dict[str, float] = {}
        mended = completed = missed = False
        for token, near, weight in zip(tokens, heard, weights, strict=True):
            likeness, parts = near.best_in(name)
            if not likeness and len(token.text) == 1 and any(word.startswith(token.text) for word in name):
                likeness, parts = INITIAL, ()
            if not likeness and token.needed:
                return RankedName(entry, 0.0)
            if not likeness and token.aside:
                continue
            total += weight
            gained += weight * likeness
            for part in parts:
                covered[part] = max(covered.get(part, 0.0), likeness)
            begun = 0 < likeness < 1 and any(part.startswith(token.text) for part in parts)
            completed |= begun
            mended |= 0 < likeness < 1 and not begun
            missed |= not likeness
        if not total or (SAYING_LITTLE.issuperset(covered) and not name.issubset(covered)):
            return RankedName(entry, 0.0)
        told = sum(self.weights[word] * likeness for word, likeness in covered.items())
        whole = sum(self.weights[word] for word in name)
        fit = gained / total * (1 - COVER + COVER * told / whole)
        says_more = any(word not in covered and word not in LEFT_OUT for word in name)
        return RankedName(entry, fit, mended, completed, missed, says_more)

    def weight_of(self, token: Token, heard: WordMatches) -> float:
        weight = self.usual * UNKNOWN * min(1.0, len(token.text) / 5)
        if all_parts := list(heard.by_parts):
            least = max(likeness for _, likeness in all_parts) - 0.08
            weight = max(sum(self.weights[part] for part in parts) for parts, like in all_parts if like > least)
        if token.text in self.town:
            return min(weight, TOWN)
        return weight * ASIDE if token.aside else weight

    def hear(self, token: Token, last: bool) -> WordMatches:
        """The words of the town that this one may be."""
        found: dict[Parts, float] = {}
        for place, meaning in enumerate(token.meanings):
            for parts, likeness in self.near(meaning, last and meaning == token.text):
                found[parts] = max(found.get(parts, 0.0), likeness if not place or likeness < 1 else 0.99)
        for word in token.joined:
            for parts in self.means.get(word, ()):
                found[parts] = max(found.get(parts, 0.0), 0.97)
        return WordMatches(
            {parts[0]: likeness for parts, likeness in found.items() if len(parts) == 1},
            {parts: likeness for parts, likeness in found.items() if len(parts) > 1},
        )

    def _near(self, word: str, last: bool) -> tuple[tuple[Parts, float], ...]:
        likeness: dict[str, float] = {}
        known = word in self.means
        if word.isalpha():
            self.add_misspelt(likeness, word)
            if known:
                likeness = {other: min(like, KNOWN_TOO) for other, like in likeness.items()}
            for same in [same for sound in sounds_of(word) for same in self.by_sound.get(sound, ())]:
                if (looks := alike(word, same)) > LOOKING:
                    like = HEARD_TOO if known else MISHEARD + 0.1 * looks
                    likeness[same] = max(likeness.get(same, 0.0), like)
        if len(word) > 2 - last:
            self.add_begun(likeness, word, last)
        if known:
            likeness[word] = 1.0
        found: dict[Parts, float] = {}
        for other, like in likeness.items():
            for parts in self.means[other]:
                found[parts] = max(found.get(parts, 0.0), like)
        return tuple(found.items())

    def add_begun(self, likeness: dict[str, float], word: str, last: bool) -> None:
        start = bisect_left(self.vocabulary, word)
        for other in self.vocabulary[start : start + MOST_BEGUN]:
            if not other.startswith(word):
                break
            share = len(word) / len(other)
            like = COMPLETED + (1 - COMPLETED) * share if last else COMPLETED * (0.75 + 0.25 * share)
            # words written together count when more than the first of them is typed
            if other.isalpha() and ((other,) in self.means[other] or share > MOSTLY):
                likeness[other] = max(likeness.get(other, 0.0), like)
        if last and len(word) > 4 and not likeness:
            first, after = bisect_left(self.vocabulary, word[0]), bisect_left(self.vocabulary, word[0] + "~")
            for other in self.vocabulary[first:after]:
                if len(other) > len(word) and OSA.distance(word, other[: len(word)], score_cutoff=1) <= 1:
                    likeness[other] = MISBEGUN

    def add_misspelt(self, likeness: dict[str, float], word: str) -> None:
        slips = slips_in(len(word))
        for length in range(len(word) - slips, len(word) + slips + 1) if slips else ():
            choices = self.by_length.get(length, ())
            for other, distance, _ in process.extract_iter(word, choices, scorer=OSA.distance, score_cutoff=slips):
                first = 0.0 if other[0] == word[0] else 0.06
                turned = SWAPPED * (sorted(other) == sorted(word))
                likeness[other] = 1 - 1.15 * distance / max(len(word), length) - first + turned


def alike(word: str, other: str) -> float:
    return float(OSA.normalized_similarity(word, other))


def slips_in(length: int) -> int:
    """How many letters may be wrong in a word of this length."""
    return 0 if length < 3 else 1 if length < 6 else 2 if length < 10 else 3


Aliases = Mapping[str, Sequence[str]]
AROUND_TOWNS = frozenset({"canada", "pq", "qc", "quebec", "ville", "mtl"})


class Leads(msgspec.Struct, frozen=True, kw_only=True):
    """Names with the index that ranks them. `to`: for each name, the number of the street or place that it leads to."""

    index: WordIndex
    to: tuple[int, ...]


class NameCollector:
    """Names while they are gathered."""

    def __init__(self) -> None:
        self.names: list[Parts] = []
        self.to: list[int] = []
        self.joined: dict[str, dict[Parts, None]] = defaultdict(dict)

    def add(self, name: str, to: int) -> None:
        if words := words_of_name(name):
            self.names.append(tuple(dict.fromkeys(words)))
            self.to.append(to)
            for word, parts in joined_words_of_name(name):
                if all(part in words for part in parts):
                    self.joined[word][parts] = None

    def leads(self, town: str) -> Leads:
        joined = ((word, parts) for word, many in self.joined.items() for parts in many)
        index = WordIndex(self.names, joined, frozenset(words_of(town)) | AROUND_TOWNS)
        return Leads(index=index, to=tuple(self.to))


class Streets:
    """The streets of a book, each once: spellings that differ in signs only are one street."""

    def __init__(self, names: Iterable[str], aliases: Aliases) -> None:
        self.names: list[str] = []
        self.known: dict[Parts, int] = {}
        self.gathering = NameCollector()
        for name in names:
            street = self.number(name)
            for alias in aliases.get(name, ()):
                self.gathering.add(alias, street)

    def number(self, name: str) -> int:
        """The number of a street in the book; a new one when it was not there yet."""
        words = words_of_name(name)
        known = self.known.get(words)
        if known is None:
            known = self.known[words] = len(self.names)
            self.names.append(name)
            self.gathering.add(name, known)
        return known


def place_leads(places: Sequence[FoundAddress], aliases: Aliases, town: str) -> Leads:
    gathering = NameCollector()
    for number, place in enumerate(places):
        for name in (place.place, *aliases.get(place.place, ())):
            gathering.add(name, number)
    return gathering.leads(town)


def place_names(houses: Houses) -> list[FoundAddress]:
    """The places that stand at addresses, as answers to their names."""
    found = []
    for at, name in houses.places.items():
        house = houses[at]
        found.append(
            FoundAddress(
                text=house.text,
                lon=house.lon,
                lat=house.lat,
                postal_code=house.postal_code,
                place=name,
                kind="place",
            )
        )
    return found
