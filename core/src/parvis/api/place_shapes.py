"""What the API says of places: addresses that words may mean, and open requests near a point."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from parvis.api.said_shapes import Languages


class FoundAddressShape(Struct, frozen=True, kw_only=True):
    """A place that the words may mean.

    `fit`: as typed, with slips mended, with words completed, or only near what was asked: then `note` says so.
    """

    text: str
    lon: float
    lat: float
    postal_code: str
    place: str
    kind: Literal["address", "crossing", "place", "street"]
    fit: Literal["exact", "corrected", "completed", "near"]
    note: Languages
    metres: int | None


class Addresses(Struct, frozen=True, kw_only=True):
    """Addresses, best first."""

    addresses: list[FoundAddressShape]


class SimilarShape(Struct, frozen=True, kw_only=True):
    """An open request nearby that can be followed instead of filing again."""

    reference: str
    title: Languages
    state_title: Languages
    phase: str
    address: str
    lon: float
    lat: float
    metres: int
    submitted_at: datetime
    promised_at: datetime | None


class SimilarRequests(Struct, frozen=True, kw_only=True):
    """Similar open requests, nearest first."""

    requests: list[SimilarShape]
