"""Streets are drawn through the addresses along them."""

from math import hypot

import pytest

from parvis.jurisdictions.shapes import Plane
from parvis_address_search.streets import Spot, streets_through

PLANE = Plane(lon=-73.58, lat=45.52)
A_METRE = 1 / 111_320


def spots(street, points, numbers=None):
    """Points in metres from the middle of the map."""
    numbers = numbers or ["" for _ in points]
    return [
        Spot(street, number, -73.58 + x * A_METRE / 0.70067, 45.52 + y * A_METRE)
        for (x, y), number in zip(points, numbers, strict=True)
    ]


def ends(street):
    return [(PLANE.x(lon), PLANE.y(lat)) for lon, lat in (street.line[0], street.line[-1])]


def test_a_street_runs_between_its_houses_of_both_sides():
    houses = [(x, 12 if x % 200 else -12) for x in range(0, 1001, 100)]
    (street,) = streets_through(spots("Rue Droite", houses), PLANE)
    assert street.name == "Rue Droite"
    assert all(abs(y) < 8 for _, y in ends(street))
    assert hypot(*[a - b for a, b in zip(*ends(street), strict=True)]) == pytest.approx(1000, abs=5)


def test_a_street_that_bends_is_followed_by_its_numbers():
    corner = [(x, 0) for x in range(0, 600, 50)] + [(600, y) for y in range(0, 600, 50)]
    numbers = [str(10 * at) for at in range(1, len(corner) + 1)]
    (street,) = streets_through(spots("Rue Coudée", corner, numbers), PLANE)
    nearest_the_corner = min(hypot(PLANE.x(lon) - 600, PLANE.y(lat)) for lon, lat in street.line)
    assert nearest_the_corner < 80


def test_few_points_lie_as_the_long_streets_around_them():
    long = spots("Rue Longue", [(x, 0) for x in range(-700, 701, 100)])
    few = spots("Rue Courte", [(-100, 150), (100, 180)])
    short = next(street for street in streets_through([*long, *few], PLANE) if street.name == "Rue Courte")
    (_, y), (_, other) = ends(short)
    assert abs(y - other) < 6


@pytest.mark.parametrize(
    "points", [[(0, 0)], [(0, 0), (80, 0)], [(0, 0), (300, 400), (500, -300), (-200, 350)], [(0, 0), (0, 0)]]
)
def test_what_tells_of_no_line_gives_none(points):
    assert streets_through(spots("Rue Vague", points), PLANE) == ()


def test_two_points_that_contradict_the_neighbourhood_are_not_believed():
    long = spots("Rue Longue", [(x, 0) for x in range(-700, 701, 100)])
    askew = spots("Rue Oblique", [(0, 100), (200, 300)])
    assert [street.name for street in streets_through([*long, *askew], PLANE)] == ["Rue Longue"]
