"""Tables of the rules by which requests find their unit and person, and of who is away; private as all tables are."""

from piccolo.table import Table

ROUTING_TABLES: tuple[type[Table], ...] = ()
