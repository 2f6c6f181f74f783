"""Tables of mail that came in, and of addresses that mail does not reach; private as all tables are."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class IncomingMail(Table, tablename="incoming_mail"):
    """correspondence: one mail that came in: what it was judged to be, and what became of it."""

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


class Addressee(Table):
    """outbox: what is known of an address by a digest alone: that its person opened a link of ours, and how many
    messages that anybody may cause went there within a day."""

    key = Varchar(length=100, primary_key=True)  # of what it says, and of the address
    messages = Integer(default=0)
    until = Timestamptz(default=None, index=True)


MAIL_TABLES: tuple[type[Table], ...] = (IncomingMail, Addressee)
"""All of them, each after those it refers to."""
