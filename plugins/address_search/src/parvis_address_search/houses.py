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
from parvis_address_search.columns import Columns, SomeTexts, Texts

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
    """All addresses in the order of their file, and by street and number, postal code, latitude."""

    def __init__(self, addresses: Iterable[Address] = (), columns: Columns | None = None) -> None:
        self.columns = columns if columns is not None else made_columns(addresses)
        kept = self.columns
        self.street, self.first, self.last, self.postal = (kept[name] for name in ("street", "first", "last", "postal"))
        self.lon, self.lat, self.letters = kept["lon"], kept["lat"], kept["letters"]
        self.order, self.starts = kept["order"], kept["starts"]
        self.by_latitude, self.latitudes = kept["by_latitude"], kept["latitudes"]
        self.by_postal, self.postal_starts = kept["by_postal"], kept["postal_starts"]
        self.streets = tuple(Texts(kept["street_ends"], kept["street_words"]))
        self.codes = Texts(kept["code_ends"], kept["code_words"])
        self.places = SomeTexts(kept["place_numbers"], Texts(kept["place_ends"], kept["place_words"]))
        self.written = SomeTexts(kept["written_numbers"], Texts(kept["written_ends"], kept["written_words"]))

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
            postal_code=self.codes[int(self.postal[at])],
            place=self.places.get(at) or "",
        )

    def number(self, at: int) -> str:
        written = self.written.get(at)
        return str(int(self.first[at])) if written is None else written

    def letter(self, at: int) -> str:
        return chr(self.letters[at]) if self.letters[at] else ""

    def on(self, street: int) -> NDArray[numpy.int32]:
        """The addresses of one street, by number."""
        return self.order[self.starts[street] : self.starts[street + 1]]

    def at_postal_code(self, begins: str) -> Iterator[int]:
        wanted = [at for at, code in enumerate(self.codes) if code.replace(" ", "").upper().startswith(begins)]
        found = [self.by_postal[self.postal_starts[at] : self.postal_starts[at + 1]] for at in wanted]
        yield from sorted(int(at) for each in found for at in each)

    def between_latitudes(self, least: float, most: float) -> NDArray[numpy.int32]:
        """The addresses from one latitude to another, in the order of their file."""
        ends = numpy.searchsorted(self.latitudes, (least, most))
        return numpy.sort(self.by_latitude[ends[0] : ends[1]])


def made_columns(addresses: Iterable[Address]) -> Columns:
    """The addresses taken apart, a column for each part, with the orders in which they are looked for."""
    street, first, last, postal, letters = array("i"), array("i"), array("i"), array("i"), array("B")
    lon, lat = array("d"), array("d")
    streets: dict[str, int] = {}
    codes: dict[str, int] = {"": 0}
    places: dict[int, str] = {}
    written: dict[int, str] = {}
    for at, one in enumerate(addresses):
        parts = civic(one.number)
        street.append(streets.setdefault(one.street, len(streets)))
        first.append(parts.first)
        last.append(parts.last)
        postal.append(codes.setdefault(one.postal_code, len(codes)))
        letters.append(ord(parts.letter) if parts.letter else 0)
        lon.append(one.lon)
        lat.append(one.lat)
        if one.place:
            places[at] = one.place
        if one.number != str(parts.first):
            written[at] = one.number
    whole = {"street": street, "first": first, "last": last, "postal": postal}
    kept: Columns = {name: numpy.array(each, dtype=numpy.int32) for name, each in whole.items()}
    kept |= {"lon": numpy.array(lon), "lat": numpy.array(lat), "letters": numpy.array(letters, dtype=numpy.uint8)}
    order = numpy.lexsort((kept["first"], kept["street"])).astype(numpy.int32)
    kept |= {"order": order, "starts": numpy.searchsorted(kept["street"][order], numpy.arange(len(streets) + 1))}
    by_postal = numpy.argsort(kept["postal"], kind="stable").astype(numpy.int32)
    starts = numpy.searchsorted(kept["postal"][by_postal], numpy.arange(len(codes) + 1))
    kept |= {"by_postal": by_postal, "postal_starts": starts}
    kept["by_latitude"] = by_latitude = numpy.argsort(kept["lat"], kind="stable").astype(numpy.int32)
    kept["latitudes"] = kept["lat"][by_latitude]
    for name, texts in (("street", Texts.of(streets)), ("code", Texts.of(codes))):
        kept |= {f"{name}_ends": texts.ends, f"{name}_words": texts.words}
    for name, some in (("place", SomeTexts.of(places)), ("written", SomeTexts.of(written))):
        kept |= {f"{name}_numbers": some.numbers, f"{name}_ends": some.texts.ends, f"{name}_words": some.texts.words}
    return kept


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
