"""What a new request belongs to from its first moment, such as an incident: its owners declare it."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.request_types import RequestType


class GroupMembership(Struct, frozen=True, kw_only=True):
    """What is written as a request joins: words for its first entry, and what follows once the request is kept."""

    body: dict[str, Any]
    write: Callable[[Record], Awaitable[None]]


Join = Callable[[], Awaitable[GroupMembership | None]]
"""Inside the transaction: holds what is joined as it is until it ends; None where it can be joined no more."""


class RequestGrouping(Struct, frozen=True, kw_only=True):
    """What one owner gathers requests into; `fitting` is asked from memory, before the transaction."""

    fitting: Callable[[Host, Jurisdiction, RequestType, Record, str], Join | None]


def joins(host: Host, town: Jurisdiction, request_type: RequestType, record: Record, said: str) -> list[Join]:
    """What a request about to be kept is to join."""
    found = (each.fitting(host, town, request_type, record, said) for each in host.modules.heard(RequestGrouping, town))
    return [join for join in found if join is not None]


async def join_all(fitting: list[Join]) -> GroupMembership:
    """Inside the transaction: all that stands together."""
    joined = [each for join in fitting if (each := await join()) is not None]

    async def write(kept: Record) -> None:
        for each in joined:
            await each.write(kept)

    return GroupMembership(body={name: value for each in joined for name, value in each.body.items()}, write=write)
