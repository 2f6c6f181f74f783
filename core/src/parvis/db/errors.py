"""What can go wrong with a database, in the words the rest of the code uses.

DatabaseTrouble
├── DatabaseAway            the work was not done; the next try may succeed
│   ├── DatabaseFull        the disk or a quota is full
│   └── DatabaseUnwritable  the file, its folder or the server is read-only
├── DatabaseTooNew          made by a later version of Parvis
├── DatabaseTooOld          `parvis migrate` was not run
├── OthersServe             a step would break processes of the version before
├── DatabaseUnfinished      restored from a backup; what was destroyed since is there again
├── NotUnique               a row with this key is there already
└── NumberTooLarge          a number is too large for its column

HouseRuleBroken             a mistake in our own code: a nested transaction, a write outside one, a task started in one
"""


class DatabaseTrouble(Exception):
    """Something is wrong with the database; the message is for the operator and holds no secret."""


class DatabaseAway(DatabaseTrouble):
    """The database is locked, gone, overloaded or cannot be reached; nothing was changed unless `in_doubt`."""

    def __init__(self, message: str, *, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt
        """The connection broke during the commit: the work may have been kept."""


class DatabaseFull(DatabaseAway):
    """There is no room left where the database writes; the transaction was rolled back."""


class DatabaseUnwritable(DatabaseAway):
    """The database can be read and not written."""


class DatabaseTooNew(DatabaseTrouble):
    """The database was made by a later version of Parvis than the one that runs."""


class DatabaseTooOld(DatabaseTrouble):
    """The database lacks steps that this version of Parvis needs."""


class OthersServe(DatabaseTrouble):
    """A step that the database lacks would break processes of the version before, which may still serve."""


class DatabaseUnfinished(DatabaseTrouble):
    """The database comes from a backup, and what was destroyed since is not destroyed again yet."""


class NotUnique(DatabaseTrouble):
    """A row with the same unique key is there already; the transaction must end."""


class NumberTooLarge(DatabaseTrouble):
    """A number is beyond what its column holds; the transaction must end. Its sender is told; all else is well."""


class HouseRuleBroken(RuntimeError):
    """Our own code used the database in a way that the project's rules forbid."""
