"""Where streets run, told by the addresses along them: for maps of a town that gives no lines of its streets."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

import msgspec
import numpy
from numpy.typing import NDArray

from parvis.jurisdictions.addresses import Street
from parvis.jurisdictions.shapes import METRES_PER_DEGREE, Plane

Points = NDArray[numpy.float64]
SHORTEST = 150.0  # metres between its ends from which points tell where a street runs
STRAIGHT = 0.12  # of its length that points may stand aside from a line
LONG = 900.0  # metres from which a street shows how the others around it lie
AROUND = 2_000.0  # metres within which streets lie alike
ALIKE = 14.0  # degrees that chance may have turned a line that few points tell of
FEW = 4  # points below which a line that contradicts the streets around it is not believed
MANY = 12  # addresses from which a street may be seen to bend
BENT = 60.0  # metres that its points then stand aside from a straight line
FIRST_NUMBER = re.compile(r"\d+")


class Spot(NamedTuple):
    """A point known to lie on a street; the civic number is empty at a crossing."""

    street: str
    number: str
    lon: float
    lat: float


def streets_through(spots: Iterable[Spot], plane: Plane) -> tuple[Street, ...]:
    """A line through the points of each street: good enough to find one's way, not to measure by."""
    points = points_of(spots, plane)
    directions = long_ones(points)
    found = []
    for name, members in sorted(points.items()):
        line = line_through(members, directions)
        if line is not None:
            found.append(Street(name=name, line=tuple(place(plane, x, y) for x, y in line)))
    return tuple(found)


def points_of(spots: Iterable[Spot], plane: Plane) -> dict[str, Points]:
    """For each street its points in metres and their civic numbers (0 at a crossing), in order of the numbers."""
    rows: dict[str, set[tuple[float, float, float]]] = defaultdict(set)
    for spot in spots:
        number = FIRST_NUMBER.match(spot.number)
        rows[spot.street].add((plane.x(spot.lon), plane.y(spot.lat), float(number[0]) if number else 0.0))
    return {name: numpy.array(sorted(row, key=lambda each: each[2])) for name, row in rows.items()}


def line_through(members: Points, directions: Mapping[str, "Fit"]) -> Points | None:
    """The line of one street; None where its points lie in no line."""
    flat = members[:, :2]
    fit = fitted(flat)
    if fit.length < SHORTEST:
        return None
    numbered = members[members[:, 2] > 0]
    if len(numbered) >= MANY and fit.aside > BENT:
        return bent(numbered[:, :2])
    turned = turned_like_others(flat, fit, directions)
    return turned.line if turned and turned.aside <= STRAIGHT * turned.length else None


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """A straight line through points: its middle, its direction in degrees, its length, how far they stand aside."""

    x: float
    y: float
    angle: float
    ends: tuple[float, float]
    aside: float

    @property
    def length(self) -> float:
        return self.ends[1] - self.ends[0]

    @property
    def line(self) -> Points:
        across, up = cos(radians(self.angle)), sin(radians(self.angle))
        return numpy.array([(self.x + end * across, self.y + end * up) for end in self.ends])


def fitted(points: Points, angle: float | None = None) -> Fit:
    """The line that runs closest to the points, or the one in a given direction."""
    middle = points.mean(axis=0)
    rest = points - middle
    if angle is None:
        spread = numpy.linalg.svd(rest, full_matrices=False)[2][0] if len(points) > 1 else (1.0, 0.0)
        angle = degrees(atan2(float(spread[1]), float(spread[0]))) % 180
    along = rest @ numpy.array([cos(radians(angle)), sin(radians(angle))])
    aside = rest @ numpy.array([-sin(radians(angle)), cos(radians(angle))])
    return Fit(
        x=float(middle[0]),
        y=float(middle[1]),
        angle=angle,
        ends=(float(along.min()), float(along.max())),
        aside=float(numpy.sqrt((aside**2).mean())),
    )


def long_ones(points: Mapping[str, Points]) -> dict[str, Fit]:
    """The streets long and straight enough to show how a neighbourhood is laid out."""
    fits = {name: fitted(members[:, :2]) for name, members in points.items() if len(members) > 2}
    return {name: fit for name, fit in fits.items() if fit.length >= LONG and fit.aside < 0.03 * fit.length}


def turned_like_others(points: Points, fit: Fit, directions: Mapping[str, Fit]) -> Fit | None:
    """Few points on both sides of a street tell its direction badly: then it runs as the long ones around it do."""
    weight, turn, against = 0.0, 0.0, 0.0
    for other in directions.values():
        gap = (other.angle - fit.angle + 45) % 90 - 45  # along or across, as blocks are
        near = max(0.0, 1 - hypot(other.x - fit.x, other.y - fit.y) / AROUND) * other.length
        if abs(gap) > ALIKE:
            against += near
        else:
            weight, turn = weight + near, turn + near * gap
    if len(points) < FEW and against > weight:
        return None
    return fitted(points, fit.angle + turn / weight) if weight and fit.length < LONG else fit


def bent(points: Points) -> Points:
    """A street that bends, followed by its civic numbers: the middle of every few houses, both sides together."""
    few = max(4, len(points) // 40)
    return numpy.array([points[start : start + few].mean(axis=0) for start in range(0, len(points), few)])


def place(plane: Plane, x: float, y: float) -> tuple[float, float]:
    lon = plane.lon + x / (METRES_PER_DEGREE * cos(radians(plane.lat)))
    return round(float(lon), 5), round(float(plane.lat + y / METRES_PER_DEGREE), 5)
