"""Tables by which words are found among a great many requests; private as all tables are."""

from piccolo.table import Table

FINDING_TABLES: tuple[type[Table], ...] = ()
