"""The address book of a whole city, and whether an answer is the place that was meant."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.reading import Findings
from parvis.jurisdictions.shapes import Plane
from parvis_address_search.address_book import AddressBook
from parvis_address_search.addresses import Address
from parvis_address_search.reading import read_address_book
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import words_of

from .misspellings import SLIPS, written

FILES = Path(__file__).parent / "montreal"
ENDS = frozenset({"est", "ouest", "nord", "sud"})
DEGREES = 0.001  # about a hundred metres: the same corner under another name of its street


def montreal() -> AddressBook:
    findings = Findings(FILES)
    town = Text(fr="Ville de Montréal", en="City of Montréal")
    book = read_address_book(findings, FILES, Plane(lon=-73.6, lat=45.52), town=town)
    assert not findings.mistakes
    return book


def spoken() -> Iterator[tuple[str, str]]:
    for line in (FILES / "spoken.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            typed, _, meant = line.partition("\t")
            yield typed, meant


def described_crossings() -> list[dict[str, str]]:
    with (FILES / "crossings.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def misspelt(kind: str, addresses: list[Address], seed: int) -> Iterator[tuple[str, Address]]:
    """Each address with one kind of slip; those that it leaves as they are, are left out."""
    chance = Random(f"{seed} {kind}")
    for address in addresses:
        typed = SLIPS[kind](chance, address)
        if typed != written(address, address.street):
            yield typed, address


def misspelt_somehow(addresses: list[Address], seed: int) -> Iterator[tuple[str, str, Address]]:
    """Each address with a kind of slip, drawn among those that change it."""
    chance = Random(seed)
    for address in addresses:
        for kind in chance.sample(sorted(SLIPS), len(SLIPS)):
            typed = SLIPS[kind](chance, address)
            if typed != written(address, address.street):
                yield kind, typed, address
                break


def is_right(found: tuple[FoundAddress, ...], meant: Address, kind: str) -> bool:
    """Whether the first answer is the address: its text, or its number there under another street name."""
    if not found or found[0].fit == "near":
        return False
    got, wanted = words_of(found[0].text), words_of(meant.text)
    if got[: len(wanted)] == wanted:
        return True
    if kind == "Est or Ouest left out" and [w for w in got if w not in ENDS] == [w for w in wanted if w not in ENDS]:
        return True
    is_there = abs(found[0].lon - meant.lon) < DEGREES and abs(found[0].lat - meant.lat) < DEGREES
    return got[:1] == wanted[:1] and is_there


def is_crossing(found: tuple[FoundAddress, ...], meant: dict[str, str]) -> bool:
    streets = set(words_of(f"{meant['street']} {meant['other_street']}"))
    return bool(found) and found[0].kind == "crossing" and set(words_of(found[0].text)) == streets


def is_meant(found: tuple[FoundAddress, ...], meant: str, book: AddressBook) -> bool:
    if not found:
        return False
    if meant.startswith("@"):
        return any(one.place == meant[1:] and one.text == found[0].text for one in book.addresses)
    return words_of(found[0].text) == words_of(meant)
