"""PostgreSQL for a running host: always through a pool, with time limits, nothing leaked when a task is cancelled."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import Context
from functools import partial
from types import TracebackType
from typing import Any, cast

import asyncpg
import structlog
from asyncpg import exceptions as pg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction  # noqa: TID251

from parvis.db.engines import Endings
from parvis.db.errors import (
    DatabaseAway,
    DatabaseFull,
    DatabaseTrouble,
    DatabaseUnwritable,
    HouseRuleBroken,
    NotUnique,
    NumberTooLarge,
)
from parvis.db.postgres_hosts import (
    CONNECT_SECONDS,
    FAILURES,
    NAME_IT,
    NOT_TAKEN,
    SESSION_SETTINGS,
    ServerHosts,
    place_of,
)
from parvis.db.replica import WRITTEN, Replica
from parvis.db.statements import MOST_TOGETHER, NamedOnly, NewRow, OneDoor, note, one_statement, pieces
from parvis.db.transaction import is_background, share_of
from parvis.spans import span

AWAY = (
    pg.PostgresConnectionError,
    pg.OperatorInterventionError,  # shut down, starting up, statement too long
    pg.InsufficientResourcesError,
    pg.TransactionRollbackError,  # deadlock, serialization
    pg.LockNotAvailableError,
    pg.IdleInTransactionSessionTimeoutError,
    pg.InvalidCatalogNameError,
    pg.InvalidAuthorizationSpecificationError,
)


@contextmanager
def postgres_in_our_words(name: str) -> Iterator[None]:
    """Any failure of the server or of the way to it comes out as one of ours; a wrong statement as it is."""
    try:
        yield
    except FAILURES as error:
        if (ours := _ours(name, error)) is not None:
            raise ours from error
        raise


def _ours(name: str, error: Exception) -> DatabaseTrouble | None:
    said = str(error) or type(error).__name__
    match error:
        case pg.UniqueViolationError():
            return NotUnique(said)
        case pg.NumericValueOutOfRangeError():
            return NumberTooLarge(said)
        case pg.DataError() if "out of int" in said or "out of range" in said:  # found by asyncpg before it is sent
            return NumberTooLarge(said)
        case pg.DiskFullError():
            return DatabaseFull(f"{name}: no room left to write ({said})")
        case pg.ReadOnlySQLTransactionError():
            return DatabaseUnwritable(f"{name}: the server takes no writes ({said})")
        case TimeoutError():
            return DatabaseAway(f"{name}: the server did not answer in time")
        case OSError():
            return DatabaseAway(f"{name}: the server cannot be reached ({said})")
        case pg.TargetServerAttributeNotMatched():
            return DatabaseAway(f"{name}: none of these servers takes writes")
        case pg.ProtocolViolationError() if NOT_TAKEN in said:
            return DatabaseAway(f"{name}: a pooler in transaction mode is there ({said}); {NAME_IT}")
        case asyncpg.InterfaceError() if "clos" in said or "released" in said:  # otherwise it is our own mistake
            return DatabaseAway(f"{name}: the connection was lost ({said})")
        case asyncpg.InternalClientError():
            return DatabaseAway(f"{name}: the connection was lost ({said})")
        case _ if isinstance(error, AWAY):
            return DatabaseAway(f"{name}: {said}")
    return None


def is_locked(error: BaseException) -> bool:
    """Whether a statement was given up because somebody else held what it needed, for longer than it was to wait, or
    while waiting for us."""
    return isinstance(error.__cause__, pg.LockNotAvailableError | pg.DeadlockDetectedError)


ACQUIRE_SECONDS = 10
CLOSE_SECONDS = 10
ANSWER_SECONDS = 60  # for one statement of a server that answers others
log = structlog.get_logger("parvis.db")


class PooledPostgresEngine(OneDoor, PostgresEngine, NamedOnly):
    """The engine on one database, usable between `start` and `close`."""

    def __init__(self, url: str, connections: int, direct: str = "", replica: str = "") -> None:
        self.name, self.hosts = place_of(url), ServerHosts(url)
        # Behind a pooler: the server itself. One connection there is many to it, none of which is ours for long.
        self.past_pooler = ServerHosts(direct) if direct else None
        self.replica = Replica(replica, connections) if replica else None
        self.connections = connections
        self._is_told = False  # that the server is not reached past the pooler
        self.answer_seconds: float | None = ANSWER_SECONDS
        self.watch = ServerWatch(self._answers)
        self._endings = Endings()
        self._room = asyncio.Semaphore(share_of(connections))  # for what gives way
        self._behind: set[Any] = set()  # connections that stand in that room
        super().__init__(config={"dsn": url})

    async def start(self) -> None:
        """Open the pool, which belongs to the running event loop."""
        if self.pool is not None:
            return
        with self.in_our_words():
            self.pool = await asyncpg.create_pool(
                **self.config,
                min_size=0,
                max_size=self.connections,
                timeout=CONNECT_SECONDS,
                connect=self.hosts.connect,
                reset=_nothing_to_reset,
                server_settings=self._as_is_taken(),
            )
        if self.replica is not None:
            await self.replica.start()
        try:
            await self.give_back(await self.take())
        except BaseException:
            await self.close()
            raise

    def _as_is_taken(self) -> dict[str, str]:
        """What each connection says of itself. A pooler takes no more than a name: its role has the rest."""
        return {"application_name": "parvis", **({} if self.past_pooler else SESSION_SETTINGS)}

    async def close(self) -> None:
        """Close every connection; the engine may be started again."""
        await self._endings.wait()
        await self.watch.close()
        if self.replica is not None:
            await self.replica.close()
        pool, self.pool = self.pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await pool.close()
        except TimeoutError:
            pool.terminate()

    def transaction(self, allow_nested: bool = True) -> "PooledTransaction":
        return PooledTransaction(self, allow_nested)

    async def look_at_replica(self) -> None:
        """See how far a replica is behind, if there is one."""
        if self.replica is not None:
            asked = time.monotonic()  # all that was committed by now is in what the primary says
            await self.replica.look(asked, (await self._asked(WRITTEN, []))[0])

    async def outside(self, sql: str, args: list[Any]) -> Sequence[Any]:
        if self.replica is not None and self.replica.is_asked:
            answered = await self.replica.ask(sql, args)
            if answered is not None:
                return answered
        return await self._asked(sql, args)

    async def _asked(self, sql: str, args: list[Any]) -> Sequence[Any]:
        connection = await self.take()
        try:
            return await self.ask(connection, sql, args)
        finally:
            await self.give_back(connection)

    async def ask(self, connection: Any, sql: str, args: list[Any]) -> Sequence[Any]:
        """A statement on a connection, which is ended where the server hangs."""
        with self.watch.wait(connection.terminate):
            try:
                return list(await connection.fetch(sql, *args, timeout=self.answer_seconds))
            except pg.ReadOnlySQLTransactionError:  # another is the primary now
                await self.pool.expire_connections()  # type: ignore[union-attr]
                raise

    async def say(self, connection: Any, words: str) -> None:
        """The beginning or the end of a transaction."""
        with self.watch.wait(connection.terminate):
            await connection.execute(words)

    async def alone(self, sql: str, args: list[Any]) -> Sequence[Any]:
        return await self._asked(sql, args)  # PostgreSQL makes one statement a transaction

    async def take(self) -> Any:
        """A connection of the pool, or the news that there is none."""
        if self.pool is None:
            raise HouseRuleBroken("the database engine was not started, or is closed")
        if self.watch.hangs:
            raise self._no_connection()
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS) as limit:
                with self.watch.wait(partial(limit.reschedule, 0)):
                    return await self._taken()
        except TimeoutError:
            raise self._no_connection() from None

    def _no_connection(self) -> DatabaseAway:
        full = f"no free connection within {ACQUIRE_SECONDS} s"
        return DatabaseAway(f"{self.name}: {'the server does not answer' if self.watch.hangs else full}")

    async def _taken(self) -> Any:
        behind = is_background()
        if behind:
            await self._room.acquire()
        try:
            with self.in_our_words():
                connection = await self.pool.acquire()  # type: ignore[union-attr]
        except BaseException:
            if behind:
                self._room.release()
            raise
        if behind:
            self._behind.add(connection)
        return connection

    async def give_back(self, connection: Any) -> None:
        """To the pool, which replaces a broken connection when it is next asked."""
        if connection in self._behind:
            self._behind.remove(connection)
            self._room.release()
        if self.pool is None:
            connection.terminate()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS) as limit:  # for what is being cancelled there
                with self.watch.wait(partial(limit.reschedule, 0)):
                    await self.pool.release(connection)
            return
        with suppress(asyncpg.InterfaceError):
            connection.terminate()

    async def _answers(self) -> bool:
        """Whether the server accepts new connections, and so does a pooler before it."""
        if self.past_pooler is None:
            return await _kept_out(self.hosts) is None
        here, past = await asyncio.gather(_kept_out(self.hosts), _kept_out(self.past_pooler))
        if past is not None and not isinstance(past, TimeoutError) and not self._is_told:
            self._is_told = True  # of what is no silence nothing follows: by the pooler all may be well
            log.error("the database cannot be reached directly", key="database_direct", trouble=str(past))
        return here is None and not isinstance(past, TimeoutError)

    async def undo(self, connection: Any) -> None:
        """Roll back, then give the connection back, also when the caller is being cancelled."""
        await self._endings.run(self._undo(connection))

    def in_our_words(self) -> AbstractContextManager[None]:
        return postgres_in_our_words(self.name)

    async def _undo(self, connection: Any) -> None:
        try:
            with self.watch.wait(connection.terminate):
                await connection.execute("ROLLBACK", timeout=CONNECT_SECONDS)
        except FAILURES:
            with suppress(asyncpg.InterfaceError):  # the pool has already let go of it
                connection.terminate()  # and the server rolls back the open transaction
        finally:
            await self.give_back(connection)


async def _kept_out(hosts: ServerHosts) -> Exception | None:
    """Why a server says nothing, not even that it has no room, or is going; None where it does."""
    try:
        connection = await hosts.connect(timeout=PROBE_SECONDS)
    except asyncpg.PostgresError:
        return None
    except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:  # of which a time-out is one
        return error
    connection.terminate()
    return None


async def _nothing_to_reset(connection: Any) -> None:
    """Instead of asyncpg's RESET ALL, a round trip per use: we leave no session settings, locks or listeners behind."""


