"""The files of a town's places: addresses, crossings, places without a number, other names of all these."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

import shapely

from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.layers import AssetLayer
from parvis.jurisdictions.reading import Findings, did_you_mean
from parvis.jurisdictions.shapes import Plane, is_turned
from parvis.jurisdictions.zones import Zone
from parvis_address_search.address_book import AddressBook
from parvis_address_search.addresses import Address, StreetCrossing
from parvis_address_search.columns import columns_of, keep_columns, place_of
from parvis_address_search.houses import Houses
from parvis_sdk.text import Text

ADDRESS_COLUMNS = ("number", "street", "lon", "lat")
CROSSING_COLUMNS = ("street", "other_street", "lon", "lat")
PLACE_COLUMNS = ("name", "lon", "lat")
ALIAS_COLUMNS = ("name", "alias")
SHOWN_MISTAKES = 10
LARGE = 5_000_000  # bytes: of about a hundred thousand addresses; fewer take less than five megabytes in each process
Row = tuple[list[str], float, float]


def read_rows(
    findings: Findings, path: Path, columns: Sequence[str], needed: str, more: Sequence[str] = ()
) -> Iterator[Row]:
    """The values of `columns` without lon and lat, then those of `more` (empty where there are none), and the point."""
    at = [name for name in columns if name not in ("lon", "lat")].index(needed)
    for line, values in read_lines(findings, path, columns, more):
        trouble = ""
        lon = lat = 0.0
        try:
            lon, lat = float(values[-2]), float(values[-1])
        except ValueError:
            trouble = f"'{values[-2]}', '{values[-1]}' is not a longitude and a latitude"
        if not values[at]:
            trouble = f"has no {needed}"
        elif not trouble and not (abs(lon) <= 180 and abs(lat) <= 90):
            trouble = f"{lon}, {lat} is not on Earth in degrees"
        elif not trouble and is_turned(lon, lat, findings.home):
            trouble = f"{lon}, {lat} has latitude before longitude"
        if trouble:
            line.wrong(trouble)
        else:
            yield values[:-2], lon, lat


class Lines:
    """The place in a file, and the mistakes told of it: the first ones one by one, the others counted."""

    def __init__(self, findings: Findings, path: Path) -> None:
        self.findings, self.path = findings, path
        self.number = 0
        self.mistakes = 0

    def wrong(self, what: str) -> None:
        self.mistakes += 1
        if self.mistakes <= SHOWN_MISTAKES:
            self.findings.add(self.path, f"line {self.number}", what, "correct or remove the line")

    def close(self) -> None:
        if self.mistakes > SHOWN_MISTAKES:
            more = self.mistakes - SHOWN_MISTAKES
            self.findings.add(self.path, "", f"has {more} more such lines", "correct or remove them")


def read_lines(
    findings: Findings, path: Path, columns: Sequence[str], more: Sequence[str] = ()
) -> Iterator[tuple[Lines, list[str]]]:
    """Each line's values in the order `columns` without lon and lat, `more`, then lon and lat as text if asked for."""
    text = findings.text_of(path) if path.is_file() else None
    if text is None:
        return
    lines = Lines(findings, path)
    reader = csv.reader(io.StringIO(text))
    titles = [title.strip() for title in next(reader, [])]
    if missing := [name for name in columns if name not in titles]:
        findings.add(path, "line 1", f"has no column {', '.join(missing)}", f"name the columns {', '.join(columns)}")
        return
    point = [name for name in ("lon", "lat") if name in columns]
    wanted = [*(name for name in columns if name not in point), *more, *point]
    # one empty value more at the end of each row: what a column that is not there gives
    pick = itemgetter(*(titles.index(name) if name in titles else -1 for name in wanted))
    least, most = max(titles.index(name) for name in columns) + 1, len(titles) + 1
    for row in reader:
        lines.number = reader.line_num
        if len(row) >= least:
            row += [""] * max(1, most - len(row))
            yield lines, [*map(str.strip, pick(row))]
        elif row:
            lines.wrong("has too few columns")
    lines.close()


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
    houses = read_houses(findings, home / "addresses.csv")
    crossings = tuple(read_crossings(findings, home / "crossings.csv"))
    places = [*read_places(findings, home / "places.csv"), *named_assets((layers or {}).values())]
    streets = [street for one in crossings for street in (one.street, one.other_street)]
    known = {*houses.streets, *streets, *houses.places.texts, *(place.place for place in places)}
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


def read_houses(findings: Findings, path: Path) -> Houses:
    """The addresses of a town; those of a large one once for all processes, unless the file has mistakes to be told."""
    place = place_of(path) if path.is_file() and path.stat().st_size > LARGE else None
    if (kept := _kept_houses(place)) is not None:
        findings.opened.add(path)
        return kept
    mistakes = len(findings.mistakes)
    houses = Houses(read_addresses(findings, path))
    if place is None or len(findings.mistakes) > mistakes or place_of(path) != place:  # another file came meanwhile
        return houses
    return Houses(columns=keep_columns(place, houses.columns))


def _kept_houses(place: Path | None) -> Houses | None:
    kept = columns_of(place)
    try:
        return None if kept is None else Houses(columns=kept)
    except KeyError:  # a cleaner of caches took one of them
        return None


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
