"""In which language, on which screen, with or without scripts a scenario is walked: four ways that hold every pair.

Three things of two values each make eight combinations. The four below (an orthogonal array, L4) bring every language
together with every width, every language with scripts and without, and every width with scripts and without: a fault of
any one of them, or of any two together, is met. The first two are walked whole, with everything that the desk does; the
other two with the resident's part and no more of the desk than the resident waits for, which costs half.
"""

from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from .people import DESK, PHONE, People
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page


class Way(Struct, frozen=True, kw_only=True):
    """One combination, and how its people come and are called."""

    language: str
    width: int
    scripts: bool

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{'with' if self.scripts else 'without'}-scripts"

    @property
    def closely(self) -> bool:
        """Whether each page is looked at on the way: on the first of the four, where the tour’s checks can run."""
        return self == WHOLE[0]

    async def come(self, people: People, *, closely: bool = False) -> "Page":
        return await people.come(self.language, width=self.width, scripts=self.scripts, closely=closely)

    def say(self, name: str, *filled: str) -> str:
        return say(name, self.language, *filled)

    def email(self, who: str) -> str:
        return f"{who}.{self}@exemple.ca"


WHOLE = (Way(language="fr", width=PHONE, scripts=True), Way(language="en", width=PHONE, scripts=False))
RESIDENTS = (Way(language="en", width=DESK, scripts=True), Way(language="fr", width=DESK, scripts=False))

walked_whole = pytest.mark.parametrize("way", WHOLE, ids=str)
walked_by_residents = pytest.mark.parametrize("way", RESIDENTS, ids=str)
walked_in_four_ways = pytest.mark.parametrize("way", WHOLE + RESIDENTS, ids=str)


def missed_pairs() -> set[tuple[object, object]]:
    """The pairs of a language, a width and scripts or none that no way brings together."""
    values = (("fr", "en"), (PHONE, DESK), (True, False))
    wanted = {pair for two in combinations(values, 2) for pair in product(*two)}
    walked = [(way.language, way.width, way.scripts) for way in WHOLE + RESIDENTS]
    return wanted - {pair for way in walked for pair in combinations(way, 2)}
