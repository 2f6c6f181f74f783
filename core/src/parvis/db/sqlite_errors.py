"""SQLite's result codes in the house's words."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.db.errors import DatabaseAway, DatabaseFull, DatabaseTrouble, DatabaseUnwritable, NotUnique, NumberTooLarge

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
