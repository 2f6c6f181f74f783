"""The tables of batches that were brought in, and of the numbers that requests had before."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class MigrationBatch(Table, tablename="migration_batch"):
    """migration: what one run brought in; open until its file was read to the end."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    name = Varchar(length=80)  # what it is called in commands, once in a town
    source = Varchar(length=60)
    file = Varchar(length=200)
    digest = Varchar(length=64)  # of the file
    mapping = Text(default="")  # as it was
    by = Varchar(length=120)
    begun_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    requests = Integer(default=0)  # that it brought in or changed, once it ended
    seen_at = Timestamptz(null=True, default=None)  # since when its requests may be due for destruction
    seen_by = Varchar(length=120, default="")
    undone_at = Timestamptz(null=True, default=None)
    undone_by = Varchar(length=120, default="")


class MigrationOrigin(Table, tablename="migration_origin"):
    """migration: where one request came from. Its key is a digest of town, source and number, and outlives them."""

    key = Varchar(length=64, primary_key=True)
    request = UUID(index=True, default=None)
    batch = UUID(index=True, default=None)
    jurisdiction = Varchar(length=60)
    source = Varchar(length=60)
    number = Varchar(length=100)
    sought = Varchar(length=100)  # the number as people type it: small letters and digits alone
    fingerprint = Varchar(length=64)  # of its row; another one was changed since
    version = Integer(default=0)  # of the request when it was brought in: a higher one was touched
    submitted_at = Timestamptz(null=True, default=None, index=True)
    closed_at = Timestamptz(null=True, default=None, index=True)  # in the system before, if it ended there


TABLES = (MigrationBatch, MigrationOrigin)
