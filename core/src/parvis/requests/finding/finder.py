"""Ranks request types by what was said, and tells which of the words led to each."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, structs

from parvis.requests.finding.hearing import SearchWord, hear
from parvis.requests.finding.vocabulary import BEGINNING, Shelf, Vocabulary, shelf_of
from parvis.requests.heart import Heart
from parvis_sdk.request_types import RequestType

Offered = tuple[tuple[str, int], ...]  # codes and versions: within one installation they say which types
TOGETHER = 0.6  # what a whole phrase adds to the words in it
AGAINST, ELSEWHERE = 1.5, 0.15  # what words of something else take away, and what is left of a service at least
LEAST, LEAST_SHARE = 0.35, 0.35  # what an answer must have, and what share of the best one, to be shown at all
SURE, SURE_SHARE = 0.76, 0.5  # from how much, and from what part of what was said, an answer is no mere guess
ENOUGH = 1.7  # so much is enough, whatever else a long story says


class Hit(Struct, frozen=True, kw_only=True):
    """A service that the words may mean: `because` of these, as typed; `score` orders, it means nothing alone."""

    kind: RequestType
    score: float
    sure: bool = False
    because: tuple[str, ...] = ()


class Finder:
    """The vocabulary of some request types, made once."""

    def __init__(self, types: Iterable[RequestType]) -> None:
        self.shelves = [shelf_of(kind) for kind in types]
        self.vocabulary = Vocabulary(self.shelves)
        self.one_word = math.log(1 + len(self.shelves))  # what a word is worth that a single service knows

    def find(self, typed: str, most: int = 8) -> tuple[Hit, ...]:
        """The services that the words may mean, likeliest first; none when no word says anything."""
        spoken = hear(typed)
        meant = {heard.word: self.vocabulary.meant(heard.word) for heard in spoken}
        spoken, meant = self._joined(spoken, meant)
        hits = [self._judged(shelf, spoken, meant) for shelf in self.shelves]
        best = max((hit.score for hit in hits), default=0.0)
        wanted = [hit for hit in hits if hit.score >= max(LEAST * self.one_word, best * LEAST_SHARE)]
        return tuple(sorted(wanted, key=lambda hit: (-hit.score, hit.kind.title.fr))[:most])

    def _joined(
        self, spoken: tuple[SearchWord, ...], meant: dict[str, dict[str, float]]
    ) -> tuple[tuple[SearchWord, ...], dict[str, dict[str, float]]]:
        """Two words that are one word of a service: "snow bank", "lamp post"."""
        pairs = [
            SearchWord(word=first.word + second.word, typed=f"{first.typed} {second.typed}")
            for first, second in pairwise(spoken)
            if first.word + second.word in self.vocabulary.rarity
        ]
        return (*spoken, *pairs), meant | {pair.word: {pair.word: 1.0} for pair in pairs}

    def _judged(self, shelf: Shelf, spoken: Sequence[SearchWord], meant: Mapping[str, Mapping[str, float]]) -> Hit:
        total, because = 0.0, []
        recognised: dict[str, float] = {}
        for heard in spoken:
            says = 0.0
            for word, likeness in meant[heard.word].items():
                recognised[word] = max(recognised.get(word, 0.0), likeness)
                if weight := shelf.words.get(word):
                    says = max(says, weight * likeness * self.vocabulary.rarity[word])
            if says:
                total += says
                because.append((says, heard.typed))
        total += self._together(shelf, recognised)
        if against := self._against(shelf, recognised):
            return Hit(kind=shelf.kind, score=max(total - against, total * ELSEWHERE))
        worth = self._worth(spoken, meant)
        sure = total >= ENOUGH * self.one_word or total >= max(SURE * self.one_word, worth * SURE_SHARE)
        strongest = max((says for says, _ in because), default=0.0)
        told = tuple(typed for says, typed in because if says >= strongest * 0.4)
        return Hit(kind=shelf.kind, score=total, sure=sure, because=told)

    def _together(self, shelf: Shelf, recognised: Mapping[str, float]) -> float:
        """The best of the phrases of which every word was said."""
        return max(
            (
                TOGETHER * sum(recognised[word] * shelf.words[word] * self.vocabulary.rarity[word] for word in phrase)
                for phrase in shelf.phrases
                if all(word in recognised for word in phrase)
            ),
            default=0.0,
        )

    def _against(self, shelf: Shelf, recognised: Mapping[str, float]) -> float:
        """What speaks against a service: the words of something that it is declared not to be for."""
        certain = {word for word, likeness in recognised.items() if likeness >= BEGINNING}
        return AGAINST * sum(
            self.vocabulary.rarity[word] for phrase in shelf.unlike if certain.issuperset(phrase) for word in phrase
        )

    def _worth(self, spoken: Sequence[SearchWord], meant: Mapping[str, Mapping[str, float]]) -> float:
        """What a service would get that every word speaks for."""
        rarity = self.vocabulary.rarity
        return sum(
            heard.weight * max((rarity[word] for word in meant[heard.word]), default=self.one_word) for heard in spoken
        )


class Finders(dict[Offered, Finder]):
    """Each made when words are first looked for among its types."""


def find_types(heart: Heart, types: Sequence[RequestType], typed: str, most: int = 8) -> tuple[Hit, ...]:
    """The services among `types` that the words may mean, likeliest first; none when no word says anything."""
    offered = tuple((kind.code, kind.version) for kind in types)
    finders = heart.of(Finders)
    if offered not in finders:
        finders[offered] = Finder(types)
    ours = {kind.code: kind for kind in types}  # a town may have its own variant of a type
    return tuple(structs.replace(hit, kind=ours[hit.kind.code]) for hit in finders[offered].find(typed, most))
