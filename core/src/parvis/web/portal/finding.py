"""From the words in the box "Que se passe-t-il ?" to the services they may mean, in either language, typos forgiven."""

import math
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from rapidfuzz import fuzz

from parvis.folding import words_of
from parvis_sdk.request_types import RequestType

TITLE, KEYWORD, THEME, SUMMARY = 1.0, 0.95, 0.5, 0.4
BEGINNING = 0.85  # how sure a word is that is only the beginning of another
LIKE = 80  # likeness in percent from which one word may be another misspelt
LEAST = 0.4  # share of the best answer below which an answer is left out
MOST_WORDS = 40
SAY_NOTHING = frozenset(
    words_of(
        "le la les un une des du de et ou en au aux dans sur sous par pour avec ce ces cette mon ma mes notre nos "
        "il elle ils elles je nous vous on ya est sont ai ont pas ne qui que the an of in on at to and or my our your "
        "is are was it its there this that with for not we"
    )
)
"""Words that stand in any sentence, about whatever."""


class Hit(Struct, frozen=True, kw_only=True):
    """A service that the words may mean; `score` orders, it means nothing alone."""

    kind: RequestType
    score: float


def find_types(types: Sequence[RequestType], typed: str, most: int = 8) -> tuple[Hit, ...]:
    """The services that the words may mean, likeliest first; none when no word says anything.

    A word counts for as much as it is rare among the services, so that "il y a un trou dans ma rue" is about the hole.
    """
    spoken = list(dict.fromkeys(word for word in words_of(typed) if len(word) > 1 or word.isdigit()))
    said = ([word for word in spoken if word not in SAY_NOTHING] or spoken)[:MOST_WORDS]
    shelves = [(kind, vocabulary(kind)) for kind in types]
    spread = Counter(word for _, words in shelves for word in words)
    typos = {word: best_guess(word, [words for _, words in shelves]) for word in said}
    hits = [Hit(kind=kind, score=score(said, words, typos, spread, len(shelves))) for kind, words in shelves]
    most_likely = max((hit.score for hit in hits), default=0.0)
    wanted = [hit for hit in hits if hit.score > 0 and hit.score >= most_likely * LEAST]
    return tuple(sorted(wanted, key=lambda hit: (-hit.score, hit.kind.title.fr))[:most])


def vocabulary(kind: RequestType) -> dict[str, float]:
    """Every word by which a service may be asked for, with the weight of the best place where it stands."""
    words: dict[str, float] = {}
    for weight, texts in (
        (TITLE, (kind.title,)),
        (KEYWORD, kind.keywords),
        (THEME, (kind.theme.title,)),
        (SUMMARY, (kind.summary,)),
    ):
        for text in texts:
            for word in words_of(f"{text.fr} {text.en}"):
                words.setdefault(word, weight)
    return words


def score(
    said: Sequence[str], words: dict[str, float], typos: dict[str, float], spread: Counter[str], services: int
) -> float:
    """What the words say about a service; a guess at a misspelt one counts only where no service has a better guess."""
    total = 0.0
    for word in said:
        found, likeness = nearest(word, words)
        if found and (likeness >= BEGINNING or likeness >= typos[word]):
            rarity = math.log(1 + services / spread[found])
            total += words[found] * likeness * rarity
    return total


def best_guess(word: str, shelves: Sequence[dict[str, float]]) -> float:
    """How sure the surest guess at a misspelt word is, over all services."""
    likenesses = (nearest(word, words)[1] for words in shelves)
    return max((likeness for likeness in likenesses if likeness < BEGINNING), default=0.0)


def nearest(word: str, words: dict[str, float]) -> tuple[str, float]:
    """The word of a service that was most likely meant, and how sure that is."""
    if word in words:
        return word, 1.0
    if len(word) < 3:
        return "", 0.0
    starting = [one for one in words if one.startswith(word) or (len(one) > 3 and word.startswith(one))]
    if starting:
        return max(starting, key=lambda one: (words[one], -abs(len(one) - len(word)))), BEGINNING
    close = [
        (fuzz.ratio(word, one), one)
        for one in words
        if abs(len(one) - len(word)) <= 2 and len(one) > 3 and (len(word) > 5 or one[0] == word[0])
    ]
    likeness, one = max(close, default=(0.0, ""))
    return (one, 0.75 * likeness / 100) if likeness >= LIKE else ("", 0.0)
