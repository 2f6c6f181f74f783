"""The table of reports that are sent regularly."""

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table


class Report(Table, tablename="report"):
    """dashboards: a report that somebody of the town has sent to them; of the reader it knows the account alone."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = UUID(index=True, default=None)
    unit = Varchar(length=60, default="")  # with those below it; empty for all that the reader may count
    every = Varchar(length=10)  # week, month
    made_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None, index=True)


TABLES = (Report,)
