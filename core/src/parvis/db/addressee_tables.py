"""Tables of addresses that mail goes to; private as all tables are."""

from piccolo.columns import Integer, Timestamptz, Varchar
from piccolo.table import Table


class Addressee(Table):
    """outbox: what is known of an address by a digest alone: that its person opened a link of ours, and how many
    messages that anybody may cause went there within a day."""

    key = Varchar(length=100, primary_key=True)  # of what it says, and of the address
    messages = Integer(default=0)
    until = Timestamptz(default=None, index=True)


ADDRESSEE_TABLES: tuple[type[Table], ...] = (Addressee,)
"""All of them, each after those it refers to."""
