"""A civic address and a crossing of two streets, written as people write them here."""

import msgspec

from parvis.jurisdictions.street_words import STREET_KINDS
from parvis_sdk.text_normalisation import words_of


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
        return f"{self.number}, {street_in_sentence(self.street)}" if self.number else street_in_sentence(self.street)


class StreetCrossing(msgspec.Struct, frozen=True, kw_only=True):
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
