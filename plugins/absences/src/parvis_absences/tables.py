"""The table of absences and deputies."""

from piccolo.columns import UUID, Boolean, Timestamptz, Varchar
from piccolo.table import Table


class Absence(Table, tablename="absence"):
    """absences: an agent who is away for some time; `deputy` takes what would be theirs, where somebody does."""

    id = UUID(primary_key=True, default=None)  # of the delegation too
    agent = UUID(index=True, default=None)
    deputy = UUID(null=True, default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    lends = Boolean(default=False)  # whether the deputy has their roles as well
    by = Varchar(length=120, default="")  # who said so
    made_at = Timestamptz(default=None)


TABLES = (Absence,)
