"""Answers what a person typed with addresses, crossings and places of a town, the likeliest first."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy
from numpy.typing import NDArray

from parvis.jurisdictions.addresses import Fit, FoundAddress
from parvis_address_search.houses import Corners, Houses
from parvis_address_search.names import Leads, RankedName
from parvis_address_search.typed_address import AddressReading, Token, TypedAddress
from parvis_sdk.text_normalisation import words_of

CLOSE = 0.75  # answers less likely than this share of the likeliest are left out
ELSEWHERE = 0.78  # what is left of a street's fit where it has not the number asked for
NOT_NUMBERED = 0.8  # of a place's fit where a number was typed
BEGUN_NUMBER = 0.97
CROSSING = 0.12  # what a crossing gains when the words say that one is meant
NAMED_TOO = 0.04  # what an address gains when its postal code or district is typed as well
NEIGHBOURS = 3
SAME_STRETCH = 200  # numbers apart that are worth offering besides the nearest one
SURE = 0.7  # fit of a street from which a number typed with it cannot belong to the name of a place
STREETS = 12  # streets and places looked into
SPLIT_UNDER = 0.8  # fit of single names under which words without a sign between them may be two streets
LONGEST_SPLIT = 7
Hit = tuple[float, FoundAddress]
Metres = Callable[[NDArray[Any]], NDArray[Any]]  # how far addresses are from where somebody is


class AddressSearch(msgspec.Struct, frozen=True, kw_only=True):
    """What a search looks into. `members`: the addresses of each street of the book, by number."""

    streets: tuple[str, ...]
    street_leads: Leads
    places: tuple[FoundAddress, ...]
    place_leads: Leads
    houses: Houses
    corners: Corners
    members: list[NDArray[Any]]
    districts: dict[int, str]

    def hits(self, typed: TypedAddress, limit: int, metres: Metres) -> Iterator[Hit]:
        best = 0.0
        for readings in (typed.readings, typed.unlikely):
            for reading in readings if best < SURE else ():
                for score, found in self.on_names(reading, typed.postal_code, limit, metres):
                    best = max(best, score)
                    yield score, found
        if typed.crossing:
            bonus = CROSSING if typed.surely_crossing else 0.0
            yield from self.at_crossing(*typed.crossing, bonus=bonus)
            if not typed.crossing[1]:
                yield from self.at_split(typed.crossing[0], bonus)
        elif best < SPLIT_UNDER and typed.readings and not any(one.numbers for one in typed.readings):
            yield from self.at_split(typed.readings[-1].tokens, 0.0)

    def at_split(self, tokens: tuple[Token, ...], bonus: float) -> Iterator[Hit]:
        """Two streets named without a sign between them: `Rivard Mont-Royal`."""
        for at in range(1, len(tokens)) if len(tokens) <= LONGEST_SPLIT else ():
            yield from self.at_crossing(tokens[:at], tokens[at:], bonus)

    def on_names(self, reading: AddressReading, code: str, limit: int, metres: Metres) -> Iterator[Hit]:
        typing = not reading.number_last
        streets = self.street_leads.index.rank(reading.tokens, typing)
        words = {meaning for token in reading.tokens for meaning in token.meanings} if self.districts else set()
        for one in likeliest(streets):
            for gain, at, fit in self.on_street(self.street_leads.to[one.entry], reading, limit, metres):
                found = self.shown(at, fit_of(one) if fit == "exact" else fit, reading)
                too = bool(code) and found.postal_code.replace(" ", "").startswith(code)
                here = at in self.districts and bool(words & set(words_of(self.districts[at])))
                yield one.fit * gain + NAMED_TOO * (too + here), found
        if reading.numbers and streets and streets[0].fit > SURE:
            return
        for one in likeliest(self.place_leads.index.rank(reading.tokens, typing)):
            place = self.places[self.place_leads.to[one.entry]]
            yield one.fit * (NOT_NUMBERED if reading.numbers else 1.0), with_fit(place, fit_of(one))

    def on_street(
        self, street: int, reading: AddressReading, limit: int, metres: Metres
    ) -> Iterator[tuple[float, int, Fit]]:
        """Addresses of a street with what they keep of its fit: the number asked for, or its neighbours as such."""
        at = self.members[street]
        if not len(at):
            return
        if not reading.numbers:
            for one in at[numpy.argsort(metres(at), kind="stable")[:limit]]:
                numbered = bool(self.houses.first[one])
                yield 1.0 if numbered else 1.01, int(one), "completed" if numbered else "exact"
            return
        houses = self.houses
        first, last = houses.first[at], houses.last[at]
        for number in reading.numbers:
            same_side = (first - number) % 2 == 0
            hits = at[(first == number) | ((first < number) & (number <= last) & same_side)]
            if len(hits):
                for one in hits:
                    same = houses.letter(int(one)) == reading.letter and houses.first[one] == number
                    yield 1.0 if same else 0.99, int(one), "exact" if same else "corrected"
                return
        number = reading.numbers[0]
        if reading.number_last:
            begun = [int(one) for one in at if str(houses.first[one]).startswith(str(number))]
            for one in begun[:limit]:
                yield BEGUN_NUMBER, one, "completed"
        numbered = at[first > 0]
        gaps = numpy.abs(houses.first[numbered] - number)
        order = numpy.argsort(gaps + 5 * ((houses.first[numbered] - number) % 2), kind="stable")[:NEIGHBOURS]
        for rank, (one, gap) in enumerate(zip(numbered[order], gaps[order], strict=True)):
            if not rank or gap <= SAME_STRETCH:
                yield ELSEWHERE - 0.05 * min(1.0, gap / 2000), int(one), "near"

    def at_crossing(self, first: tuple[Token, ...], second: tuple[Token, ...], bonus: float) -> Iterator[Hit]:
        """Crossings of the streets that both sides may mean; of the first street when there is no second."""
        here = self.streets_like(first)
        if not second:
            for street, one in here.items():
                for corner in self.corners.of_street.get(street, ()):
                    yield one.fit * ELSEWHERE + bonus, with_fit(corner.found, "completed")
            return
        there = self.streets_like(second)
        known = False
        for a, one in here.items():
            for b, other in there.items():
                for corner in self.corners.between(a, b):
                    known = True
                    fit = max(fit_of(one), fit_of(other), key=("exact", "completed", "corrected").index)
                    yield (one.fit + other.fit) / 2 + bonus, with_fit(corner.found, fit)
        if not known:
            yield from self.guessed(here, there, bonus)

    def guessed(self, here: dict[int, RankedName], there: dict[int, RankedName], bonus: float) -> Iterator[Hit]:
        streets = self.streets
        for a, one in list(here.items())[:3]:
            for b, other in list(there.items())[:3]:
                found = a != b and self.corners.guessed((streets[a], streets[b]), self.members[a], self.members[b])
                if found:
                    yield (one.fit + other.fit) / 2 * ELSEWHERE + bonus, found

    def streets_like(self, tokens: tuple[Token, ...]) -> dict[int, RankedName]:
        found: dict[int, RankedName] = {}
        for one in self.street_leads.index.rank(tokens)[:STREETS]:
            found.setdefault(self.street_leads.to[one.entry], one)
        return found

    def at_postal_code(self, code: str, reading: AddressReading | None) -> Iterator[Hit]:
        """The addresses of a postal code; of its first half when only that is given or known."""
        for begins in (code, code[:3]):
            if found := list(self.houses.at_postal_code(begins)):
                break
        number = reading.numbers[0] if reading and reading.numbers else 0
        for at in found:
            fit: Fit = "exact" if begins == code else "near"
            same = bool(number) and int(self.houses.first[at]) == number
            yield 0.5 + 0.3 * same, self.shown(at, fit, reading)

    def shown(self, at: int, fit: Fit, reading: AddressReading | None = None) -> FoundAddress:
        house = self.houses[at]
        district = self.districts.get(at)
        return FoundAddress(
            text=f"{house.text} ({district})" if district else house.text,
            lon=house.lon,
            lat=house.lat,
            postal_code=house.postal_code,
            place=house.place,
            kind="address" if house.number else "street",
            fit=fit,
            asked=f"{reading.numbers[0]}{reading.letter.upper()}"
            if fit == "near" and reading and reading.numbers
            else "",
        )


def likeliest(ranked: list[RankedName]) -> list[RankedName]:
    return [one for one in ranked[:STREETS] if one.fit >= ranked[0].fit * CLOSE]


def fit_of(ranked: RankedName) -> Fit:
    if ranked.mended or ranked.missed:
        return "corrected"
    return "completed" if ranked.completed or ranked.says_more else "exact"


def with_fit(found: FoundAddress, fit: Fit) -> FoundAddress:
    return found if found.fit == fit else msgspec.structs.replace(found, fit=fit)
