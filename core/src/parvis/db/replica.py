"""A replica of PostgreSQL for what may be some seconds old: how far it is behind, and when it is not asked."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg
from asyncpg import exceptions as pg

from parvis.db.postgres_hosts import CONNECT_SECONDS, COPIED, FAILURES, SESSION_SETTINGS, STATEMENT_SECONDS, ServerHosts

MOST_BEHIND = 30.0  # seconds; further behind, the primary is asked
LOOK_SECONDS = 2.0  # that the replica gets to say where it is
MARKS = 64  # of what the primary had written, and when
WRITTEN = f"SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS at, {COPIED}"
REPLAYED = f"SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS at, {COPIED} WHERE pg_is_in_recovery()"
_may_be_behind: ContextVar[bool] = ContextVar("parvis_may_be_behind", default=False)


@contextmanager
def may_be_behind() -> Iterator[None]:
    """What is read inside, outside of transactions, may be some seconds old: a replica answers where there is one."""
    token = _may_be_behind.set(True)
    try:
        yield
    finally:
        _may_be_behind.reset(token)


class Replica:
    """One replica, as this process knows it: everything that was committed until `reached` is there."""

    def __init__(self, url: str, connections: int) -> None:
        self.hosts, self.connections = ServerHosts(url, writes=False), connections
        self.pool: Any = None
        self.reached: float | None = None
        self.is_copy = True  # as far as anybody has seen
        self._marks: deque[tuple[float, int]] = deque(maxlen=MARKS)

    @property
    def behind(self) -> float | None:
        """Seconds that it may be behind now; None while it is away, or nobody has looked."""
        return None if self.reached is None else max(0.0, time.monotonic() - self.reached)

    @property
    def is_asked(self) -> bool:
        """Whether it answers in place of the primary what may be some seconds old."""
        behind = self.behind if _may_be_behind.get() else None
        return behind is not None and behind < MOST_BEHIND

    async def start(self) -> None:
        """Nothing is opened before the first look: a replica that is away keeps nobody from starting."""
        self.pool = await asyncpg.create_pool(
            min_size=0,
            max_size=self.connections,
            timeout=CONNECT_SECONDS,
            connect=self.hosts.connect,
            server_settings={"application_name": "parvis", **SESSION_SETTINGS},
            command_timeout=STATEMENT_SECONDS + 1,
        )

    async def close(self) -> None:
        """Nothing is asked any more."""
        pool, self.pool, self.reached = self.pool, None, None
        if pool is not None:
            pool.terminate()

    async def look(self, asked: float, written: Mapping[str, Any]) -> None:
        """See how far it is, and of what; what the primary said when it was asked is there by then."""
        self._marks.append((asked, written["at"]))
        try:
            async with asyncio.timeout(LOOK_SECONDS), self.pool.acquire() as connection:
                replayed = await connection.fetchrow(REPLAYED)
        except FAILURES:  # of which a time-out is one
            replayed = None
        if replayed is not None:
            self.is_copy = all(replayed[each] == written[each] for each in ("name", "origin"))
        if replayed is None or not self.is_copy:  # away, a primary itself, or one of something else
            self.reached = None
            return
        reached = [at for at, had in self._marks if had <= replayed["at"]]
        self.reached = max(reached, default=self.reached)

    async def ask(self, sql: str, args: list[Any]) -> Sequence[Any] | None:
        """The rows, or None where the primary is to be asked after all."""
        try:
            async with self.pool.acquire(timeout=LOOK_SECONDS) as connection:
                return list(await connection.fetch(sql, *args))
        except pg.QueryCanceledError:
            raise  # too long for the primary as well
        except FAILURES as error:
            if not isinstance(error, pg.SerializationError):  # of rows that a vacuum took from under it
                self.reached = None
            return None
