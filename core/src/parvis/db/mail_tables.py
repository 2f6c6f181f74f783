"""Tables of mail that came in, and of addresses that mail does not reach; private as all tables are."""

from piccolo.table import Table

MAIL_TABLES: tuple[type[Table], ...] = ()
