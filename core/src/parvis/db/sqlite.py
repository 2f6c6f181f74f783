"""SQLite for a running host: one writer, many readers, one commit for transactions that come together, no leaks."""

import asyncio
import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, cast
from urllib.parse import quote

import aiosqlite
import msgspec
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory  # noqa: TID251

from parvis.db.engines import Endings
from parvis.db.errors import DatabaseAway, DatabaseFull, DatabaseTrouble, DatabaseUnwritable, NotUnique, NumberTooLarge
from parvis.db.statements import NamedOnly, NewRow, OneDoor, Statement, note, pieces, statements
from parvis.db.transaction import is_background, share_of
from parvis.spans import span

UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
AWAY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
SPOILT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def sqlite_in_our_words(file: Path) -> Iterator[None]:
    """Any failure of the machine or of the file comes out as one of ours; a wrong statement as it is."""
    try:
        yield
    except sqlite3.Error as error:
        if (ours := _ours(file, error)) is not None:
            raise ours from error
        raise
    except OverflowError as error:
        raise NumberTooLarge(str(error)) from error
    except FileNotFoundError as error:
        raise DatabaseAway(f"{file}: the database file is not there") from error
    except OSError as error:
        raise _of_the_system(file, error) from error


def _ours(file: Path, error: sqlite3.Error) -> DatabaseTrouble | None:
    extended = getattr(error, "sqlite_errorcode", None) or 0
    code = extended & 0xFF
    if extended in UNIQUE:
        return NotUnique(str(error))
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFull(f"{file}: no room left to write ({error})")
    if code == sqlite3.SQLITE_READONLY:
        return DatabaseUnwritable(f"{file}: the file or its folder may not be written ({error})")
    if code in AWAY:
        return DatabaseAway(f"{file}: {error}")
    if code in SPOILT:
        return DatabaseTrouble(f"{file}: not a sound SQLite database ({error}); restore a backup")
    return None


def _of_the_system(file: Path, error: OSError) -> DatabaseAway:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DatabaseFull(f"{file}: no room left to write ({error.strerror})")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DatabaseUnwritable(f"{file}: the file or its folder may not be written ({error.strerror})")
    return DatabaseAway(f"{file}: {error.strerror or error}")


