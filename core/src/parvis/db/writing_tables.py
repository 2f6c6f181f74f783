"""Tables of what colleagues write to each other about requests; private as all tables are."""

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
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


WRITING_TABLES: tuple[type[Table], ...] = (Mention,)
