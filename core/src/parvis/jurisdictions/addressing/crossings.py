"""Where two streets cross: by the town's list of crossings, or between the nearest addresses of both."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy
from numpy.typing import NDArray

from parvis.jurisdictions.addresses import StreetCrossing, street_in_sentence
from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.jurisdictions.addressing.houses import Houses
from parvis.jurisdictions.plane import Plane

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
