"""Fixed addresses of a town, as if a module had read its address file."""

import csv
from functools import cache
from math import cos, hypot, radians
from types import SimpleNamespace

from msgspec import structs

from parvis.example_towns import town_folder
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import NO_ADDRESSES, AddressBase, Addresses, FoundAddress, Street
from parvis.modules import Module, ModuleRegistry, registry_of
from parvis.switches import EVERYWHERE, Switchboard
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import words_of

A_DEGREE = 111_320


class KnownAddresses:
    """Finds addresses by the beginnings of their words, without correcting mistakes.

    The words of each are taken apart once: most tests that file a request search them all.
    """

    def __init__(self, known: tuple[FoundAddress, ...]) -> None:
        self.known = known
        self.words = {one: words_of(one.text) for one in known}
        self.beginning = {one: "".join(f" {word}" for word in words) for one, words in self.words.items()}

    def search(self, text: str, limit: int, near: tuple[float, float] | None = None) -> tuple[FoundAddress, ...]:
        typed = words_of(text)
        found = [*self.known] if typed else []
        for word in typed:
            found = [one for one in found if f" {word}" in self.beginning[one]]
        if near is not None:
            found.sort(key=lambda one: metres(one, *near))
        return tuple(
            structs.replace(one, fit="exact" if {*typed} == {*self.words[one]} else "completed")
            for one in found[:limit]
        )

    def exact(self, text: str) -> None:
        """Left to the search."""

    def nearest(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        best = min(self.known, key=lambda one: metres(one, lon, lat))
        away = metres(best, lon, lat)
        return structs.replace(best, metres=round(away)) if away <= within_m else None

    def streets(self) -> tuple[Street, ...]:
        return tuple(
            Street(name=one.text, line=((one.lon, one.lat), (one.lon + 0.001, one.lat))) for one in self.known[:100]
        )


def metres(one: FoundAddress, lon: float, lat: float) -> float:
    return hypot((one.lon - lon) * cos(radians(lat)), one.lat - lat) * A_DEGREE


@cache
def known_in(code: str) -> Addresses:
    file = town_folder() / code / "addresses.csv"
    if not file.is_file():
        return NO_ADDRESSES
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return KnownAddresses(tuple(map(found_in, csv.DictReader(lines))))


def found_in(row: dict[str, str]) -> FoundAddress:
    street = row["street"][:1].lower() + row["street"][1:]
    return FoundAddress(
        text=f"{row['number']}, {street}",
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        postal_code=row.get("postal_code") or "",
        place=row.get("place") or "",
    )


def of_town(town: Jurisdiction) -> Addresses:
    return known_in(town.code)


BASE = AddressBase(of=of_town, suggested_at=("adresses",))
MODULE = Module(
    name="known_addresses",
    title=Text(fr="Adresses connues", en="Known addresses"),
    summary=Text(fr="Les adresses d’une ville d’essai.", en="The addresses of a town of tests."),
    heard="parvis_testing.known_addresses",
    portal="parvis_testing.known_suggestions",
)
KNOWN_ADDRESSES = registry_of([MODULE])
"""A module that knows addresses, and no other."""


def with_known_addresses(modules: ModuleRegistry) -> ModuleRegistry:
    """These modules, and one with fixed addresses."""
    return registry_of([*modules.modules, MODULE])


def knowing_host() -> SimpleNamespace:
    """A minimal host for pages that need only these addresses."""
    board = Switchboard(KNOWN_ADDRESSES).with_decision(EVERYWHERE, MODULE.name, "on")
    return SimpleNamespace(modules=board, plugins=SimpleNamespace(locators={}))
