"""The address book of one town: addresses, crossings and named places, found by words or by a point."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy
from numpy.typing import NDArray

from parvis.jurisdictions.addresses import FoundAddress, Street
from parvis.jurisdictions.shapes import Plane
from parvis_address_search.addresses import Address, StreetCrossing
from parvis_address_search.houses import Corner, Corners, Houses
from parvis_address_search.names import Streets, place_leads, place_names
from parvis_address_search.searching import AddressSearch
from parvis_address_search.streets import Spot, streets_through
from parvis_address_search.typed_address import take_apart
from parvis_sdk.text_normalisation import words_of

APART_M = 150.0  # metres from which two addresses written the same are two addresses
MOST_DIGITS = 7  # of a civic number
STEP_M = 50.0  # metres that make no difference between two equally good answers


class AddressBook:
    """Read once, then only asked. `district` names the part of the town at a point, for addresses written alike."""

    def __init__(
        self,
        addresses: Sequence[Address],
        crossings: Sequence[StreetCrossing],
        plane: Plane,
        *,
        town: str = "",
        places: Sequence[FoundAddress] = (),
        aliases: Mapping[str, list[str]] | None = None,
        district: Callable[[float, float], str] = lambda lon, lat: "",
    ) -> None:
        self.addresses = addresses if isinstance(addresses, Houses) else Houses(addresses)
        self.plane = plane
        self.crossings = tuple(crossings)
        self.town, self.places, self.aliases, self.district = town, tuple(places), aliases or {}, district

    @cached_property
    def searching(self) -> AddressSearch:
        """The index, made for the first search: a host is up before, and towns that nobody visits cost little."""
        houses = self.addresses
        streets = Streets([*houses.streets, *streets_of(self.crossings)], self.aliases)
        corners = [Corner(streets.number(one.street), streets.number(one.other_street), one) for one in self.crossings]
        places = (*place_names(houses), *self.places)
        members = members_of(streets, houses)
        return AddressSearch(
            streets=tuple(streets.names),
            street_leads=streets.gathering.leads(self.town),
            places=places,
            place_leads=place_leads(places, self.aliases, self.town),
            houses=houses,
            corners=Corners(corners, houses, self.plane),
            members=members,
            districts=self.written_alike(members),
        )

    def flat(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        return self.plane.x(lon), self.plane.y(lat)

    def streets(self) -> tuple[Street, ...]:
        """Lines through the points that are known of each street."""
        return streets_through(self.spots(), self.plane)

    def spots(self) -> Iterator[Spot]:
        """Where streets pass."""
        for address in self.addresses:
            yield Spot(address.street, address.number, address.lon, address.lat)
        for crossing in self.crossings:
            yield Spot(crossing.street, "", crossing.lon, crossing.lat)
            yield Spot(crossing.other_street, "", crossing.lon, crossing.lat)

    def search(self, text: str, limit: int, near: tuple[float, float] | None = None) -> tuple[FoundAddress, ...]:
        """What the words may mean, the likeliest first; of equals those near a point, else the middle of the town."""
        typed = take_apart(text)
        x, y = self.flat(*(near or (self.plane.lon, self.plane.lat)))

        def metres(at: NDArray[Any]) -> NDArray[Any]:
            at_x, at_y = self.flat(self.addresses.lon[at], self.addresses.lat[at])
            return numpy.asarray(numpy.hypot(at_x - x, at_y - y))

        best: dict[str, tuple[float, FoundAddress]] = {}
        hits = list(self.searching.hits(typed, limit, metres))
        if not hits and typed.postal_code:
            hits = list(self.searching.at_postal_code(typed.postal_code, next(iter(typed.readings), None)))
        for score, found in hits:
            if found.text not in best or score > best[found.text][0]:
                best[found.text] = (score, found)

        def rank(hit: tuple[float, FoundAddress]) -> tuple[float, int, str]:
            score, found = hit
            at_x, at_y = self.flat(found.lon, found.lat)
            return -round(score, 3), int(numpy.hypot(at_x - x, at_y - y) / STEP_M), found.text

        return tuple(found for _, found in sorted(best.values(), key=rank)[:limit])

    @cached_property
    def spellings(self) -> dict[tuple[str, ...], list[int]]:
        """Each street of `addresses` by its words as they are written, `de la` with the others."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, street in enumerate(self.addresses.streets):
            found[words_of(street)].append(number)
        return dict(found)

    def exact(self, text: str) -> tuple[FoundAddress, ...] | None:
        """The addresses written just so, in no order; None unless a number and the whole name of a street are typed."""
        words = words_of(text)
        if len(words) < 2 or not words[0].isdecimal() or len(words[0]) > MOST_DIGITS:
            return None
        streets = self.spellings.get(words[1:])
        if streets is None:
            return None
        houses = self.addresses
        at = numpy.concatenate([on[houses.first[on] == int(words[0])] for on in map(houses.on, streets)])
        found = (self.searching.shown(int(one), "exact") for one in at)
        return tuple(one for one in found if words_of(one.text) == words)

    def nearest(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        """The address nearest to a point, with its distance."""
        x, y = self.flat(lon, lat)
        houses, degrees = self.addresses, within_m / self.plane.y(self.plane.lat + 1)
        at = houses.between_latitudes(lat - degrees, lat + degrees)
        at_x, at_y = self.flat(houses.lon[at], houses.lat[at])
        squares = (at_x - x) ** 2 + (at_y - y) ** 2
        if not len(squares) or not squares[best := int(squares.argmin())] <= within_m**2:
            return None
        return with_metres(self.searching.shown(int(at[best]), "exact"), float(squares[best]) ** 0.5)

    def nearest_crossing(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        """The crossing nearest to a point, with its distance."""
        x, y = self.flat(lon, lat)
        gaps = [
            ((self.plane.x(one.lon) - x) ** 2 + (self.plane.y(one.lat) - y) ** 2, place)
            for place, one in enumerate(self.crossings)
        ]
        square, place = min(gaps, default=(float("inf"), -1))
        if square > within_m**2:
            return None
        return with_metres(self.searching.corners.all[place].found, square**0.5)

    def written_alike(self, members: Iterable[NDArray[Any]]) -> dict[int, str]:
        """What tells apart the addresses of one street and number that lie apart: the district, or the postal code."""
        told: dict[int, str] = {}
        houses = self.addresses
        for at in members:
            repeated = at[:-1][houses.first[at[:-1]] == houses.first[at[1:]]]
            for number in dict.fromkeys(int(each) for each in houses.first[repeated]):
                same: dict[str, list[int]] = defaultdict(list)
                for one in at[houses.first[at] == number]:
                    same[houses[int(one)].text].append(int(one))
                for alike in same.values():
                    told |= self.apart(alike)
        return told

    def apart(self, alike: list[int]) -> dict[int, str]:
        houses = self.addresses
        x, y = self.flat(houses.lon[alike], houses.lat[alike])
        if len(alike) < 2 or numpy.hypot(x - x[0], y - y[0]).max() < APART_M:
            return {}
        named = {one: self.district(float(houses.lon[one]), float(houses.lat[one])) for one in alike}
        if len(set(named.values())) < 2 or not all(named.values()):
            named = {one: houses.codes[int(houses.postal[one])] for one in alike}
        return {one: name for one, name in named.items() if name}


def members_of(streets: Streets, houses: Houses) -> list[NDArray[Any]]:
    """The addresses of each street of the book, by number; spellings that are one street together."""
    parts: list[list[NDArray[Any]]] = [[] for _ in streets.names]
    for number, street in enumerate(houses.streets):
        parts[streets.number(street)].append(houses.on(number))
    members = []
    for each in parts:
        if len(each) == 1:  # as it lies in the column
            members.append(each[0])
            continue
        at = numpy.concatenate(each) if each else numpy.zeros(0, dtype=numpy.int32)
        members.append(at[numpy.argsort(houses.first[at], kind="stable")])
    return members


def streets_of(crossings: Sequence[StreetCrossing]) -> list[str]:
    return [street for one in crossings for street in (one.street, one.other_street)]


def with_metres(found: FoundAddress, metres: float) -> FoundAddress:
    return msgspec.structs.replace(found, metres=round(metres))
