"""Finding places: an address for words, an address for a point, facts for a point."""

from typing import Any, Protocol, runtime_checkable

import httpx
from msgspec import Struct


class FoundPlace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer of a locator: what to show, and where it is (WGS84 degrees). `score` runs from 0 to 1."""

    text: str
    lon: float
    lat: float
    score: float = 1.0
    postal_code: str = ""


@runtime_checkable
class Locator(Protocol):
    """A noun that finds places for one jurisdiction. Awaited during a page: the host sets a time limit.

    `name` is what settings choose it by; `http` is a client of its own, from the host. Each method answers an empty
    list or dict when it knows nothing, and raises `Later` when its source is away; the host then falls back to the
    town's own address file.
    """

    name: str

    async def find(self, jurisdiction: str, words: str, limit: int, http: httpx.AsyncClient) -> list[FoundPlace]:
        """Places that the words may mean, best first."""
        ...

    async def address_at(self, jurisdiction: str, lon: float, lat: float, http: httpx.AsyncClient) -> FoundPlace | None:
        """The nearest address of a point."""
        ...

    async def facts_at(self, jurisdiction: str, lon: float, lat: float, http: httpx.AsyncClient) -> dict[str, Any]:
        """What is known of a point: zone, parcel, asset; keys are the locator's own."""
        ...
