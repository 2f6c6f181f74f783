"""One commit for many: units of nothing but new rows are written together with those that wait at the same time."""

from collections.abc import Sequence
from typing import Protocol

from parvis.db.endings import Endings
from parvis.db.errors import DatabaseAway
from parvis.db.sqlite_connection import KeptConnection
from parvis.db.statements import Statement


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
    """What one unit writes, and what came of it."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.is_over = False
        self.error: BaseException | None = None


class GroupCommit:
    """Whoever comes to the writer first writes the rows of all who wait, each unit's all or nothing.

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
