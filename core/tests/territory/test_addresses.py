"""Addresses are found as people type them: abbreviated, unaccented, misspelt, in either language."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.folding import fold
from parvis.territory import Address, AddressBook, Crossing, Jurisdiction, search_addresses
from parvis.territory.plane import Plane


def first(town: Jurisdiction, text: str) -> str:
    found = search_addresses(town, text)
    return found[0].text if found else ""


@pytest.mark.parametrize(
    "typed",
    [
        "465, avenue du Mont-Royal Est",
        "465 avenue du mont-royal est",
        "465 av. du Mont-Royal E.",
        "465 ave Mont Royal East",
        "465 mont-royal",
        "Mont-Royal est 465",
        "3-465, av du Mont-Royal Est",
        "465, avenue du Mont-Royal Est, app. 12, Montréal (Québec)",
        "465 MONT-ROYAL EST, H2J 1W3",
        "465 av du mont royale est",
    ],
)
def test_one_address_is_found_however_it_is_written(town: Jurisdiction, typed: str) -> None:
    assert first(town, typed) == "465, avenue du Mont-Royal Est"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("4563 rue St-Urbain", "4563, rue Saint-Urbain"),
        ("5030 St-Denis St", "5030, rue Saint-Denis"),
        ("1310 boul. st joseph est", "1310, boulevard Saint-Joseph Est"),
        ("385 sherbroke est", "385, rue Sherbrooke Est"),
        ("chateaubriant 6530", "6530, avenue Chateaubriand"),
        ("6101 8th Avenue", "6101, 8e Avenue"),
        ("6101 8e av", "6101, 8e Avenue"),
        ("5365 1ere avenue", "5365, 1re Avenue"),
        ("6080 l'esplanade", "6080, avenue de l’Esplanade"),
        ("4245-4249 Berri", "4245, rue Berri"),
        ("bibliotheque rosemont", "3131, boulevard Rosemont"),
        ("coin Rachel et St-Laurent", "rue Rachel Ouest / boulevard Saint-Laurent"),
        ("saint-viateur / avenue du parc", "rue Saint-Viateur Ouest / avenue du Parc"),
    ],
)
def test_usual_ways_of_writing_lead_to_the_place(town: Jurisdiction, typed: str, text: str) -> None:
    assert first(town, typed) == text


def test_a_number_that_is_not_there_offers_its_neighbours(town: Jurisdiction) -> None:
    found = [address.text for address in search_addresses(town, "4561 rue Saint-Urbain", 3)]
    assert found[0] == "4563, rue Saint-Urbain"


def test_a_postal_code_finds_its_addresses_or_those_of_its_first_half(town: Jurisdiction) -> None:
    exact = search_addresses(town, "H2J 2W9", 20)
    assert {address.postal_code for address in exact} == {"H2J 2W9"}
    half = search_addresses(town, "h2j", 20)
    assert len(half) == 20
    assert {address.postal_code[:3] for address in half} == {"H2J"}
    assert {address.postal_code[:3] for address in search_addresses(town, "h2j 9z9", 20)} == {"H2J"}


@pytest.mark.parametrize("typed", ["", "   ", "?", "zzzz", "rue xylophonique", "12", "\x00", "’’’"])
def test_what_means_no_place_finds_none(town: Jurisdiction, typed: str) -> None:
    assert search_addresses(town, typed) == ()


def test_no_address_is_offered_twice(town: Jurisdiction) -> None:
    for typed in ("rue saint", "parc", "ecole", "8"):
        found = search_addresses(town, typed, 50)
        assert len(found) == len(set(found))


@given(typed=st.text(max_size=300))
def test_anything_typed_is_answered(town: Jurisdiction, typed: str) -> None:
    found = search_addresses(town, typed, 5)
    assert len(found) <= 5


def test_a_town_without_addresses_finds_none(small_town: Any) -> None:
    small_town.remove("essai/addresses.csv")
    town = small_town.load()
    assert search_addresses(town, "12 rue des Érables") == ()
    assert town.address_book.nearest(-73.55, 45.53, 1000) is None


def test_among_two_thousand_addresses_words_and_slips_find_something() -> None:
    names = ["Érables", "Pins", "Ormes", "Chênes", "Saules", "Bouleaux", "Peupliers", "Tilleuls", "Cèdres", "Noyers"]
    streets = [f"Rue des {name} {end}" for name in names for end in ("Est", "Ouest", "Nord", "Sud")]
    addresses = tuple(
        Address(
            number=str(number),
            street=street,
            lon=-73.6 + number / 1e5,
            lat=45.5 + place / 1e3,
            place=f"Kiosque {place}",
        )
        for place, street in enumerate(streets)
        for number in range(1, 51)
    )
    assert len(addresses) == 2000
    crossings = (Crossing(street=streets[0], other_street=streets[5], lon=-73.6, lat=45.5),)
    book = AddressBook(addresses, crossings, Plane(lon=-73.6, lat=45.5))
    for typed in ("12 erables o", "34, rue des peuplliers sud", "erab", "kiosque 7", "rue des chenes est et erables"):
        assert book.search(typed, 8), typed


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éric Œuvre Ça", "eric oeuvre ca"),
        ("L’Île-des-Sœurs", "l'ile-des-soeurs"),
        ("ﬁn № ½", "fin no 12"),
        ("東京", ""),
        ("Straße", "strasse"),
    ],
)
def test_folding_leaves_what_a_search_compares(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
