"""Tables of who looked at what, who is concerned by what, and who stands in for whom; private as all tables are."""

from piccolo.table import Table

ACCESS_TABLES: tuple[type[Table], ...] = ()
