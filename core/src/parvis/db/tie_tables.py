"""Tables of ties between requests: duplicates, shares of one another; private as all tables are."""

from piccolo.table import Table

TIE_TABLES: tuple[type[Table], ...] = ()
