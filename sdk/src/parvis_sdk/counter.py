"""The counter: the one way in for anything from outside, as an endpoint of a plugin sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel


class Receipt(Struct, frozen=True, kw_only=True):
    """What a person takes home: the reference to quote, the key of the private view, its address, the promise (UTC)."""

    reference: str
    key: str
    tracking_url: str
    promised_at: datetime | None


class PublicRequest(Struct, frozen=True, kw_only=True):
    """The part of a request that anyone may see."""

    reference: str
    type: str
    state: str
    phase: str
    submitted_at: datetime
    updated_at: datetime
    lon: float | None
    lat: float | None
    address: str
    answers: dict[str, Any]


class Counter(Protocol):
    """What the host hands to endpoints; portal and REST API use the same."""

    def types(self, jurisdiction: str) -> tuple[RequestType, ...]:
        """The request types that this jurisdiction offers."""
        ...

    async def submit(
        self, jurisdiction: str, type: str, raw: Mapping[str, Any], *, channel: Channel, once: str = ""
    ) -> Receipt | Problems:
        """Take in what a person sent; `once` is a key that makes repeats give the first receipt again."""
        ...

    async def look_up(self, jurisdiction: str, reference: str) -> PublicRequest | None:
        """The public part of a request, or None when it has none."""
        ...
