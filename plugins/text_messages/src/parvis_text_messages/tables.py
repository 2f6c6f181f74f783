"""The tables of text messages: what came in, who wants none, and what became of those that went out."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class IncomingText(Table, tablename="text_messages_incoming"):
    """text_messages: one message that came in, or a part of one: what it is, and what became of it."""

    id = UUID(primary_key=True, default=None)  # in the order of arrival
    key = Varchar(length=64, unique=True)  # digest of the gateway's id: the same message is taken in once
    jurisdiction = Varchar(length=60)
    sort = Varchar(length=12)  # reply, new, ambiguous, stop, start, help, part, flood
    why = Varchar(length=200, default="")
    state = Varchar(length=10)  # arrived, open, filed, aside, dropped
    received_at = Timestamptz(default=None, index=True)
    sender_key = Varchar(length=64, default="", index=True)  # digest of the number, by which it is counted
    sender = Varchar(length=20, default="")
    words = Text(default="")
    media = Text(default="[]")  # addresses of its photos that are not fetched yet
    left_out = Text(default="[]")  # what of it could not be kept, in sentences
    part_group = Varchar(length=64, default="", index=True)  # digest of what the parts of one message share
    part_number = Integer(default=0)
    part_of = Integer(default=0)
    candidates = Text(default="[]")  # references that it may be about
    reference = Varchar(length=12, default="", index=True)  # the request that it came to
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=120, default="")
    said = Text(default="")  # why it was dropped


class StoppedNumber(Table, tablename="text_messages_stopped"):
    """text_messages: a number whose person wants no text messages; kept for as long as they want none."""

    number = Varchar(length=20, primary_key=True)
    at = Timestamptz(default=None)
    helped_at = Timestamptz(null=True, default=None)  # when HELP was last answered since


class TextStatus(Table, tablename="text_messages_status"):
    """text_messages: what the gateway last said of a message of ours."""

    id = UUID(primary_key=True, default=None)
    gateway_id = Varchar(length=100, unique=True)
    delivery = UUID(null=True, default=None, index=True)  # none until the delivery is found
    status = Varchar(length=12)  # sent, delivered, failed
    reason = Varchar(length=300, default="")
    at = Timestamptz(default=None, index=True)


TABLES = (IncomingText, StoppedNumber, TextStatus)

TOWN_ROWS = (
    TownRows(
        table="text_messages_stopped",
        condition="number IN (SELECT phone FROM contact WHERE request IN {requests})",
        shared=True,
    ),
    TownRows(
        table="text_messages_status",
        condition="delivery IN (SELECT id FROM delivery WHERE request IN {requests})",
    ),
)
