"""The table of contents that are on their way from one store to the other."""

from piccolo.columns import Varchar
from piccolo.table import Table


class OnTheWay(Table, tablename="file_moves_on_the_way"):
    """file_moves: a content that is being copied; what stands here when a move begins was left by one that ended."""

    digest = Varchar(length=64, primary_key=True)


TABLES = (OnTheWay,)
