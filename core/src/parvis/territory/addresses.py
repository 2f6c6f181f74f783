"""The civic addresses and crossings of a town, read from plain CSV files."""

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec

from parvis.folding import words_of
from parvis.territory.reading import Findings

ADDRESS_COLUMNS = ("number", "street", "lon", "lat")
CROSSING_COLUMNS = ("street", "other_street", "lon", "lat")
SHOWN_MISTAKES = 10
STREET_KINDS = frozenset({
    "allee", "autoroute", "avenue", "boulevard", "carre", "carrefour", "chemin", "circle", "cote", "cours", "crescent",
    "croissant", "drive", "esplanade", "impasse", "jardin", "montee", "parc", "passage", "place", "placette",
    "promenade", "quai", "rang", "road", "rond", "route", "rue", "ruelle", "sentier", "square", "street", "terrasse",
    "voie",
})  # fmt: skip


class Address(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    street: str
    lon: float
    lat: float
    postal_code: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """As written on an envelope here: `4563, rue Saint-Urbain`."""
        return f"{self.number}, {street_in_sentence(self.street)}" if self.number else self.street


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    street: str
    other_street: str
    lon: float
    lat: float

    @property
    def text(self) -> str:
        return f"{street_in_sentence(self.street)} / {street_in_sentence(self.other_street)}"


def street_in_sentence(street: str) -> str:
    """`Rue Rachel Est` becomes `rue Rachel Est`; names that begin otherwise stay."""
    first = words_of(street)[:1]
    return street[:1].lower() + street[1:] if first and first[0] in STREET_KINDS else street


def read_addresses(findings: Findings, path: Path) -> tuple[Address, ...]:
    """`addresses.csv`: number, street, lon, lat, and if known postal_code and place (the name of what stands there)."""
    return tuple(
        Address(
            number=row["number"].strip(),
            street=row["street"].strip(),
            lon=lon,
            lat=lat,
            postal_code=(row.get("postal_code") or "").strip(),
            place=(row.get("place") or "").strip(),
        )
        for row, lon, lat in read_rows(findings, path, ADDRESS_COLUMNS)
    )


def read_crossings(findings: Findings, path: Path) -> tuple[Crossing, ...]:
    """`crossings.csv`: street, other_street, lon, lat."""
    return tuple(
        Crossing(street=row["street"].strip(), other_street=row["other_street"].strip(), lon=lon, lat=lat)
        for row, lon, lat in read_rows(findings, path, CROSSING_COLUMNS)
    )


def read_rows(
    findings: Findings, path: Path, columns: tuple[str, ...]
) -> Iterator[tuple[dict[str, str], float, float]]:
    text = findings.text_of(path)
    if text is None:
        return
    reader = csv.DictReader(text.splitlines())
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        findings.add(path, "line 1", f"has no column {', '.join(missing)}", f"name the columns {', '.join(columns)}")
        return
    wrong = 0
    for row in reader:
        trouble = trouble_of(row, columns)
        if trouble is None:
            yield row, float(row["lon"]), float(row["lat"])
            continue
        wrong += 1
        if wrong <= SHOWN_MISTAKES:
            findings.add(path, f"line {reader.line_num}", trouble, "correct or remove the line")
    if wrong > SHOWN_MISTAKES:
        findings.add(path, "", f"has {wrong - SHOWN_MISTAKES} more such lines", "correct or remove them")


def trouble_of(row: dict[str, str], columns: tuple[str, ...]) -> str | None:
    if any(row[name] is None for name in columns):
        return "has too few columns"
    if not row[columns[1]].strip():
        return f"has no {columns[1]}"
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except ValueError:
        return f"'{row['lon']}', '{row['lat']}' is not a longitude and a latitude"
    return None if abs(lon) <= 180 and abs(lat) <= 90 else f"{lon}, {lat} is not on Earth in degrees"
