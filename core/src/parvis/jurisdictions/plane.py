"""A flat map around one town: degrees turned into metres, good to a few centimetres over a town's width."""

from math import cos, hypot, radians
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from numpy import ndarray

METRES_PER_DEGREE = 111_320.0


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    lon: float
    lat: float

    def x(self, lon: float) -> float:
        return (lon - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))

    def y(self, lat: float) -> float:
        return (lat - self.lat) * METRES_PER_DEGREE

    def flat(self, coordinates: "ndarray") -> "ndarray":
        """An array of lon/lat pairs in metres; what `shapely.transform` wants."""
        scale = METRES_PER_DEGREE * cos(radians(self.lat)), METRES_PER_DEGREE
        return (coordinates - (self.lon, self.lat)) * scale


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """The distance on the ground of two points of one town, on a flat map: right to a few centimetres."""
    east = (other_lon - lon) * METRES_PER_DEGREE * cos(radians((lat + other_lat) / 2))
    north = (other_lat - lat) * METRES_PER_DEGREE
    return hypot(east, north)
