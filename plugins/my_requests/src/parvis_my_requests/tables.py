"""The table of sessions of residents."""

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class OwnKey(Table, tablename="own_key"):
    """my_requests: a session in somebody’s own space, which a link mailed to their address began; by its digest."""

    token_digest = Varchar(length=64, primary_key=True)
    kind = Varchar(length=10, default="session")  # links had others when they stood here
    jurisdiction = Varchar(length=60)
    email = Varchar(length=254)
    language = Varchar(length=5)
    made_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    device = Varchar(length=200, default="")
    request = UUID(null=True, default=None)  # of those links


TABLES = (OwnKey,)

TOWN_ROWS = (TownRows(table="own_key", why="sessions of residents end: a new link is mailed"),)
