"""Counted tries: how many of one kind by one caller within a window of time, shared by all processes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from typing import Protocol

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Attempt

COUNT_ONE = """
INSERT INTO attempt (key, count, window_ends_at) VALUES ({}, 1, {})
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN attempt.window_ends_at <= {} THEN 1 ELSE attempt.count + 1 END,
    window_ends_at = CASE WHEN attempt.window_ends_at <= {} THEN excluded.window_ends_at ELSE attempt.window_ends_at END
RETURNING count
"""


def key_of(kind: str, *about: str) -> str:
    """A key that says what is counted and not about whom: addresses and accounts are kept as digests."""
    whom = "\n".join(about).encode("utf-8", "replace")
    return f"{kind}:{sha256(whom).hexdigest()}"


async def take_try(engine: Engine, key: str, limit: int, window: timedelta) -> bool:
    """Counts one try and says whether it is still within the limit."""
    now = clock.now()
    async with transaction(engine):
        rows = await Attempt.raw(COUNT_ONE, key, now + window, now, now)
    return bool(rows[0]["count"] <= limit)


async def wait_for(limits: Mapping[str, int]) -> int:
    """How many seconds until none of these counts has reached its limit; 0 while none has."""
    if not limits:
        return 0
    now = clock.now()
    rows = await Attempt.select().where(Attempt.key.is_in(list(limits)) & (Attempt.window_ends_at > now))
    over = [row["window_ends_at"] - now for row in rows if row["count"] >= limits[row["key"]]]
    return max((ceil(each.total_seconds()) for each in over), default=0)


async def count_under(engine: Engine, keys: Collection[str], window: timedelta) -> dict[str, int]:
    """Counts one more under each key, in one order for all; how many each has now."""
    now = clock.now()
    async with transaction(engine):
        return {key: (await Attempt.raw(COUNT_ONE, key, now + window, now, now))[0]["count"] for key in sorted(keys)}


class Client(Protocol):
    """The other end of a connection."""

    @property
    def host(self) -> str: ...


class Connection(Protocol):
    """A request over HTTP, as far as it says where it comes from."""

    @property
    def client(self) -> Client | None: ...


def caller_of(request: Connection) -> str:
    """By whom tries are counted at every door of pages and API: the address of the connection as `network_of` has it;
    empty where a connection has none."""
    return network_of(request.client.host) if request.client else ""


def network_of(address: str) -> str:
    """From where somebody calls, as far as they cannot change it at will: of IPv6 the /64, of which they have a whole
    one. An IPv4 address written as IPv6, as one socket for both has it, is that address."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


async def forget_tries(engine: Engine, *keys: str) -> None:
    """After a success the earlier mistakes no longer count."""
    async with transaction(engine):
        await Attempt.delete().where(Attempt.key.is_in(list(keys)))


async def sweep_tries(engine: Engine, before: datetime | None = None) -> int:
    """Windows that are over go; their keys said nothing of anyone, and now they are gone too."""
    async with transaction(engine):
        gone = await Attempt.delete().where(Attempt.window_ends_at <= (before or clock.now())).returning(Attempt.key)
    return len(gone)