class PooledTransaction(PostgresTransaction):
    """A transaction on a connection of the pool, which is given back whatever happens.

    It begins with its first statement. New rows are kept and go together: one that only writes new rows is one
    statement, which is a transaction by itself.
    """

    engine: PooledPostgresEngine
    task: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> "PooledTransaction":
        if self._parent is not None:
            return cast(PooledTransaction, self._parent)
        self.task = asyncio.current_task()
        self.kept: list[NewRow] = []
        self.begun = self.deciding = False
        self.connection = await self.engine.take()
        self.context = self.engine.current_transaction.set(self)
        return self

    async def catch_up(self) -> None:
        if not self.begun:
            await self.begin()
        for rows in pieces(self.kept):
            await self._write(rows)
        self.kept.clear()

    async def run(self, sql: str, args: list[Any]) -> Sequence[Any]:
        return await self.engine.ask(self.connection, sql, args)

    async def begin(self) -> None:
        self.begun = True
        await self.engine.say(self.connection, "BEGIN")

    async def commit(self) -> None:
        """Write what is kept and make all of it last."""
        if not self.begun and 0 < len(self.kept) <= MOST_TOGETHER:
            self.deciding = True
            await self._write(self.kept)
        elif self.begun or self.kept:
            await self.catch_up()
            self.deciding = True
            with span("statement", "COMMIT"):
                await self.engine.say(self.connection, "COMMIT")
        self._committed = True

    async def rollback(self) -> None:
        await self.engine.say(self.connection, "ROLLBACK")
        self._rolled_back = True

    async def _write(self, rows: Sequence[NewRow]) -> None:
        sql, args = one_statement(rows)
        note(sql)
        with span("statement", sql):
            await self.engine.ask(self.connection, sql, args)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._parent is not None:
            return False
        self.engine.current_transaction.reset(self.context)
        if error is not None or self._rolled_back:
            await self._undo()
            return False
        try:
            with self.engine.in_our_words():
                await self.commit()
        except BaseException as failure:
            if isinstance(failure, DatabaseAway):
                before_sending = isinstance(failure.__cause__, asyncpg.InterfaceError)
                failure.in_doubt = self.deciding and not before_sending
            await self._undo()
            raise
        await self.engine.give_back(self.connection)
        return False

    async def _undo(self) -> None:
        if self.begun:
            await self.engine.undo(self.connection)
        else:
            await self.engine.give_back(self.connection)


