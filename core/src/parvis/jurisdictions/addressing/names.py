"""The names of a town that a search may find: streets, places, and what else people call them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.jurisdictions.addressing.houses import Houses
from parvis.jurisdictions.addressing.typed_address import joined_words_of_name, words_of_name
from parvis.jurisdictions.addressing.word_index import Parts, WordIndex
from parvis.text_normalisation import words_of

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
