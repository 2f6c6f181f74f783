"""The table of the private addresses of calendars."""

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class CalendarAddress(Table, tablename="feeds_calendar"):
    """feeds: where the calendar of an agent of a town is read; only the digest of the address is kept."""

    id = UUID(primary_key=True, default=None)
    agent = UUID(index=True, default=None)
    jurisdiction = Varchar(length=60)
    digest = Varchar(length=64, unique=True)
    made_at = Timestamptz(default=None)


TABLES: tuple[type[Table], ...] = (CalendarAddress,)

TOWN_ROWS = (
    TownRows(table="feeds_calendar", why="a private address is of one installation: whoever reads it makes a new one"),
)
