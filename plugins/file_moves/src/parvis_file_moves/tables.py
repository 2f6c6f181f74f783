"""The table of contents that are on their way from one store to the other."""

from piccolo.columns import Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class OnTheWay(Table, tablename="file_moves_on_the_way"):
    """file_moves: a content that is being copied; what stands here when a move begins was left by one that ended."""

    digest = Varchar(length=64, primary_key=True)


TABLES = (OnTheWay,)

TOWN_ROWS = (TownRows(table="file_moves_on_the_way", why="files on their way between two stores of an installation"),)