QUIET_SECONDS = 0.6  # after which somebody who waits wants to know whether the server answers
PROBE_SECONDS = 1.0  # that it gets to answer: with these before, less than two
AGAIN_SECONDS = 0.5  # until it is asked again whether it answers now


class ServerWatch:
    """Those who wait for a server; while it hangs, they are told to give up, and nobody needs to begin to wait."""

    def __init__(self, answers: Callable[[], Awaitable[bool]]) -> None:
        self.answers = answers
        self.hangs = False
        self.heard_at = 0.0
        self.waiting: set[Waiter] = set()
        self._looking: asyncio.Task[None] | None = None

    def wait(self, give_up: Callable[[], object]) -> "Waiter":
        """While something is asked of the server; `give_up` ends the waiting, in whatever way."""
        return Waiter(self, give_up)

    def look(self) -> None:
        """See whether it answers, unless somebody does already."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look(), context=Context())

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not await self.answers() and self.heard_at < began:
            self.hangs = True
            while self.waiting:
                self.waiting.pop().give_up()
            await asyncio.sleep(AGAIN_SECONDS)
        self.hangs = False

    async def close(self) -> None:
        """Nobody asks any more."""
        looking, self._looking, self.hangs = self._looking, None, False
        if looking is not None:
            looking.cancel()
            await asyncio.wait({looking})


class Waiter:
    """One who waits for the server."""

    __slots__ = ("give_up", "timer", "watch")

    def __init__(self, watch: ServerWatch, give_up: Callable[[], object]) -> None:
        self.watch, self.give_up = watch, give_up

    def __enter__(self) -> None:
        self.watch.waiting.add(self)
        self.timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self.watch.look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        self.watch.waiting.discard(self)
        if kind is None:
            self.watch.heard_at = asyncio.get_running_loop().time()
