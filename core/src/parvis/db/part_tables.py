"""Tables of people beside the requester of a request; private as all tables are."""

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table


class Party(Table):
    """requests: somebody beside the requester on a file, with a key of their own."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    role = Varchar(length=60)
    name = Varchar(length=120, default="")
    email = Varchar(length=254, default="", index=True)
    language = Varchar(length=5)
    mandate = Varchar(length=40, default="")  # the file that says so, where their role demands one
    let_in_at = Timestamptz(default=None)
    until = Timestamptz(default=None)  # when their link ends by itself
    ended_at = Timestamptz(null=True, default=None)


PART_TABLES: tuple[type[Table], ...] = (Party,)
