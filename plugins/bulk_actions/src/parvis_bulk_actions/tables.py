"""The tables of batches, as they were when they were the core’s, and of rows that calls wrote."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Batch(Table, tablename="batch"):
    """bulk_actions: one action for many requests, by one agent; its answers are deleted when it is done."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = Varchar(length=60)
    name = Varchar(length=120, default="")
    action = Text()
    undoes = UUID(null=True, default=None)  # the batch whose changes this one takes back
    made_at = Timestamptz(default=None, index=True)
    done_at = Timestamptz(null=True, default=None)


class BatchItem(Table, tablename="batch_item"):
    """bulk_actions: one request of a batch, and what became of it; written together with the change itself."""

    id = UUID(primary_key=True, default=None)
    batch = UUID(default=None)
    request = UUID(default=None, index=True)
    reference = Varchar(length=12)
    number = Integer()
    expected = Integer()  # the version that the person saw
    state = Varchar(length=10, default="waiting")  # waiting, done, refused, changed, gone
    said = Text(default="")  # why not
    version = Integer(null=True, default=None)  # after the change


class WrittenRow(Table, tablename="bulk_actions_row"):
    """bulk_actions: a row of a call by its digest, and what it did; version 0 from its beginning to its end."""

    mark = Varchar(length=64, primary_key=True)
    version = Integer(default=0)
    state = Varchar(length=60, default="")
    at = Timestamptz(default=None, index=True)


TABLES: tuple[type[Table], ...] = (Batch, BatchItem, WrittenRow)
TOWN_ROWS = (TownRows(table="bulk_actions_row", why="it only keeps a call from being carried out twice, for a week"),)
