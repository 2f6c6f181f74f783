"""Tables of what goes between this house and other systems: calls, polls, and news that nobody could place."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Exchange(Table):
    """connectors: one call to another system and its answer, without secrets and personal answers."""

    id = UUID(primary_key=True, default=None)  # in the order of time
    connector = Varchar(length=60)
    delivery = UUID(null=True, default=None, index=True)
    purpose = Varchar(length=12)  # delivery, poll, check, trial, compare
    at = Timestamptz(default=None)
    method = Varchar(length=10)
    url = Text()
    status = Integer()  # 0 where no answer came
    milliseconds = Integer()
    sent = Text(default="")
    received = Text(default="")
    trouble = Text(default="")


class Poll(Table):
    """connectors: where one connector's news was read to, and how its polls have been doing."""

    connector = Varchar(length=60, primary_key=True)
    cursor = Text(default="")
    due_at = Timestamptz(default=None)
    polled_at = Timestamptz(null=True, default=None)
    news_at = Timestamptz(null=True, default=None)  # when it last brought anything
    failures = Integer(default=0)  # in a row
    trouble = Text(default="")
    held_by = Varchar(length=60, default="")
    held_until = Timestamptz(null=True, default=None)


class UnmatchedUpdate(Table, tablename="stray"):
    """connectors: news of another system that could not be taken in, until somebody says what it is about."""

    id = UUID(primary_key=True, default=None)
    connector = Varchar(length=60)
    key = Varchar(length=200)
    external_reference = Varchar(length=200, default="")
    reason = Varchar(length=20)  # unknown, ambiguous, foreign, elsewhere, erased
    state = Varchar(length=10)  # open, matched, dropped
    body = Text()  # the update as JSON
    received_at = Timestamptz(default=None)
    times = Integer(default=1)  # how often it came
    reference = Varchar(length=12, default="")  # what it was matched with
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=120, default="")
    said = Text(default="")  # why it was dropped


EXCHANGE_TABLES: tuple[type[Table], ...] = (Exchange, Poll, UnmatchedUpdate)
