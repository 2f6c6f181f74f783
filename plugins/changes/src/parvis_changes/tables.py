"""The number of each request's last change, of each that is gone, and how far changes have been numbered."""

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class NumberedChange(Table, tablename="numbered_change"):
    """changes: the last change of a request that has a number; a later change takes a new one."""

    request = UUID(primary_key=True, default=None)
    version = Integer()
    number = BigInt(index=True)


class Numbering(Table, tablename="change_numbering"):
    """changes: the last number given, and since when what changed has still to be looked through; one row."""

    key = Varchar(length=20, primary_key=True)
    last = BigInt(default=0)
    since = Timestamptz(null=True, default=None)


class RemovedRequest(Table, tablename="removed_request"):
    """changes: a request that was listed and is gone, with what decides who may know of it; nothing personal."""

    request = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    reference = Varchar(length=12)
    unit = Varchar(length=60)
    zone = Varchar(length=60)
    type = Varchar(length=60)
    removed_at = Timestamptz(default=None)
    number = BigInt(index=True, default=0)  # 0 until somebody reads


class ClearedRemovals(Table, tablename="changes_cleared"):
    """changes: up to which number what is gone was cleared, by town: a copy that stopped before it begins anew."""

    jurisdiction = Varchar(length=60, primary_key=True)
    number = BigInt(default=0)


TABLES: tuple[type[Table], ...] = (NumberedChange, Numbering, RemovedRequest, ClearedRemovals)

TOWN_ROWS = (
    TownRows(
        table="numbered_change", why="changes are numbered anew elsewhere: whoever reads them asks from the beginning"
    ),
    TownRows(table="change_numbering", why="it counts the changes of an installation"),
    TownRows(table="changes_cleared", why="its numbers are those of an installation"),
    TownRows(table="removed_request", why="whoever keeps a copy begins anew where a town moves to"),
)
