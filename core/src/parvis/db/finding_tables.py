"""Tables by which words are found among a great many requests; private as all tables are."""

from piccolo.columns import UUID, Text
from piccolo.table import Table


class Said(Table):
    """requests: the words of one note or message, folded, for whoever works for the town; goes when they are erased."""

    id = UUID(primary_key=True, default=None)  # of the entry
    request = UUID(index=True, default=None)
    text = Text()


FINDING_TABLES: tuple[type[Table], ...] = (Said,)
