"""Addresses are found as people type them: abbreviated, unaccented, misspelt, in either language."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.jurisdictions import Jurisdiction, JurisdictionError
from parvis.jurisdictions.addresses import FoundAddress, sure_among
from parvis.jurisdictions.places import locate
from parvis.jurisdictions.shapes import Plane
from parvis_address_search.address_book import AddressBook
from parvis_address_search.addresses import Address, StreetCrossing
from parvis_address_search.houses import Houses
from parvis_address_search.town_addresses import ADDRESSES
from parvis_sdk.text_normalisation import fold, words_of


def book_of(town: Jurisdiction) -> Any:
    return ADDRESSES.of(town)


def found_in(
    town: Jurisdiction, text: str, limit: int = 8, near: tuple[float, float] | None = None
) -> tuple[FoundAddress, ...]:
    return ADDRESSES.of(town).search(text, limit, near)


def first(town: Jurisdiction, text: str) -> str:
    found = found_in(town, text)
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


def test_an_address_written_just_so_is_known_without_a_search_and_as_a_search_finds_it(town: Jurisdiction) -> None:
    book = book_of(town)
    texts = list(dict.fromkeys(address.text for address in book.addresses))
    other_numbers = [f"1{text}" for text in texts[::5]]
    assert book.exact(texts[0].upper().replace(",", "")) == book.exact(texts[0]) != ()
    for typed in [*texts[::5], *other_numbers]:
        assert {one.text for one in book.exact(typed)} == written_so(book.search(typed, 20), typed)


@pytest.mark.parametrize(
    "typed",
    [
        "4815-4861, rue Clark",  # a range, as it is written and one number of it
        "4821, rue Clark",
        "12A, rue Clark",
        "12, rue Clark",
        "012, rue Clark",
        "12, rue de la Montagne",  # two spellings of one street
        "12, rue Montagne",
        "14, rue Montagne",
        "7, rue Haute",  # the same text twice, told apart by the postal code
        "7, rue Haute (H1A 1A1)",
        "8, 8e Avenue",
        "8e Avenue",
        "12345678, rue Clark",
    ],
)
def test_an_unusual_address_is_exactly_what_a_search_finds_written_so(typed: str) -> None:
    numbers = [("4815-4861", "Clark"), ("12A", "Clark"), ("12", "Clark"), ("12", "de la Montagne"), ("14", "Montagne")]
    addresses = [Address(number=number, street=f"Rue {name}", lon=-73.6, lat=45.5) for number, name in numbers]
    addresses += [Address(number="8", street="8e Avenue", lon=-73.6, lat=45.5)]
    for code, lat in (("H1A 1A1", 45.5), ("H1B 1B1", 45.6)):
        addresses.append(Address(number="7", street="Rue Haute", lon=-73.6, lat=lat, postal_code=code))
    book = AddressBook(addresses, (), Plane(lon=-73.6, lat=45.5))
    exact = book.exact(typed)
    if exact is not None:
        assert {one.text for one in exact} == written_so(book.search(typed, 20), typed)
    assert (exact is None) == (typed in LEFT_TO_A_SEARCH)


LEFT_TO_A_SEARCH = {
    *("4815-4861, rue Clark", "12A, rue Clark", "7, rue Haute (H1A 1A1)", "8e Avenue", "12345678, rue Clark"),
}


def written_so(found: tuple[FoundAddress, ...], typed: str) -> set[str]:
    return {one.text for one in found if words_of(one.text) == words_of(typed)}


@pytest.mark.parametrize("typed", ["", "465", "rue Rachel Est", "465 Mont-Royal", "465A avenue du Mont-Royal Est", "½"])
def test_what_is_no_number_with_the_whole_name_of_a_street_is_left_to_a_search(town: Jurisdiction, typed: str) -> None:
    assert book_of(town).exact(typed) is None


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


def test_a_number_that_is_not_there_offers_its_neighbours_and_says_so(town: Jurisdiction) -> None:
    found = found_in(town, "4561 rue Saint-Urbain", 3)
    assert found[0].text == "4563, rue Saint-Urbain"
    assert {one.fit for one in found} == {"near"}
    assert found[0].note.fr == "le 4561 n’est pas parmi nos adresses"
    assert found[0].note.en == "4561 is not among our addresses"
    assert sure_among(found, "4561 rue Saint-Urbain") is None


@pytest.mark.parametrize(
    ("typed", "fit"),
    [
        ("4563 St-Urbain", "exact"),
        ("4563, rue saint urbain, app. 3, Parvis", "exact"),
        ("4563 Saint-Urbin", "corrected"),
        ("4563 Saint-Urb", "completed"),
        ("4563B Saint-Urbain", "corrected"),
        ("465 Mont-Royal", "completed"),
    ],
)
def test_an_answer_tells_how_well_it_fits_the_words(town: Jurisdiction, typed: str, fit: str) -> None:
    found = found_in(town, typed)
    assert found[0].fit == fit
    sure = sure_among(found, typed)
    assert (sure is not None) == (fit == "exact")


def test_what_was_offered_is_taken_when_it_is_chosen(town: Jurisdiction) -> None:
    for typed in ("4561 saint-urbain", "rachel", "coin rachel", "bibliotheque"):
        for offered in found_in(town, typed):
            chosen = sure_among(found_in(town, offered.text), offered.text)
            assert chosen is not None
            assert (chosen.lon, chosen.lat) == (offered.lon, offered.lat)


def test_of_equal_answers_those_near_come_first(town: Jurisdiction) -> None:
    last = max(found_in(town, "rachel est", 50), key=lambda one: one.lon)
    assert found_in(town, "rachel est", 1, near=(last.lon, last.lat)) == (last,)


def test_streets_that_no_list_of_crossings_names_cross_between_their_nearest_addresses() -> None:
    across = tuple(Address(number=str(n), street="Rue Première", lon=-73.6 + n / 1e4, lat=45.5) for n in range(1, 9))
    along = tuple(Address(number=str(n), street="Rue Lointaine", lon=-73.5995, lat=45.5 + n / 1e4) for n in range(1, 9))
    book = AddressBook(across + along, (), Plane(lon=-73.6, lat=45.5))
    (found, *_) = book.search("premiere et lointaine", 3)
    assert (found.text, found.kind, found.fit) == ("rue Première / rue Lointaine", "crossing", "near")
    assert "adresses voisines" in found.note.fr
    assert abs(found.lon + 73.5995) < 0.0002


def test_the_same_number_and_street_in_two_districts_are_told_apart(small_town: Any) -> None:
    lines = "12,Rue des Érables,,-73.58,45.53,\n12,Rue des Érables,,-73.52,45.53,\n14,Rue des Érables,,-73.58,45.53,\n"
    small_town.write("essai/addresses.csv", "number,street,postal_code,lon,lat,place\n" + lines)
    book = book_of(small_town.load())
    texts = [one.text for one in book.search("12 erables", 5)]
    assert set(texts) == {"12, rue des Érables (Ouest)", "12, rue des Érables (Est)"}
    assert book.search("12 erables (est)", 1)[0].text == "12, rue des Érables (Est)"
    assert book.search("12, rue des érables, Ouest", 1)[0].lon == -73.58
    assert book.search("14 erables", 5)[0].text == "14, rue des Érables"


def test_a_range_of_numbers_holds_those_of_its_side(small_town: Any) -> None:
    small_town.write("essai/addresses.csv", "number,street,lon,lat\n4815-4861,Rue des Ormes,-73.58,45.53\n")
    book = book_of(small_town.load())
    assert book.search("4833 ormes", 1)[0].fit == "corrected"
    assert book.search("4834 ormes", 1)[0].fit == "near"
    assert book.search("4815-4861 ormes", 1)[0].fit == "exact"


def test_other_names_and_places_without_a_number_are_found(small_town: Any) -> None:
    small_town.write("essai/places.csv", "name,lon,lat\nParc des Faubourgs,-73.57,45.52\n")
    small_town.write("essai/aliases.csv", "name,alias\nRue des Érables,Chemin du Roy\nParc des Faubourgs,Le Triangle\n")
    book = book_of(small_town.load())
    assert book.search("12 chemin du roi", 1)[0].text == "12, rue des Érables"
    (park, *_) = book.search("triangle", 3)
    assert (park.text, park.kind) == ("Parc des Faubourgs", "place")
    assert book.search("faubourg park", 1)[0].text == "Parc des Faubourgs"


def test_an_alias_of_nothing_is_told(small_town: Any) -> None:
    small_town.write("essai/aliases.csv", "name,alias\nRue des Erables,Chemin du Roy\nRue des Érables,\n")
    with pytest.raises(JurisdictionError) as raised:
        small_town.load()
    told = str(raised.value)
    assert "aliases.csv · line 2 · 'Rue des Erables' is no street or place of this town (did you mean" in told
    assert "aliases.csv · line 3 · has no alias" in told


HOSTILE = [
    "a" * 10_000, "saint " * 2_000, "12 " * 3_000, "\x00" * 500, "!?;:.,-/&#@+" * 800, "😀" * 500,
    "١٢ شارع الملك", "\u202eרחוב הרצל",
    "' OR 1=1 --", "<script>alert(1)</script>", "%" * 300, "é" * 10_000, "st-" * 500, "coin et / & " * 300, "1-" * 900,
    "\ud800", "h2j" * 900, "première " * 300, "((((((((" * 200, "e " * 500,
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_answered_at_once(town: Jurisdiction, typed: str) -> None:
    found_in(town, "rachel")
    begun = time.process_time()
    found = found_in(town, typed)
    assert time.process_time() - begun < 0.1
    if not any(letter.isascii() and letter.isalnum() for letter in typed):
        assert found == () or "é" in typed


def test_the_nearest_address_and_crossing_of_a_point_come_with_their_distance(town: Jurisdiction) -> None:
    near = book_of(town).nearest(-73.58034, 45.52498, 150)
    assert near is not None
    assert near.metres is not None
    assert near.metres < 150
    at = (book_of(town).crossings[0].lon, book_of(town).crossings[0].lat)
    crossing = book_of(town).nearest_crossing(*at, 150)
    assert crossing is not None
    assert (crossing.kind, crossing.metres) == ("crossing", 0)
    assert book_of(town).nearest_crossing(-70.0, 40.0, 150) is None


def test_two_hundred_thousand_addresses_weigh_little_and_are_answered_quickly() -> None:
    """In figures: tens of bytes an address, against hundreds for objects; a search within a few milliseconds."""
    names = [f"{first}{last}" for first in ("Bel", "Mont", "Champ", "Fon", "Ville", "Clair") for last in LASTS]
    streets = [f"Rue {name}{end}" for name in names for end in ("", " Est", " Ouest", " Nord")]
    count = 200_000 // len(streets)
    begun = time.process_time()
    book = AddressBook(
        Houses(
            Address(number=str(n), street=street, lon=-73.6 + at / 1e4, lat=45.4 + n / 1e4)
            for at, street in enumerate(streets)
            for n in range(1, count + 1)
        ),
        (),
        Plane(lon=-73.6, lat=45.5),
    )
    assert len(book.addresses) > 190_000
    held = sum(each.nbytes for each in vars(book.addresses).values() if hasattr(each, "nbytes"))
    assert held / len(book.addresses) < 64
    assert time.process_time() - begun < 5
    assert book.search("12 champlan est", 1)[0].text.startswith("12, rue Champ")
    begun = time.process_time()
    for number in range(1, 21):
        assert book.search(f"{number} rue monttagne ouest", 1)[0].text == f"{number}, rue Monttagne Ouest"
    assert (time.process_time() - begun) / 20 < 0.1


LASTS = ("val", "laine", "tagne", "ceau", "drette", "gny", "rivage", "sablon", "jour", "mart", "pré", "bourg", "gazon",
         "nuit", "mer", "plan", "ruisseau", "levant", "couchant", "neige")  # fmt: skip


def test_a_postal_code_finds_its_addresses_or_those_of_its_first_half(town: Jurisdiction) -> None:
    exact = found_in(town, "H2J 2W9", 20)
    assert {address.postal_code for address in exact} == {"H2J 2W9"}
    half = found_in(town, "h2j", 20)
    assert len(half) == 20
    assert {address.postal_code[:3] for address in half} == {"H2J"}
    assert {address.postal_code[:3] for address in found_in(town, "h2j 9z9", 20)} == {"H2J"}


@pytest.mark.parametrize("typed", ["", "   ", "?", "zzzz", "rue xylophonique", "12", "\x00", "’’’"])
def test_what_means_no_place_finds_none(town: Jurisdiction, typed: str) -> None:
    assert found_in(town, typed) == ()


def test_no_address_is_offered_twice(town: Jurisdiction) -> None:
    for typed in ("rue saint", "parc", "ecole", "8"):
        found = found_in(town, typed, 50)
        assert len(found) == len(set(found))


@given(typed=st.text(max_size=300))
def test_anything_typed_is_answered(town: Jurisdiction, typed: str) -> None:
    found = found_in(town, typed, 5)
    assert len(found) <= 5


def test_a_town_without_addresses_finds_none(small_town: Any) -> None:
    small_town.remove("essai/addresses.csv")
    town = small_town.load()
    assert found_in(town, "12 rue des Érables") == ()
    assert book_of(town).nearest(-73.55, 45.53, 1000) is None


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
    crossings = (StreetCrossing(street=streets[0], other_street=streets[5], lon=-73.6, lat=45.5),)
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


def test_every_address_of_the_demo_town_lies_in_one_of_its_zones(town: Jurisdiction) -> None:
    for address in book_of(town).addresses:
        assert locate(town, address.lon, address.lat).zones, address.text


def test_the_nearest_address_is_found_within_reach_only(town: Jurisdiction) -> None:
    near = book_of(town).nearest(-73.58034, 45.52498, 150)
    assert near is not None
    assert near.text == "4450, rue Saint-Hubert"
    assert book_of(town).nearest(-73.70, 45.40, 150) is None
