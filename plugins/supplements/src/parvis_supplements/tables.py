"""The table of the lists of points that requesters are asked to correct or to add."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Supplement(Table, tablename="supplement"):
    """supplements: one list of points that the requester is asked to correct or to add, and how it was answered."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)
    number = Integer()  # the first, the second ... of this code
    state = Varchar(length=20)  # prepared, asked, answered, abandoned
    version = Integer(default=1)  # counts the writings of what is prepared
    points = Text(default="[]")  # what is marked, with what was said of it
    draft = Text(default="")  # what the requester has typed and not sent
    holder = Varchar(length=64, default="", index=True)  # under what the files of that draft wait
    due_on = Varchar(length=10, default="")  # the last day, as the desk said it; empty: as declared
    asked_at = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    next_at = Timestamptz(null=True, default=None, index=True)  # when a reminder goes out, or it is abandoned
    told = Integer(default=0)  # how many of those steps are behind it
    changed_at = Timestamptz(default=None)


TABLES = (Supplement,)

TOWN_ROWS = (
    TownRows(
        table="attachment",
        condition="holder IN (SELECT holder FROM supplement WHERE holder <> '' AND request IN {requests})",
    ),
)
