"""A map of where a request is, drawn from the town's own files: its streets, parks, water, limits, and one layer."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import Any

import shapely
from msgspec import Struct
from shapely.geometry import LineString, Point, box, shape
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import Addresses
from parvis.jurisdictions.ground import GROUND, Ground
from parvis.jurisdictions.layers import LAYERS
from parvis_sdk.requests import Place
from parvis_typesetting.printable import printable

WIDE, HIGH = 800, 340
MARK, TOWN_LINE, STREET = "#c2410c", "#777777", "#ffffff"
FILLS = {"park": "#d9e8cf", "water": "#c9dfee", "built": "#e3ded5"}
STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)  # metres that a scale may have
MOST_SCALE = 200  # of the width
LETTER = 7.2  # wide, of the size in which names are set
Pair = tuple[float, float]


class SiteMap(Struct, frozen=True, kw_only=True):
    """The map as SVG, the streets that it names, and how many metres its scale has."""

    drawn: bytes
    streets: tuple[str, ...]
    scale: int


class Frame(Struct, frozen=True, kw_only=True):
    """What is seen, in metres of the town's plane, and how large a metre is drawn."""

    west: float
    north: float
    metre: float

    @property
    def seen(self) -> BaseGeometry:
        return box(self.west, self.north - HIGH / self.metre, self.west + WIDE / self.metre, self.north)

    def at(self, x: float, y: float) -> Pair:
        """Where it lies on the drawing."""
        return (x - self.west) * self.metre, (self.north - y) * self.metre


class OnTheGround(Struct, frozen=True, kw_only=True):
    """What a town knows of its ground, in metres, and where of it to look."""

    lines: tuple[tuple[str, BaseGeometry], ...]
    areas: tuple[tuple[str, BaseGeometry], ...]
    tree: Any


