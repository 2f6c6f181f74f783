"""The table of what plugins ask people of the town to do."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class PluginTask(Table, tablename="tasks_task"):
    """tasks: one task of a plugin for a request, and what became of it."""

    id = UUID(primary_key=True, default=None)
    request = UUID(default=None)
    plugin = Varchar(length=120, default="")  # or the connector, by its own name
    key = Varchar(length=80, default="")
    title = Text(default="{}")
    what = Text(default="")
    unit = Varchar(length=60, default="")  # empty: the one that has the request
    doer = Varchar(length=20, default="agent")
    state = Varchar(length=20, default="open")  # open, done, withdrawn
    given_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    escalate = Text(default="[]")
    escalated = Integer(default=0)  # how many of its escalations are past
    next_at = Timestamptz(null=True, default=None)  # of the next one
    ended_at = Timestamptz(null=True, default=None)


TABLES = (PluginTask,)
