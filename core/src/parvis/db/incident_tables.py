"""Tables of what happens in town and is reported by many, and of what is told of it; private as all tables are."""

from piccolo.table import Table

INCIDENT_TABLES: tuple[type[Table], ...] = ()