class KeptConnection(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A connection, what it wraps, and the file it was opened on, known by device and inode."""

    connection: aiosqlite.Connection
    wrapped: sqlite3.Connection
    opened_on: tuple[int, int]

    async def begin(self, busy_milliseconds: int) -> None:
        """Begin to write: at once where no other process writes, else waiting for it in the connection's thread."""
        if not self._begins_at_once(busy_milliseconds):
            await self.connection.execute("BEGIN IMMEDIATE")

    def _begins_at_once(self, busy_milliseconds: int) -> bool:
        self.wrapped.execute("PRAGMA busy_timeout=0")
        try:
            self.wrapped.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self.wrapped.execute(f"PRAGMA busy_timeout={busy_milliseconds}")
        return True

    def write(self, statements: Sequence[Statement]) -> None:
        """Write in the open transaction; the lock is held already, and the disk is written at the commit."""
        for sql, args in statements:
            self.wrapped.execute(sql, args)

    def write_apart(self, statements: Sequence[Statement]) -> sqlite3.Error | None:
        """The same, all or nothing within the open transaction: why nothing was written, if so."""
        self.wrapped.execute("SAVEPOINT apart")
        try:
            self.write(statements)
        except sqlite3.Error as error:
            if not self.wrapped.in_transaction:
                raise  # a full disk and the like undo everything
            self.wrapped.execute("ROLLBACK TO apart")
            return error
        finally:
            if self.wrapped.in_transaction:
                self.wrapped.execute("RELEASE apart")
        return None


class Line(Protocol):
    """Those who wait for the only writer."""

    busy_milliseconds: int

    async def stand_in_line(self) -> None:
        """Until it is one's turn."""

    async def current_writer(self) -> KeptConnection:
        """The writer, for whose turn it is."""

    def leave_writer(self) -> None:
        """The turn is over."""


class QueuedUnit:
    """What one transaction writes, and what came of it."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.is_over = False
        self.error: BaseException | None = None


class GroupCommit:
    """The first to reach the writer writes the rows of all who wait, each transaction's all or nothing.

    The disk is waited for once; meanwhile the next ones gather.
    """

    def __init__(self, line: Line, endings: Endings) -> None:
        self.line, self.endings = line, endings
        self._waiting: list[QueuedUnit] = []

    async def write(self, statements: Sequence[Statement]) -> None:
        """Returns when everything is safe on disk; raises when nothing of it is."""
        mine = QueuedUnit(statements)
        self._waiting.append(mine)
        try:
            await self.line.stand_in_line()
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif isinstance(error, DatabaseAway):
                error.in_doubt = True  # somebody is writing it at this very moment
            raise
        if mine.is_over:
            self.line.leave_writer()
        else:
            await self.endings.run(self._write_all())
        if mine.error is not None:
            raise mine.error

    async def _write_all(self) -> None:
        together, self._waiting = self._waiting, []
        try:
            writer = await self.line.current_writer()
            try:
                await writer.begin(self.line.busy_milliseconds)
                for one in together:
                    one.error = writer.write_apart(one.statements)
                await writer.connection.execute("COMMIT")
            except BaseException:
                await writer.connection.rollback()
                raise
        except BaseException as error:
            for one in together:
                one.error = one.error or error
            raise
        finally:
            for one in together:
                one.is_over = True
            self.line.leave_writer()


BUSY_SECONDS = 5  # for another process that writes; tasks of this process wait in line
WRITER_SECONDS = 30  # for the tasks before us in that line
READERS = 4
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "temp_store=MEMORY",
)


def _whole_number(stored: bytes) -> int:
    try:
        return int(stored)
    except ValueError:  # a fraction that somebody else wrote
        return int(Decimal(stored.decode()))


def _moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(stored.decode()).replace(tzinfo=UTC)


READ_AS = {"INTEGER": _whole_number, "TIMESTAMPTZ": _moment}
"""What most columns of a list are, in place of Piccolo's readers: these took a fifth of the list."""


class KeptSQLiteEngine(OneDoor, SQLiteEngine, NamedOnly):
    """The engine on one file, which only `create` makes; a file that went away is never replaced by an empty one."""

    def __init__(self, path: Path) -> None:
        self.file = path
        self.busy_milliseconds = BUSY_SECONDS * 1000
        self._reading = asyncio.Semaphore(READERS)
        self._reading_behind = asyncio.Semaphore(share_of(READERS))  # for what gives way
        self._writing = asyncio.Lock()
        self._next_behind = asyncio.Lock()  # one of those at a time stands in line among people
        self._writer: KeptConnection | None = None
        self._idle: list[KeptConnection] = []
        self._endings = Endings()
        self.joining = GroupCommit(self, self._endings)
        for kind, read in READ_AS.items():
            sqlite3.register_converter(kind, read)
        super().__init__(path=str(path))

    async def create(self) -> None:
        """Make the file and its folder where they are missing."""
        with self.in_our_words():
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.touch()
            await (await self._open()).connection.close()

    async def start(self) -> None:
        """Open the writer, so that a file which cannot be used is known at once."""
        await self.take_writer()
        self.leave_writer()

    async def close(self) -> None:
        """Close what is kept: one connection left open would keep the process alive. A later use opens anew."""
        await self._endings.wait()
        kept = [one for one in (self._writer, *self._idle) if one is not None]
        self._writer, self._idle = None, []
        for one in kept:
            await one.connection.close()

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> "KeptTransaction":
        """Always immediate: a deferred one that reads and then writes meets a lock that no waiting can lift."""
        return KeptTransaction(self, TransactionType.immediate, allow_nested)

    async def get_connection(self) -> aiosqlite.Connection:
        """A reader for Piccolo's batches, which close it themselves."""
        return (await self._open("query_only=ON")).connection

    async def outside(self, sql: str, args: list[Any]) -> Sequence[Any]:
        async with self._reading_behind if is_background() else nullcontext(), self._reading:
            kept = await self._take_reader()
            try:
                return list(await kept.connection.execute_fetchall(sql, args))
            finally:
                self._idle.append(kept)

    async def alone(self, sql: str, args: list[Any]) -> Sequence[Any]:
        async with self.transaction() as opened:
            await opened.catch_up()
            rows = await opened.run(sql, args)
        return rows

    async def take_writer(self) -> aiosqlite.Connection:
        """Wait in line for this process's only writer."""
        await self.stand_in_line()
        try:
            with self.in_our_words():
                return (await self.current_writer()).connection
        except BaseException:
            self.leave_writer()
            raise

    async def stand_in_line(self) -> None:
        """Until it is this task's turn to write."""
        try:
            async with asyncio.timeout(WRITER_SECONDS), self._next_behind if is_background() else nullcontext():
                await self._writing.acquire()
        except TimeoutError:
            raise DatabaseAway(f"{self.file}: the units before this one took over {WRITER_SECONDS} s") from None

    async def current_writer(self) -> KeptConnection:
        """The writer, opened anew when its file was replaced; for whose turn it is."""
        if self._writer is not None and self._writer.opened_on != self._identity():
            gone, self._writer = self._writer, None
            await gone.connection.close()
        if self._writer is None:
            self._writer = await self._endings.run(self._open_writer())
        return self._writer

    def leave_writer(self) -> None:
        self._writing.release()

    async def undo(self, connection: aiosqlite.Connection) -> None:
        """Roll back what is open, if anything is, then leave the writer, also when the caller is being cancelled."""
        await self._endings.run(self._undo(connection))

    def in_our_words(self) -> AbstractContextManager[None]:
        return sqlite_in_our_words(self.file)

    async def _undo(self, connection: aiosqlite.Connection) -> None:
        try:
            await connection.rollback()
        finally:
            self.leave_writer()

    async def _take_reader(self) -> KeptConnection:
        identity = self._identity()
        while True:
            while self._idle:
                kept = self._idle.pop()
                if kept.opened_on == identity:
                    return kept
                await kept.connection.close()
            # Another caller may take the one that is opened here in the meantime.
            await self._endings.run(self._open_reader())

    async def _open_writer(self) -> KeptConnection:
        self._writer = await self._open()
        return self._writer

    async def _open_reader(self) -> None:
        self._idle.append(await self._open("query_only=ON"))

    def _identity(self) -> tuple[int, int]:
        """Which file stands at the path now: a kept connection would go on writing into a file that was taken away."""
        found = self.file.stat()
        return found.st_dev, found.st_ino

    async def _open(self, *more: str) -> KeptConnection:
        opened_on, wrapped = self._identity(), list[sqlite3.Connection]()

        def connect() -> sqlite3.Connection:
            address = f"file:{quote(str(self.file.absolute()))}?mode=rw"
            options = {**self.connection_kwargs, "database": address, "uri": True, "check_same_thread": False}
            wrapped.append(sqlite3.connect(**options))
            return wrapped[0]

        connection = await aiosqlite.Connection(connect, iter_chunk_size=64)
        try:
            connection.row_factory = dict_factory  # type: ignore[assignment]
            await connection.executescript(";".join(f"PRAGMA {pragma}" for pragma in (*PRAGMAS, *more)))
        except BaseException:
            await connection.close()
            raise
        return KeptConnection(connection=connection, wrapped=wrapped[0], opened_on=opened_on)


class KeptTransaction(SQLiteTransaction):
    """A transaction on the kept writer, which is given back whatever happens.

    It takes the writer and begins, for writing, with its first statement; new rows are kept and go together. A unit of
    nothing but new rows is written together with others that wait.
    """

    engine: KeptSQLiteEngine
    connection: aiosqlite.Connection
    task: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> "KeptTransaction":
        if self._parent is not None:
            return cast(KeptTransaction, self._parent)
        self.task = asyncio.current_task()
        self.kept: list[NewRow] = []
        self.begun = False
        self.context = self.engine.current_transaction.set(self)
        return self

    async def catch_up(self) -> None:
        if not self.begun:
            await self.begin()
        self.writer.write(self._kept_statements())

    async def run(self, sql: str, args: list[Any]) -> Sequence[Any]:
        return list(await self.connection.execute_fetchall(sql, args))

    async def begin(self) -> None:
        self.connection = await self.engine.take_writer()
        self.begun = True
        self.writer = await self.engine.current_writer()
        await self.writer.begin(self.engine.busy_milliseconds)

    async def commit(self) -> None:
        """Write what is kept and make all of it last."""
        with span("statement", "COMMIT"):
            if self.begun:
                await self.catch_up()
                await self.connection.execute("COMMIT")
            elif self.kept:
                await self.engine.joining.write(self._kept_statements())
        self._committed = True

    def _kept_statements(self) -> list[Statement]:
        made = [each for rows in pieces(self.kept) for each in statements(rows, "sqlite")]
        self.kept.clear()
        for sql, _ in made:
            note(sql)
        return made

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
        except BaseException:
            await self._undo()
            raise
        if self.begun:
            self.engine.leave_writer()
        return False

    async def _undo(self) -> None:
        if self.begun:
            await self.engine.undo(self.connection)
