"""The projections in which files of Québec give points, and which of them a file is in."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import shapely

from parvis.jurisdictions import Jurisdiction

if TYPE_CHECKING:
    from pyproj import Transformer

DEGREES = "EPSG:4326"
USUAL = {
    "degrees": DEGREES,
    **{f"MTM{zone}": f"EPSG:{32180 + zone}" for zone in range(2, 11)},
    "UTM17": "EPSG:26917",
    "UTM18": "EPSG:26918",
    "UTM19": "EPSG:26919",
    "UTM20": "EPSG:26920",
    "Lambert": "EPSG:32198",
    "web": "EPSG:3857",
}
"""NAD83 as usually meant: that of CSRS lies within two metres of it."""
Point = tuple[float, float]


def in_degrees(x: float, y: float, projection: str) -> Point | None:
    """Longitude and latitude of a point of a projection, by its name here or its EPSG code; None where it has none."""
    code = USUAL.get(projection, projection)
    lon, lat = (x, y) if code == DEGREES else _transformer(code).transform(x, y)
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def likeliest(town: Jurisdiction, points: Sequence[Point]) -> str:
    """The projection that puts most of these points into the town; degrees where none puts any there."""

    def inside(projection: str) -> int:
        found = (in_degrees(x, y, projection) for x, y in points)
        return how_many_inside(town, (each for each in found if each))

    best = max(USUAL, key=inside)
    return best if inside(best) else "degrees"


def how_many_inside(town: Jurisdiction, points: Iterable[Point]) -> int:
    """How many of these points lie in the town."""
    known = list(points)
    if not known:
        return 0
    lons, lats = zip(*known, strict=True)
    return int(shapely.intersects_xy(town.boundary, lons, lats).sum())


def is_projection(name: str) -> bool:
    """Whether a projection is known by this name or EPSG code."""
    from pyproj.exceptions import ProjError

    try:
        return name in USUAL or bool(_transformer(name))
    except ProjError:
        return False


@cache
def _transformer(code: str) -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(code, DEGREES, always_xy=True)
