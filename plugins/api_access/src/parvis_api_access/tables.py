"""The secrets of OAuth clients."""

from piccolo.columns import Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class ClientSecret(Table, tablename="api_access_secret"):
    """api_access: a secret of a client, whose token says what it may; only its digest is kept."""

    digest = Varchar(length=64, primary_key=True)
    client = Varchar(length=12, index=True)
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)


TABLES: tuple[type[Table], ...] = (ClientSecret,)

TOWN_ROWS = (TownRows(table="api_access_secret", why="tokens and secrets of machines stay with their installation"),)
