"""Tables of warnings before a promise is broken; private as all tables are."""

from piccolo.table import Table

PROMISE_TABLES: tuple[type[Table], ...] = ()
