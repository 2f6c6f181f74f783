"""The projections in which files of Québec are drawn, and which of them a file is in."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.cli.troubles import Unusable
from parvis.jurisdictions import Jurisdiction

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

DEGREES = "EPSG:4326"
USUAL = {
    "degrees": DEGREES,
    **{f"MTM{zone}": f"EPSG:{32180 + zone}" for zone in range(2, 11)},
    **{f"UTM{zone}": f"EPSG:{26900 + zone}" for zone in range(17, 21)},
    "Lambert": "EPSG:32198",
    "web": "EPSG:3857",
}
"""NAD83 as usually meant: that of CSRS, as EPSG:2950 for MTM 8, lies within two metres of it."""
SAMPLE = 500  # points from which a projection is found
NO_SUCH = "{name!r} is no projection: write one of {usual}, or an EPSG code such as EPSG:2950"


def projection_named(name: str) -> "CRS":
    """By its name here, an EPSG code, or WKT as .prj files have it; an error says what is known."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(USUAL.get(name, name))
    except CRSError:
        raise Unusable(NO_SUCH.format(name=name[:60], usual=", ".join(USUAL))) from None


def called(name: str) -> str:
    """How a projection is called in a sentence: its EPSG code where it has one, and its name."""
    found = projection_named(name)
    number = found.to_epsg(min_confidence=70)
    return f"EPSG:{number}, {found.name}" if number else found.name


def in_degrees(geometry: BaseGeometry, projection: str) -> BaseGeometry:
    """A shape in longitude and latitude (WGS84), without heights. What cannot be turned into them is infinite."""
    flat = shapely.force_2d(geometry)
    transformer = _transformer(projection)
    return flat if transformer is None else shapely.transform(flat, lambda pairs: _turned(transformer, pairs))


def _turned(transformer: "Transformer", pairs: Any) -> Any:
    return numpy.column_stack(transformer.transform(pairs[:, 0], pairs[:, 1]))


@cache
def _transformer(projection: str) -> "Transformer | None":
    from pyproj import Transformer

    given = projection_named(projection)
    plain = USUAL.get(projection, projection) == DEGREES
    return None if plain else Transformer.from_crs(given, DEGREES, always_xy=True)


def sample_of(shapes: Sequence[BaseGeometry]) -> Sequence[BaseGeometry]:
    """The middle of each of some shapes, in their own projection."""
    step = max(1, len(shapes) // SAMPLE)
    return [each.centroid for each in shapes[::step] if not each.is_empty]


def how_many_inside(town: Jurisdiction, points: Sequence[BaseGeometry], projection: str) -> int:
    """How many of these points a projection puts into the town."""
    if not points:
        return 0
    pairs = numpy.array([(each.x, each.y) for each in points])  # type: ignore[attr-defined]
    transformer = _transformer(projection)
    lon, lat = (pairs if transformer is None else _turned(transformer, pairs)).T
    return int(shapely.intersects_xy(town.boundary, lon, lat).sum())


def likeliest(town: Jurisdiction, points: Sequence[BaseGeometry]) -> str:
    """The usual projection that puts most of these points into the town; none where none puts any there."""
    best = max(USUAL, key=lambda each: how_many_inside(town, points, each))
    return best if how_many_inside(town, points, best) else ""
