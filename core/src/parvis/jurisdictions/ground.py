"""What lies on the ground and is drawn under every map: streets, parks, water; and whom to name for the data."""

from pathlib import Path

import msgspec
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.addresses import Street
from parvis.jurisdictions.reading import Findings, Table
from parvis.jurisdictions.shapes import AREAS, read_shapes
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text


def read_streets(findings: Findings, path: Path) -> tuple[Street, ...]:
    """`streets.geojson`: lines with the property `name`, for a town that has its own map of streets."""
    streets = []
    for properties, geometry in read_shapes(findings, path, ("LineString", "MultiLineString")):
        name = properties.string("name", required=True)
        parts = getattr(geometry, "geoms", (geometry,))
        streets += [Street(name=name, line=tuple((x, y) for x, y, *_ in part.coords)) for part in parts]
    return tuple(streets)


KINDS = ("park", "water", "built")


class Area(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A park, water or a large built thing; its name may be empty."""

    kind: str
    name: str
    geometry: BaseGeometry


class Ground(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`streets` is empty where the town gives none: an address search may then draw them."""

    areas: tuple[Area, ...] = ()
    streets: tuple[Street, ...] = ()
    credit: Text = Text(fr="")
    link: str = ""


def read_ground(findings: Findings, home: Path, table: Table) -> Ground:
    """`[map_data]` with `credit` and `link`; `areas.geojson` and `streets.geojson` where they are."""
    areas, streets = home / "areas.geojson", home / "streets.geojson"
    ground = Ground(
        areas=read_areas(findings, areas) if areas.is_file() else (),
        streets=read_streets(findings, streets) if streets.is_file() else (),
        credit=table.text("credit"),
        link=table.url("link"),
    )
    table.close()
    return ground


def read_areas(findings: Findings, path: Path) -> tuple[Area, ...]:
    """`areas.geojson`: polygons with `kind` (park, water or built) and, if known, `name`."""
    areas = []
    for properties, geometry in read_shapes(findings, path, AREAS):
        kind = properties.choice("kind", KINDS, "park")
        areas.append(Area(kind=kind, name=properties.string("name"), geometry=geometry))
    return tuple(areas)


GROUND = TownFile(
    name="[map_data]",
    read=lambda table, around: read_ground(table.findings, table.file.parent, table),
    usual=Ground(),
    always=True,
)
