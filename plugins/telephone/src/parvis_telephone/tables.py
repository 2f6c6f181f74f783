"""The table of what was answered at once, without a request."""

from piccolo.columns import UUID, Integer, Varchar
from piccolo.table import Table


class InformationGiven(Table, tablename="informed"):
    """telephone: how often information was enough, by town, type, zone, channel and day; of nobody."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)  # empty where none was chosen
    zone = Varchar(length=60)
    channel = Varchar(length=20)
    day = Varchar(length=10)  # of the town
    given = Integer(default=0)


TABLES: tuple[type[Table], ...] = (InformationGiven,)
