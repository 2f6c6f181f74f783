"""The tables of sets that were made, and of restores."""

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class BackupSet(Table, tablename="backups_set"):
    """backups: a set that was made whole; what monitors and operators are told."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120, default="")
    made_at = Timestamptz(default=None, index=True)  # the moment that it shows
    milliseconds = Integer(default=0)
    size = BigInt(default=0)  # bytes, those that earlier sets have too included
    requests = Integer(default=0)
    files = Integer(default=0)
    missing = Integer(default=0)  # files that its database names and the store had no more


class Restore(Table, tablename="backups_restore"):
    """backups: a restore that was finished: from which set, and by which register, or why without one."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120, default="")
    done_at = Timestamptz(default=None)
    lines = Integer(default=0)  # of the register
    destroyed = Integer(default=0)  # requests that were destroyed again
    by = Varchar(length=120, default="")  # who says that there is no register
    reason = Varchar(length=400, default="")


TABLES = (BackupSet, Restore)

TOWN_ROWS = (
    TownRows(table="backups_set", why="backups are of an installation"),
    TownRows(table="backups_restore", why="restores are of an installation"),
)
