"""A flat map around one town: degrees turned into metres, good to a few centimetres over a town's width."""

from math import cos, radians
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
