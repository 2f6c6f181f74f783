"""PostgreSQL's and asyncpg's errors in the house's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from asyncpg import exceptions as pg

from parvis.db.errors import DatabaseAway, DatabaseFull, DatabaseTrouble, DatabaseUnwritable, NotUnique, NumberTooLarge

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


# The last is raised on a connection that the server is taking away at this very moment.
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncpg.InternalClientError)


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
        case asyncpg.InterfaceError() if "clos" in said or "released" in said:  # otherwise it is our own mistake
            return DatabaseAway(f"{name}: the connection was lost ({said})")
        case asyncpg.InternalClientError():
            return DatabaseAway(f"{name}: the connection was lost ({said})")
        case _ if isinstance(error, AWAY):
            return DatabaseAway(f"{name}: {said}")
    return None
