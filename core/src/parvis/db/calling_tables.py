"""Tables of calls and letters owed, and of information given in place of a request; private as all tables are."""

from piccolo.table import Table

CALLING_TABLES: tuple[type[Table], ...] = ()