def site_map(town: Jurisdiction, addresses: Addresses, place: Place, around: int, layer: str) -> SiteMap | None:
    """The map of a place; None where nobody knows its point. Blocks: call it in a thread."""
    spot = _spot(town, place)
    if spot is None:
        return None
    ground = _on_the_ground(GROUND.of(town), addresses, town)
    frame = _frame(spot.bounds, around)
    near = [ground.lines[at] for at in sorted(ground.tree.query(frame.seen))] if ground.lines else []
    limits = _flat(town, town.boundary)
    if not near:
        frame = _frame(limits.bounds, 0)  # no street is known: where in the town it is
    names: list[str] = []
    drawn = [
        f'<rect width="{WIDE}" height="{HIGH}" fill="#f1eee8"/>',
        *_areas(frame, ground.areas),
        *_limits(frame, limits),
        *_streets(frame, near, names),
        *_outlined(town, frame, place, layer),
        *_spots(frame, spot),
        *_scaled(frame),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="Libertinus Serif">'
    return SiteMap(drawn="".join([head, *drawn, "</svg>"]).encode(), streets=tuple(names), scale=_scale(frame))


def _spot(town: Jurisdiction, place: Place) -> BaseGeometry | None:
    if place.geometry is not None:
        return _flat(town, shape(place.geometry))
    if place.lon is None or place.lat is None:
        return None
    return _flat(town, Point(place.lon, place.lat))


def _flat(town: Jurisdiction, geometry: BaseGeometry) -> BaseGeometry:
    flat: BaseGeometry = shapely.transform(geometry, town.plane.flat)
    return flat


@lru_cache(maxsize=16)
def _on_the_ground(ground: Ground, addresses: Addresses, town: Jurisdiction) -> OnTheGround:
    streets = ground.streets or addresses.streets()
    lines = tuple((each.name, _flat(town, LineString(each.line))) for each in streets if len(each.line) > 1)
    areas = tuple((each.kind, _flat(town, each.geometry)) for each in ground.areas)
    return OnTheGround(lines=lines, areas=areas, tree=shapely.STRtree([line for _, line in lines]))


def _frame(bounds: tuple[float, float, float, float], around: int) -> Frame:
    """Around these edges, so many metres on each side at least, in the shape of the drawing."""
    west, south, east, north = bounds
    wide = max(east - west + 2 * around, (north - south + 2 * around) * WIDE / HIGH, 1.0)
    high = wide * HIGH / WIDE
    return Frame(west=(west + east - wide) / 2, north=(north + south + high) / 2, metre=WIDE / wide)


def _areas(frame: Frame, areas: Iterable[tuple[str, BaseGeometry]]) -> Iterator[str]:
    for kind, geometry in areas:
        if path := _path(frame, shapely.intersection(geometry, frame.seen)):
            yield f'<path d="{path}" fill="{FILLS.get(kind, FILLS["built"])}" fill-rule="evenodd"/>'


def _limits(frame: Frame, limits: BaseGeometry) -> Iterator[str]:
    if path := _path(frame, shapely.intersection(limits.boundary, frame.seen)):
        yield f'<path d="{path}" fill="none" stroke="{TOWN_LINE}" stroke-width="2" stroke-dasharray="9 5"/>'


def _streets(frame: Frame, near: Iterable[tuple[str, BaseGeometry]], names: list[str]) -> Iterator[str]:
    """Every line, then the name of each street once, on its longest straight part that is seen."""
    longest: dict[str, tuple[float, Pair, Pair]] = {}
    for name, line in near:
        seen = shapely.intersection(line, frame.seen)
        if path := _path(frame, seen):
            yield f'<path d="{path}" fill="none" stroke="{STREET}" stroke-width="9" stroke-linecap="round"/>'
        for start, end in _parts(frame, seen):
            length = hypot(end[0] - start[0], end[1] - start[1])
            if name and length > longest.get(name, (0.0,))[0]:
                longest[name] = length, start, end
    for name, (length, start, end) in sorted(longest.items()):
        if length >= LETTER * len(name):
            names.append(name)
            yield _named(name, start, end)


def _named(name: str, start: Pair, end: Pair) -> str:
    (x, y), (other_x, other_y) = sorted((start, end))
    turned = degrees(atan2(other_y - y, other_x - x))
    middle_x, middle_y = (x + other_x) / 2, (y + other_y) / 2
    where = f"translate({middle_x:.1f} {middle_y:.1f}) rotate({turned:.1f})"
    words = escape(printable(name))
    return f'<text transform="{where}" y="4" font-size="13" text-anchor="middle" fill="#333333">{words}</text>'


def _outlined(town: Jurisdiction, frame: Frame, place: Place, layer: str) -> Iterator[str]:
    """The area of a layer in which the place lies: its lot."""
    areas = LAYERS.of(town).get(layer)
    if areas is None or place.lon is None or place.lat is None:
        return
    at = next(areas.holding(place.lon, place.lat), None)
    if at is not None and (path := _path(frame, _flat(town, areas.shape(at)))):
        yield f'<path d="{path}" fill="{MARK}" fill-opacity="0.08" stroke="{MARK}" stroke-width="1.5"/>'


def _spots(frame: Frame, spot: BaseGeometry) -> Iterator[str]:
    if spot.geom_type == "Point":
        x, y = frame.at(*spot.coords[0])
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{MARK}" stroke="#ffffff" stroke-width="3"/>'
        return
    filled = "none" if "Line" in spot.geom_type else MARK
    yield (
        f'<path d="{_path(frame, spot)}" fill="{filled}" fill-opacity="0.3" stroke="{MARK}" stroke-width="3" '
        'fill-rule="evenodd"/>'
    )


def _scaled(frame: Frame) -> Iterator[str]:
    """How long so many metres are, and where north is."""
    metres = _scale(frame)
    length = metres * frame.metre
    said = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    yield f'<path d="M16 {HIGH - 20} v6 h{length:.1f} v-6" fill="none" stroke="#333333" stroke-width="1.5"/>'
    yield f'<text x="{22 + length:.1f}" y="{HIGH - 12}" font-size="13" fill="#333333">{said}</text>'
    yield f'<path d="M{WIDE - 24} 14 l8 26 l-8 -6 l-8 6 z" fill="#333333"/>'
    yield f'<text x="{WIDE - 24}" y="58" font-size="13" text-anchor="middle" fill="#333333">N</text>'


def _scale(frame: Frame) -> int:
    return max((each for each in STEPS if each * frame.metre <= MOST_SCALE), default=STEPS[0])


def _path(frame: Frame, geometry: BaseGeometry) -> str:
    """Its lines and edges as SVG says them."""
    drawn = []
    for ring, closed in _rings(geometry):
        points = (f"{x:.1f} {y:.1f}" for x, y in (frame.at(*pair[:2]) for pair in ring.coords))
        drawn.append(f"M{' L'.join(points)}{'Z' if closed else ''}")
    return "".join(drawn)


def _rings(geometry: BaseGeometry) -> Iterator[tuple[Any, bool]]:
    match geometry.geom_type:
        case "Polygon":
            for ring in (geometry.exterior, *geometry.interiors):  # type: ignore[attr-defined]
                if not ring.is_empty:
                    yield ring, True
        case "LineString" | "LinearRing":
            if not geometry.is_empty:
                yield geometry, False
        case "Point" | "MultiPoint":
            return
        case _:
            for part in geometry.geoms:  # type: ignore[attr-defined]
                yield from _rings(part)


def _parts(frame: Frame, geometry: BaseGeometry) -> Iterator[tuple[Pair, Pair]]:
    for ring, _ in _rings(geometry):
        points = [frame.at(*pair[:2]) for pair in ring.coords]
        yield from pairwise(points)
