"""The table of ties between requests; private to its room."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class Tie(Table):
    """requests: what one request is to another; nobody is in it."""

    id = UUID(primary_key=True, default=None)
    one = UUID(default=None, index=True)
    kind = Varchar(length=20)  # what `one` is: duplicate_of, child_of, about
    other = UUID(default=None, index=True)
    moved = Text(default="[]")  # of a duplicate: the followers who went over to the other
    since = Timestamptz(default=None)


TIE_TABLES: tuple[type[Table], ...] = (Tie,)
