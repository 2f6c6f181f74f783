"""Tables of what colleagues write to each other about requests; private as all tables are."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Mention(Table):
    """requests: that a note names a colleague, until they have seen it; without a word of the note."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    reference = Varchar(length=12)
    agent = UUID(index=True, default=None)
    by = Varchar(length=120)  # who wrote the note
    entry = Integer()
    at = Timestamptz(default=None)


class ChecklistItem(Table, tablename="checklist_item"):
    """requests: one line of what colleagues go through on a request, in the order of its id."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    words = Text()  # in every language that it is written in
    made_at = Timestamptz(default=None)
    made_by = Varchar(length=120)
    done_at = Timestamptz(null=True, default=None)
    done_by = Varchar(length=120, default="")


WRITING_TABLES: tuple[type[Table], ...] = (Mention, ChecklistItem)
