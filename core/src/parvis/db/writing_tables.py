"""Tables of ready texts, of mentions, and of what is still to be done for a request; private as all tables are."""

from piccolo.table import Table

WRITING_TABLES: tuple[type[Table], ...] = ()
