"""A kept SQLite connection: what it is opened on, and how it begins and writes without the way to its thread."""

import sqlite3
from collections.abc import Sequence

import aiosqlite
import msgspec

from parvis.db.statements import Statement


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
