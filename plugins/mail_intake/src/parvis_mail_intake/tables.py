"""The table of mail that came in."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class IncomingMail(Table, tablename="incoming_mail"):
    """mail_intake: one mail that came in: what it was judged to be, and what became of it."""

    id = UUID(primary_key=True, default=None)  # in the order of arrival
    key = Varchar(length=64, unique=True)  # digest of what names it: the same mail is taken in once
    jurisdiction = Varchar(length=60)
    sort = Varchar(length=12)  # reply, new, auto-reply, bounce, loop, calendar, junk
    why = Varchar(length=200, default="")  # the sign that decided
    state = Varchar(length=10)  # open, filed, aside, dropped
    received_at = Timestamptz(default=None, index=True)
    sender = Varchar(length=254, default="")
    sender_name = Varchar(length=120, default="")
    subject = Varchar(length=300, default="")
    words = Text(default="")
    folded = Text(default="")
    left_out = Text(default="[]")  # what of it could not be kept, in sentences
    reference = Varchar(length=12, default="", index=True)  # the request that it came to
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=120, default="")
    said = Text(default="")  # why it was dropped


TABLES = (IncomingMail,)
