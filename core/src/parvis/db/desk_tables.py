"""Tables of what is done to many requests at once, of views kept, of who is at a request; private as all tables are."""

from piccolo.table import Table

DESK_TABLES: tuple[type[Table], ...] = ()
