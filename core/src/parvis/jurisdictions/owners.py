"""What is not the town's: roads of the province, poles of the power company, with whom to turn to instead."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Findings, Table, did_you_mean
from parvis.jurisdictions.shapes import Plane, read_shapes
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text


class Owner(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Someone else answers for these `types` (none = all) within `within_m` metres of `shapes` (none = everywhere).

    With `passed_on` the town takes the request all the same, and hands it on.
    """

    code: str
    name: Text
    link: str = ""
    phone: str = ""
    note: Text = Text(fr="")
    types: tuple[str, ...] = ()
    within_m: int = 0
    passed_on: bool = False
    shapes: tuple[BaseGeometry, ...] = ()

    def answers_for(self, type_code: str, point: Point) -> bool:
        if self.types and type_code not in self.types:
            return False
        return not self.shapes or any(shapely.dwithin(shape, point, self.within_m) for shape in self.shapes)


def read_owners(table: Table) -> tuple[Owner, ...]:
    """`owners.toml`: one table an owner, with `name`, `link`, `phone`, `note`, `types`, `within_m`, `passed_on`."""
    owners = []
    for code, entry in table.named_tables():
        owner = Owner(
            code=code,
            name=entry.text("name", required=True),
            link=entry.url("link"),
            phone=entry.string("phone"),
            note=entry.text("note"),
            types=entry.strings("types"),
            within_m=entry.number("within_m", 0, 500) or 0,
            passed_on=entry.yes("passed_on", default=False),
        )
        entry.close()
        if not owner.link and not owner.phone:
            entry.wrong("", "has no link and no phone", "add one of them")
        owners.append(owner)
    return tuple(owners)


def read_all_owners(table: Table, plane: Plane) -> tuple[Owner, ...]:
    """The owners of a town, with the shapes of `owners.geojson`."""
    owners, places = read_owners(table), table.file.with_name("owners.geojson")
    if places.is_file():
        owners = place_owners(table.findings, places, owners, plane)
    for owner in owners:
        if not owner.types and not owner.shapes:
            table.wrong(owner.code, "covers every request everywhere", "give it types, or shapes in owners.geojson")
    return owners


def place_owners(findings: Findings, path: Path, owners: tuple[Owner, ...], plane: Plane) -> tuple[Owner, ...]:
    """`owners.geojson`: points, lines or polygons with the property `owner`."""
    shapes: dict[str, list[BaseGeometry]] = {owner.code: [] for owner in owners}
    for properties, geometry in read_shapes(findings, path):
        code = properties.code("owner", required=True)
        if code and code not in shapes:
            near = did_you_mean(code, tuple(shapes))
            properties.wrong("owner", f"'{code}' is not an owner", f"name an owner of owners.toml{near}")
        elif code:
            flat = shapely.transform(geometry, plane.flat)
            shapely.prepare(flat)
            shapes[code].append(flat)
    return tuple(msgspec.structs.replace(owner, shapes=tuple(shapes[owner.code])) for owner in owners)


def first_owner(owners: Iterable[Owner], type_code: str, point: Point) -> Owner | None:
    return next((owner for owner in owners if owner.answers_for(type_code, point)), None)


OWNERS: TownFile[tuple[Owner, ...]] = TownFile(
    name="owners.toml", read=lambda table, around: read_all_owners(table, around.plane), usual=()
)


def owner_of(town: Jurisdiction, type_code: str, lon: float, lat: float) -> Owner | None:
    """The outside owner responsible for this type of request at this point; None when it is the town's."""
    return first_owner(OWNERS.of(town), type_code, Point(town.plane.x(lon), town.plane.y(lat)))
