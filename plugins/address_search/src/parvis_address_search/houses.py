"""The civic addresses of a town in columns, and where its streets cross."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import msgspec
import numpy
from numpy.typing import NDArray

from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.shapes import Plane
from parvis_address_search.addresses import Address, StreetCrossing, street_in_sentence

CIVIC = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?\s*-?\s*([A-Za-z]?)\b")


class Civic(msgspec.Struct, frozen=True):
    """A civic number taken apart: `4815-4861` runs from one to the other, `1460-B` has a letter."""

    first: int
    last: int
    letter: str = ""


def civic(number: str) -> Civic:
    if number.isdecimal() and len(number) < 8:
        return Civic(int(number), int(number))
    match = CIVIC.match(number)
    if not match:
        return Civic(0, 0)
    first = int(match[1])
    return Civic(first, max(first, int(match[2] or first)), match[3].lower())


class Houses(Sequence[Address]):
    """All addresses in the order of their file, and by street and number."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        street, first, last, postal = array("i"), array("i"), array("i"), array("i")
        lon, lat = array("d"), array("d")
        streets: dict[str, int] = {}
        codes: dict[str, int] = {"": 0}
        self.places: dict[int, str] = {}
        self.letters: dict[int, str] = {}
        self.written: dict[int, str] = {}
        for at, one in enumerate(addresses):
            parts = civic(one.number)
            street.append(streets.setdefault(one.street, len(streets)))
            first.append(parts.first)
            last.append(parts.last)
            postal.append(codes.setdefault(one.postal_code, len(codes)))
            lon.append(one.lon)
            lat.append(one.lat)
            if one.place:
                self.places[at] = one.place
            if parts.letter:
                self.letters[at] = parts.letter
            if one.number != str(parts.first):
                self.written[at] = one.number
        self.streets, self.codes = tuple(streets), tuple(codes)
        columns = (numpy.array(each, dtype=numpy.int32) for each in (street, first, last, postal))
        self.street, self.first, self.last, self.postal = columns
        self.lon, self.lat = numpy.array(lon), numpy.array(lat)
        order = numpy.lexsort((numpy.arange(len(street)), self.first, self.street)) if len(street) else numpy.arange(0)
        self.order = order.astype(numpy.int32)
        self.starts = (
            numpy.searchsorted(self.street[self.order], numpy.arange(len(streets) + 1)) if len(street) else [0]
        )

    def __len__(self) -> int:
        return len(self.lon)

    @overload
    def __getitem__(self, at: int) -> Address: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Address]: ...
    def __getitem__(self, at: int | slice) -> Address | Sequence[Address]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        return Address(
            number=self.number(at),
            street=self.streets[self.street[at]],
            lon=float(self.lon[at]),
            lat=float(self.lat[at]),
            postal_code=self.codes[self.postal[at]],
            place=self.places.get(at, ""),
        )

    def number(self, at: int) -> str:
        written = self.written.get(at)
        return str(int(self.first[at])) if written is None else written

    def on(self, street: int) -> NDArray[numpy.int32]:
        """The addresses of one street, by number."""
        return self.order[self.starts[street] : self.starts[street + 1]]

    def at_postal_code(self, begins: str) -> Iterator[int]:
        wanted = [at for at, code in enumerate(self.codes) if code.replace(" ", "").upper().startswith(begins)]
        yield from (int(at) for at in numpy.flatnonzero(numpy.isin(self.postal, wanted)))


CLOSE_M = 70.0  # metres between two addresses, one on each street, from which the streets cross there
Pair = tuple[int, int]


class Corner(msgspec.Struct, frozen=True):
    """A crossing with the numbers of its streets in the book."""

    first: int
    second: int
    crossing: StreetCrossing

    @property
    def found(self) -> FoundAddress:
        at = self.crossing
        return FoundAddress(text=at.text, lon=at.lon, lat=at.lat, kind="crossing")


class Corners:
    """The crossings of a town by their streets."""

    def __init__(self, corners: Sequence[Corner], houses: Houses, plane: Plane) -> None:
        self.all = tuple(corners)
        self.houses = houses
        self.plane = plane
        self.of_street: dict[int, list[Corner]] = defaultdict(list)
        for corner in corners:
            self.of_street[corner.first].append(corner)
            if corner.second != corner.first:
                self.of_street[corner.second].append(corner)

    def between(self, first: int, second: int) -> Iterator[Corner]:
        for corner in self.of_street.get(first, ()):
            if {corner.first, corner.second} == {first, second}:
                yield corner

    def guessed(self, streets: Sequence[str], first: NDArray[Any], second: NDArray[Any]) -> FoundAddress | None:
        """The spot between the nearest addresses of two streets; none when they lie apart."""
        if not len(first) or not len(second):
            return None
        houses, plane = self.houses, self.plane
        scale_x, scale_y = plane.x(plane.lon + 1), plane.y(plane.lat + 1)
        gap_x = (houses.lon[first][:, None] - houses.lon[second][None, :]) * scale_x
        gap_y = (houses.lat[first][:, None] - houses.lat[second][None, :]) * scale_y
        gaps = gap_x * gap_x + gap_y * gap_y
        a, b = numpy.unravel_index(int(numpy.argmin(gaps)), gaps.shape)
        if gaps[a, b] > CLOSE_M * CLOSE_M:
            return None
        here, there = int(first[int(a)]), int(second[int(b)])
        return FoundAddress(
            text=" / ".join(street_in_sentence(street) for street in streets),
            lon=round(float(houses.lon[here] + houses.lon[there]) / 2, 6),
            lat=round(float(houses.lat[here] + houses.lat[there]) / 2, 6),
            kind="crossing",
            fit="near",
        )
