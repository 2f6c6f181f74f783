"""The tables of documents that were issued, of what they were made of, and of their numbers."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Document(Table, tablename="document"):
    """documents: one document that was issued; its content lies in the store under `content`, empty once erased."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)
    code = Varchar(length=60)
    kind = Varchar(length=20)
    title = Text()  # as JSON, in each language
    number = Varchar(length=60, index=True)
    version = Integer(default=1)
    verification = Varchar(length=16, unique=True)
    state = Varchar(length=20)  # issued, replaced, revoked
    language = Varchar(length=5)
    audience = Varchar(length=20)
    validity = Varchar(length=60, default="")  # code of the validity that it is worth
    template = Varchar(length=64)  # digest of what it was made of
    signed_by = Varchar(length=200, default="")
    digest = Varchar(length=64)
    content = Varchar(length=64, default="", index=True)
    size = Integer(default=0)
    issued_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class Template(Table, tablename="template"):
    """documents: what documents were made of besides their words, whole, under its digest."""

    digest = Varchar(length=64, primary_key=True)
    body = Text()
    kept_at = Timestamptz(default=None)


class Series(Table, tablename="series"):
    """documents: the last number given in one series of documents of one town."""

    key = Varchar(length=160, primary_key=True)
    last = Integer(default=0)


TABLES = (Document, Template, Series)

TOWN_ROWS = (
    TownRows(
        table="template",
        condition="digest IN (SELECT template FROM document WHERE request IN {requests})",
        shared=True,
    ),
    TownRows(table="series", condition="substr(key, 1, length({town}) + 1) = {town} || ':'"),
)
