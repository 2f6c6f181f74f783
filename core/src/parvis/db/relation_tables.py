"""Tables of what a request is tied to, who has a part in it, its access log, and the words by which it is found."""

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
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


class AccessLogEntry(Table, tablename="looked"):
    """requests: who of the town, which machine or who speaks for a resident learned of one thing within one hour."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="")
    hour = Timestamptz(default=None, index=True)  # in which it was looked at
    kind = Varchar(length=20, default="")  # agent, token, mandatary
    who = Varchar(length=60, default="")
    name = Varchar(length=120, default="")  # as it was then
    what = Varchar(length=20, default="")
    subject = UUID(default=None)  # the request; of what was taken away, an id of its own
    about = Varchar(length=160, default="")  # its reference, or the name of the file that was taken away
    units = Varchar(length=200, default="")  # of the person in that town then, codes with commas; "*" the whole town
    times = Integer(default=0)  # how often; of lists, how many rows


LOOKING_TABLES: tuple[type[Table], ...] = (AccessLogEntry,)
