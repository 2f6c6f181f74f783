"""All addresses of a city are found from their usual misspellings, the right one first; crossings and places too."""

import time
from collections import Counter

import pytest

from parvis_address_search.address_book import AddressBook
from parvis_sdk.text_normalisation import words_of

from .city import described_crossings, is_crossing, is_meant, is_right, misspelt, misspelt_somehow, montreal, spoken
from .misspellings import SLIPS

FIRST = 0.95  # share of the answers that must come first


@pytest.fixture(scope="module")
def book() -> AddressBook:
    return montreal()


def test_the_whole_city_is_in_the_book(book: AddressBook) -> None:
    assert len(book.addresses) == 1922
    assert len(book.crossings) > 200


def test_what_people_type_leads_to_what_they_mean(book: AddressBook) -> None:
    wrong = [(typed, meant) for typed, meant in spoken() if not is_meant(book.search(typed, 8), meant, book)]
    count = sum(1 for _ in spoken())
    assert count >= 150
    assert 1 - len(wrong) / count >= 0.97, wrong


@pytest.mark.parametrize("kind", SLIPS)
def test_some_addresses_are_found_first_with_each_kind_of_slip(book: AddressBook, kind: str) -> None:
    tried = list(misspelt(kind, list(book.addresses), 24))[::20]
    wrong = [typed for typed, meant in tried if not is_right(book.search(typed, 8), meant, kind)]
    assert 1 - len(wrong) / len(tried) >= FIRST, wrong


def test_every_address_is_found_first_with_one_slip_or_another(book: AddressBook) -> None:
    """`python -m benchmarks addresses` tries every address with every kind."""
    tried = list(misspelt_somehow(list(book.addresses), 1))
    assert len(tried) == len(book.addresses)
    wrong = [(kind, typed) for kind, typed, meant in tried if not is_right(book.search(typed, 8), meant, kind)]
    assert 1 - len(wrong) / len(tried) >= FIRST, wrong


def test_descriptions_of_crossings_lead_to_them(book: AddressBook) -> None:
    crossings = described_crossings()[::3]
    wrong = [one["said"] for one in crossings if not is_crossing(book.search(one["said"], 3), one)]
    assert 1 - len(wrong) / len(crossings) >= 0.97, wrong


@pytest.mark.parametrize("joint", [" et ", " / ", " & ", " coin ", " and ", "/"])
def test_crossings_are_found_with_a_slip_in_each_street(book: AddressBook, joint: str) -> None:
    some = book.crossings[::6]
    wrong = []
    for one in some:
        typed = joint.join((without_a_letter(one.street), without_a_letter(one.other_street)))
        found = book.search(typed, 3)
        if not found or set(words_of(found[0].text)) != set(words_of(one.text)):
            wrong.append((typed, one.text))
    assert 1 - len(wrong) / len(some) >= FIRST, wrong


def without_a_letter(street: str) -> str:
    word = max(street.replace("-", " ").replace("’", " ").split(), key=len)
    return street.replace(word, word[:2] + word[3:]) if len(word) > 4 else street


def test_places_are_found_by_their_names(book: AddressBook) -> None:
    """Places of one name stand at several addresses: any of them is right."""
    named = [one for one in book.addresses if one.place]
    at_name: Counter[str] = Counter()
    some = named[::13]
    for one in some:
        found = book.search(one.place, 8)
        at_name[one.place] += any(words_of(each.place) == words_of(one.place) for each in found[:1])
    assert sum(at_name.values()) / len(some) >= FIRST, [name for name, right in at_name.items() if not right]


def test_a_search_takes_far_less_than_twenty_milliseconds(book: AddressBook) -> None:
    typed = [text for text, _ in misspelt("several at once", list(book.addresses)[::20], 5)]
    begun = time.process_time()
    for text in typed:
        book.search(text, 8)
    assert (time.process_time() - begun) / len(typed) < 0.020
