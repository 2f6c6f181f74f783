"""The zones of a town as a drawing: no tiles, no other host, only what the town itself has drawn."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import cos, radians
from typing import Any

import shapely
from msgspec import Struct
from shapely.geometry.base import BaseGeometry

from parvis.i18n import say
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.zones import Zone
from parvis_dashboards.figures import Line

SIZE = 500  # of the longer side
SMALLEST = 3.5  # what is nearer than this to a line is not drawn
LISTED = 5
FEW, MANY = 0.05, 0.15  # shares of what is open between which a zone is drawn more densely


class Outline(Struct, frozen=True, kw_only=True):
    """One zone: its path, and a point inside it for its number."""

    code: str
    path: str
    x: int
    y: int


class Ground(Struct, frozen=True, kw_only=True):
    """All zones of a town within one frame."""

    outlines: tuple[Outline, ...]
    width: int
    height: int


class Sector(Struct, frozen=True, kw_only=True):
    """One zone on the drawing; `rank` is its number in the list beside it, 0 where it is not listed.

    `level` is 0 where nothing is overdue, up to 3 where much of what is open is.
    """

    name: str
    outline: Outline | None
    line: Line | None
    level: int
    rank: int


class SectorMap(Struct, frozen=True, kw_only=True):
    """The zones as they are drawn, and those that are listed, where most is overdue first."""

    ground: Ground
    drawn: tuple[Sector, ...]
    listed: tuple[Sector, ...]


def sector_map(town: Jurisdiction, lines: Sequence[Line]) -> SectorMap | None:
    """What is overdue in each zone; None for a town without zones."""
    if not town.zones:
        return None
    ground, by_code = _ground(town.zones), {line.code: line for line in lines}
    worst = sorted(
        (line for line in lines if line.code and line.standing and town.zone(line.code)),
        key=lambda line: (-line.late, -line.standing, line.code),
    )
    ranks = {line.code: rank for rank, line in enumerate(worst[:LISTED], start=1)}
    outlines = {each.code: each for each in ground.outlines}
    sectors = {
        zone.code: _sector(zone, outlines.get(zone.code), by_code.get(zone.code), ranks.get(zone.code, 0))
        for zone in town.zones
    }
    return SectorMap(ground=ground, drawn=tuple(sectors.values()), listed=tuple(sectors[code] for code in ranks))


def _sector(zone: Zone, outline: Outline | None, line: Line | None, rank: int) -> Sector:
    share = line.late / line.standing if line and line.standing else 0.0
    level = 0 if not share else 1 if share < FEW else 2 if share < MANY else 3
    return Sector(name=say(zone.name), outline=outline, line=line, level=level, rank=rank)


@lru_cache(maxsize=64)
def _ground(zones: tuple[Zone, ...]) -> Ground:
    """Drawn once for the same zones: degrees are stretched to what they are on the ground."""
    west, south, east, north = shapely.total_bounds([zone.geometry for zone in zones])
    wide, high = (east - west) * cos(radians((south + north) / 2)), north - south
    each = SIZE / (max(wide, high) or 1)

    def flat(geometry: BaseGeometry) -> BaseGeometry:
        return shapely.transform(
            geometry, lambda points: (points - (west, north)) * (wide / ((east - west) or 1) * each, -each)
        )

    outlines = (_outline(zone.code, flat(zone.geometry)) for zone in zones)
    return Ground(outlines=tuple(outlines), width=round(wide * each) or 1, height=round(high * each) or 1)


def _outline(code: str, geometry: BaseGeometry) -> Outline:
    simple = geometry.simplify(SMALLEST)
    inside = geometry.representative_point()
    return Outline(code=code, path="".join(_rings(simple)), x=round(inside.x), y=round(inside.y))


def _rings(geometry: BaseGeometry) -> Iterator[str]:
    parts: Iterable[Any] = getattr(geometry, "geoms", (geometry,))  # polygons, as zones are nothing else
    for part in parts:
        for ring in (part.exterior, *part.interiors):
            points = [(round(x), round(y)) for x, y in ring.coords[:-1]]
            steps = "".join(
                f"{x - a} {y - b}" if x - a < 0 else f" {x - a} {y - b}" for (a, b), (x, y) in pairwise(points)
            )
            yield f"M{points[0][0]} {points[0][1]}l{steps.strip()}z" if steps else ""
