"""Tables of the promises that are about to be broken, or are; private as all tables are."""

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Alarm(Table):
    """requests: that somebody of the town is to be told of a promise, once for each step of it; of no resident."""

    id = UUID(primary_key=True, default=None)
    key = Varchar(length=64, unique=True)  # digest of the clock, its step, its date and whom it is for
    request = UUID(index=True, default=None)
    agent = UUID(index=True, default=None)
    code = Varchar(length=60)  # of the clock
    step = Integer()  # 1 warned, 2 and more escalated
    due_at = Timestamptz(default=None)
    at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None)


PROMISE_TABLES: tuple[type[Table], ...] = (Alarm,)
