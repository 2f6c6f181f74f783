"""Tables of changes of rights and of ended keys; private as all tables are."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class GrantChange(Table):
    """people: a role that was given to an account, taken from it or lent by it; kept as long as the account."""

    id = UUID(primary_key=True, default=None)
    agent = UUID(index=True, default=None)
    did = Varchar(length=8)  # given, taken; of all roles at once: lent, ended
    role = Varchar(length=40)
    jurisdiction = Varchar(length=60)
    unit = Varchar(length=60, default="")
    zones = Text(default="[]")
    deputy = UUID(null=True, default=None)  # to whom they are lent, and until when
    until = Timestamptz(null=True, default=None)
    by = Varchar(length=120)  # the name of who did it
    at = Timestamptz(default=None)


class EndedDevice(Table, tablename="ended_device"):
    """requests: the mark of a browser's key that was ended before its time; nothing about a request or a person."""

    mark = Varchar(length=64, primary_key=True)
    ends_at = Timestamptz(default=None, index=True)  # of the key itself, at the latest


ACCESS_TABLES: tuple[type[Table], ...] = (GrantChange, EndedDevice)
