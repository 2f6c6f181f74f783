"""Listens for certain words in what somebody wrote: in any of their forms, in French or English, slips tolerated."""

from functools import lru_cache

from rapidfuzz import fuzz

from parvis.requests.finding import forms, said, sound
from parvis_sdk.text_normalisation import words_of

MOST_WORDS = 400  # of one text, the rest of which nobody listens to
SOUNDING = (4, 5)  # letters of the shorter and of the longer from which two words that sound the same are one
SPELT = 6  # letters from which a word may be misspelt
LIKE = 86  # likeness in percent: what sends a request elsewhere must be surer than what is only proposed
KNOWN = 50_000


class Ear:
    """Listens for some words or phrases; of a phrase each word must be said, in whatever order."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self.phrases = {each: frozenset(said(each) or words_of(each)) for each in wanted}
        self.words = tuple(sorted(frozenset().union(*self.phrases.values())))
        self.meant = lru_cache(maxsize=KNOWN)(self._meant)

    def hears(self, text: str) -> bool:
        return bool(text) and bool(self.heard_in(text))

    def heard_in(self, text: str) -> tuple[str, ...]:
        """Those of the words and phrases that were said."""
        heard = set[str]()
        for word in words_of(text)[:MOST_WORDS]:
            heard.update(self.meant(word))
        return tuple(each for each, words in self.phrases.items() if words and words <= heard)

    def _meant(self, word: str) -> tuple[str, ...]:
        return tuple(wanted for wanted in self.words if is_meant(word, wanted))


def is_meant(word: str, wanted: str) -> bool:
    """Whether a word that was written is the wanted one: itself, another form of it, or a slip away.

    >>> is_meant("lampadere", "lampadaire"), is_meant("fruit", "fuite"), is_meant("egouts", "egout")
    (True, False, True)
    """
    if word == wanted or not forms(word).isdisjoint(forms(wanted)):
        return True
    shorter, longer = sorted((len(word), len(wanted)))
    if shorter >= SOUNDING[0] and longer >= SOUNDING[1] and sound(word) == sound(wanted):
        return True
    if shorter < SPELT:
        return False
    return word[0] == wanted[0] and fuzz.ratio(word, wanted) >= LIKE


@lru_cache(maxsize=256)
def ear_for(wanted: tuple[str, ...]) -> Ear:
    return Ear(wanted)
