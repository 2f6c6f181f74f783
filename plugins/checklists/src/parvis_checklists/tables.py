"""The table of what colleagues go through on requests."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class ChecklistItem(Table, tablename="checklist_item"):
    """checklists: one line of what colleagues go through on a request, in the order of its id."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    words = Text()  # in every language that it is written in
    made_at = Timestamptz(default=None)
    made_by = Varchar(length=120)
    done_at = Timestamptz(null=True, default=None)
    done_by = Varchar(length=120, default="")


TABLES: tuple[type[Table], ...] = (ChecklistItem,)
