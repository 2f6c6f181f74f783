"""What is wrong with zones beside each other: parts that two share, parts of the town that none has, codes that go."""

from collections.abc import Collection, Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.zones import Zone, outside
from parvis_geodata.findings import Finding, found
from parvis_geodata.judging import Thing

SMALLEST = 100.0  # square metres: less is how lines were drawn
SLIVER = 0.01  # of the smaller zone; less is told, more refuses
WIDEST_SLIVER = 10.0  # metres: what vanishes when its edges move in by half of it is only how lines were drawn
MOST_GAPS = 50


def beside_each_other(
    town: Jurisdiction, zones: Sequence[Thing], accepted: Collection[str]
) -> Iterator[tuple[int, str, Finding]]:
    """Each finding with its row (0 where it is of none) and the code of its zone."""
    flat = [shapely.transform(each.shape, town.plane.flat) for each in zones]
    yield from _overlaps(zones, flat, accepted)
    yield from _gaps(town, flat)
    made = [Zone(code=each.code, name=each.name, geometry=each.shape) for each in zones]
    coming = {each.code: each for each in zones}
    for reach in outside(made, town.boundary, town.plane):
        shape = coming[reach.zone].shape
        part = shape.difference(town.boundary).area / shape.area
        yield coming[reach.zone].row, reach.zone, found("reaches_out", more=f"{part:.0%}")
    yield from _beside_today(town, coming)


def _overlaps(
    zones: Sequence[Thing], flat: Sequence[BaseGeometry], accepted: Collection[str]
) -> Iterator[tuple[int, str, Finding]]:
    tree = shapely.STRtree(list(flat))
    for first, one in enumerate(flat):
        for second in sorted(int(each) for each in tree.query(one, predicate="intersects") if each > first):
            shared = one.intersection(flat[second]).area
            if shared <= SMALLEST:
                continue
            part = shared / min(one.area, flat[second].area)
            code = "sliver" if part <= SLIVER else "overlap_accepted" if "overlaps" in accepted else "overlap"
            more = f"{shared:.0f} m², {part:.1%}"
            yield zones[second].row, zones[second].code, found(code, value=zones[first].code, more=more)


def _gaps(town: Jurisdiction, flat: Sequence[BaseGeometry]) -> Iterator[tuple[int, str, Finding]]:
    """Parts of the town that are in no zone, the largest first."""
    limits = shapely.transform(town.boundary, town.plane.flat)
    rest = shapely.difference(limits, shapely.union_all(list(flat)))
    parts = [each for each in shapely.get_parts(rest) if not each.buffer(-WIDEST_SLIVER / 2).is_empty]
    for each in sorted(parts, key=lambda part: -part.area)[:MOST_GAPS]:
        x, y = each.representative_point().coords[0]
        lon = town.plane.lon + x / town.plane.x(town.plane.lon + 1)
        lat = town.plane.lat + y / town.plane.y(town.plane.lat + 1)
        yield 0, "", found("gap", value=f"x {lon:.5f}, y {lat:.5f}", more=f"{each.area:.0f} m²")


def _beside_today(town: Jurisdiction, coming: dict[str, Thing]) -> Iterator[tuple[int, str, Finding]]:
    """Zones of today that go, and codes that mean somewhere else from now on."""
    for zone in town.zones:
        new = coming.get(zone.code)
        if new is None:
            yield 0, zone.code, found("goes", value=zone.name.fr)
        elif not new.shape.intersects(zone.geometry):
            yield new.row, zone.code, found("moved", value=zone.name.fr)
