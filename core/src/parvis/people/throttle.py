"""Counted tries: how many of one kind by one caller within a window of time, shared by all processes."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from operator import itemgetter
from typing import Any, Protocol

from msgspec import Struct

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

PACE = "pace"
MOST_CALLERS = 20_000
LONGEST = timedelta(minutes=10)  # for which calls are counted, unless one is counted for longer here
AT_ONCE = 100  # lines of one statement
TOLD_FROM = 10  # of which one part of a limit is used up
LINE = "({}, {}, {})"
COUNT_MORE = """
INSERT INTO attempt (key, count, window_ends_at) VALUES {lines}
ON CONFLICT (key) DO UPDATE SET
    count = excluded.count + CASE WHEN attempt.window_ends_at <= {{}} THEN 0 ELSE attempt.count END,
    window_ends_at = CASE WHEN attempt.window_ends_at <= {{}} THEN excluded.window_ends_at
                          ELSE attempt.window_ends_at END
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


class PaceCount(Struct):
    """How often one caller did one kind of thing until the end of a window: here, and as the others last said."""

    limit: int
    ends: datetime
    window: timedelta
    here: int = 0
    told: int = 0
    elsewhere: int = 0


class Pace:
    """Calls counted by caller and kind in memory, so that none costs a statement, and exchanged with the other
    processes every few seconds: who calls all of them has the limit of one. Lives as long as the process."""

    def __init__(self) -> None:
        self._counts: dict[str, PaceCount] = {}

    def allows(self, kind: str, caller: str, limit: int, window: timedelta, now: datetime) -> bool:
        """Count one call; whether it is still within the limit."""
        key = key_of(PACE, kind, caller)
        known = self._counts.get(key)
        if known is None or not now < known.ends <= now + window:
            if len(self._counts) >= MOST_CALLERS:
                self._forget(now)
            known = self._counts[key] = PaceCount(limit, now + window, window)
        known.limit = limit
        known.here += 1
        return known.here + known.elsewhere <= limit

    async def exchange(self, engine: Engine) -> None:
        """Exchange with the other processes who uses up a limit here and there."""
        now = clock.now()
        untold = [
            (key, each) for key, each in sorted(self._counts.items(), key=itemgetter(0)) if _is_worth_telling(each, now)
        ]
        for first in range(0, len(untold), AT_ONCE):
            some = [(key, each, each.here) for key, each in untold[first : first + AT_ONCE]]
            values = [value for key, each, here in some for value in (key, here - each.told, each.ends)]
            async with transaction(engine):
                await Attempt.raw(COUNT_MORE.format(lines=", ".join([LINE] * len(some))), *values, now, now)
            for _, each, here in some:
                each.told = here
        self._let_go(now)
        for row in await self._of_all(now):
            known = self._counts.get(row["key"])
            if known is None and len(self._counts) < MOST_CALLERS:
                known = self._counts[row["key"]] = PaceCount(0, row["window_ends_at"], LONGEST)
            # One that ends too late was written by a clock that is wrong: it shuts nobody out here.
            if known is not None and row["window_ends_at"] <= now + known.window:
                known.ends, known.elsewhere = row["window_ends_at"], row["count"] - known.told

    async def _of_all(self, now: datetime) -> list[dict[str, Any]]:
        """What all processes told, as far as a window may go, and no more than is kept."""
        longest = max((each.window for each in self._counts.values()), default=LONGEST)
        ends, until = Attempt.window_ends_at, now + max(longest, LONGEST)
        told = Attempt.select().where(Attempt.key.like(f"{PACE}:%") & (ends > now) & (ends <= until))
        return await told.order_by(ends, ascending=False).limit(MOST_CALLERS)

    def _let_go(self, now: datetime) -> None:
        self._counts = {key: each for key, each in self._counts.items() if each.ends > now}

    def _forget(self, now: datetime) -> None:
        self._let_go(now)
        if len(self._counts) >= MOST_CALLERS:
            # More callers at once than a town has: the oldest half is let go rather than memory filled.
            newest = sorted(self._counts.items(), key=lambda each: each[1].ends)[MOST_CALLERS // 2 :]
            self._counts = dict(newest)


def _is_worth_telling(counted: PaceCount, now: datetime) -> bool:
    """Of those who stay far below a limit, which are nearly all, the others need to know nothing."""
    return counted.ends > now and counted.here > counted.told and counted.here * TOLD_FROM >= counted.limit


async def sweep_tries(engine: Engine, before: datetime | None = None) -> int:
    """Windows that are over go; their keys said nothing of anyone, and now they are gone too."""
    async with transaction(engine):
        gone = await Attempt.delete().where(Attempt.window_ends_at <= (before or clock.now())).returning(Attempt.key)
    return len(gone)
