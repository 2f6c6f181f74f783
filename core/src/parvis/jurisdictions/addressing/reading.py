"""The files of a town's places: addresses, crossings, places without a number, other names of all these."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import shapely

from parvis.jurisdictions.address_book import AddressBook
from parvis.jurisdictions.addresses import Address, StreetCrossing
from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.jurisdictions.addressing.houses import Houses
from parvis.jurisdictions.addressing.rows import (
    ADDRESS_COLUMNS,
    ALIAS_COLUMNS,
    CROSSING_COLUMNS,
    PLACE_COLUMNS,
    read_lines,
    read_rows,
)
from parvis.jurisdictions.assets import AssetLayer
from parvis.jurisdictions.plane import Plane
from parvis.jurisdictions.reading import Findings, did_you_mean
from parvis.jurisdictions.zones import Zone
from parvis_sdk.text import Text

ALIKE = 3  # things of one name from which the name tells none of them: `Banc`, `Lampadaire`


def read_address_book(
    findings: Findings,
    home: Path,
    plane: Plane,
    *,
    town: Text,
    zones: Iterable[Zone] = (),
    layers: Mapping[str, AssetLayer] | None = None,
) -> AddressBook:
    """All that the files of a town tell of its places; any of them may be missing."""
    houses = Houses(read_addresses(findings, home / "addresses.csv"))
    crossings = tuple(read_crossings(findings, home / "crossings.csv"))
    places = [*read_places(findings, home / "places.csv"), *named_assets((layers or {}).values())]
    streets = [street for one in crossings for street in (one.street, one.other_street)]
    known = {*houses.streets, *streets, *houses.places.values(), *(place.place for place in places)}
    zones = tuple(zones)

    def district(lon: float, lat: float) -> str:
        point = shapely.Point(lon, lat)
        return next((zone.name.fr for zone in zones if zone.geometry.intersects(point)), "")

    return AddressBook(
        houses,
        crossings,
        plane,
        town=f"{town.fr} {town.to('en')}",
        places=places,
        aliases=read_aliases(findings, home / "aliases.csv", known),
        district=district,
    )


def read_addresses(findings: Findings, path: Path) -> Iterator[Address]:
    """`addresses.csv`: number, street, lon, lat, and if known postal_code and place (the name of what stands there)."""
    for values, lon, lat in read_rows(findings, path, ADDRESS_COLUMNS, "street", ("postal_code", "place")):
        number, street, code, place = values
        code = f"{code[:3]} {code[3:]}".upper() if len(code) == 6 and " " not in code else code
        yield Address(number=number, street=street, lon=lon, lat=lat, postal_code=code, place=place)


def read_crossings(findings: Findings, path: Path) -> Iterator[StreetCrossing]:
    """`crossings.csv`: street, other_street, lon, lat."""
    for (street, other_street), lon, lat in read_rows(findings, path, CROSSING_COLUMNS, "other_street"):
        yield StreetCrossing(street=street, other_street=other_street, lon=lon, lat=lat)


def read_places(findings: Findings, path: Path) -> Iterator[FoundAddress]:
    """`places.csv`: name, lon, lat, and if there is one the address; for parks, squares, bridges."""
    for (name, address), lon, lat in read_rows(findings, path, PLACE_COLUMNS, "name", ("address",)):
        yield FoundAddress(text=address or name, lon=lon, lat=lat, place=name, kind="place")


def named_assets(layers: Iterable[AssetLayer]) -> Iterator[FoundAddress]:
    """The things of the town that have a name of their own, in each language."""
    by_name: dict[str, list[FoundAddress]] = defaultdict(list)
    for layer in layers:
        for asset in layer.assets:
            for name in dict.fromkeys((asset.name.fr, asset.name.to("en"))):
                found = FoundAddress(text=asset.name.fr, lon=asset.lon, lat=asset.lat, place=name, kind="place")
                by_name[name].append(found)
    for alike in by_name.values():
        if len(alike) < ALIKE:
            yield from alike


def read_aliases(findings: Findings, path: Path, known: Iterable[str]) -> dict[str, list[str]]:
    """`aliases.csv`: name as in the other files, alias: what people call it as well, one line each."""
    names = frozenset(known)
    aliases: dict[str, list[str]] = defaultdict(list)
    for line, (name, alias) in read_lines(findings, path, ALIAS_COLUMNS):
        if name not in names:
            line.wrong(f"'{name}' is no street or place of this town{did_you_mean(name, tuple(names))}")
        elif not alias:
            line.wrong("has no alias")
        else:
            aliases[name].append(alias)
    return dict(aliases)
