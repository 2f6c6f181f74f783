"""A place told roughly is the same for every point around it, whichever way one looks, and gives nothing more away."""

import random

import pytest

from parvis.jurisdictions.shapes import metres_between
from parvis.requests.visibility import rounded


@pytest.mark.parametrize("precision", [50, 200, 1000])
def test_no_more_places_are_told_than_there_are_squares(precision):
    chance = random.Random(4)
    told = set()
    for _ in range(4000):
        told.add(rounded(-73.58 + chance.uniform(0, 0.02), 45.52 + chance.uniform(0, 0.02), precision))
    across = 0.02 * 111_320 * 0.7 / precision + 2
    up = 0.02 * 111_320 / precision + 2
    assert len(told) <= across * up


def test_the_longitude_told_does_not_depend_on_where_in_its_square_a_point_lies():
    lon, lat = rounded(-73.58, 45.52, 200)
    inside = [(lon + east, lat + north) for east in (-0.0005, 0, 0.0005) for north in (-0.0005, 0, 0.0005)]
    assert {rounded(*point, 200) for point in inside} == {(lon, lat)}


@pytest.mark.parametrize("precision", [50, 200])
def test_the_place_told_is_never_farther_than_the_square_is_wide(precision):
    chance = random.Random(5)
    for _ in range(500):
        lon, lat = -73.6 + chance.random() / 10, 45.5 + chance.random() / 10
        assert metres_between(lon, lat, *rounded(lon, lat, precision)) <= precision * 0.75
