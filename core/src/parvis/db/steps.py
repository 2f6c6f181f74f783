"""A table as a migration writes it: its columns with what differs from a plain one; made, or taken over."""

from collections.abc import Mapping
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import Column
from piccolo.columns.indexes import IndexMethod

from parvis.db.errors import DatabaseTooOld

PLAIN: dict[str, Any] = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info({})",
    "postgres": "SELECT column_name AS name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = {}",
}
Columns = Mapping[str, tuple[type[Column], dict[str, Any]]]


def add_table(manager: MigrationManager, class_name: str, tablename: str, columns: Columns) -> None:
    """Make a table with these columns."""
    manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
    add_columns(manager, class_name, tablename, columns)


def add_columns(manager: MigrationManager, class_name: str, tablename: str, columns: Columns) -> None:
    """Give a table these columns."""
    for name, (kind, params) in columns.items():
        manager.add_column(
            table_class_name=class_name,
            tablename=tablename,
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params=PLAIN | params,
            schema=None,
        )


async def take_over(manager: MigrationManager, class_name: str, tablename: str, columns: Columns) -> None:
    """Make a table of a module, unless it stands there with these columns: what was part of the core left it behind."""
    there = await columns_there(tablename)
    if not there:
        add_table(manager, class_name, tablename, columns)
    elif differing := there ^ columns.keys():
        names = ", ".join(sorted(differing))
        raise DatabaseTooOld(
            f"the table {tablename} is there, but not as {manager.app_name} has it (not in both: {names}); "
            "run `parvis migrate` with the last version in which it was part of Parvis, then with this one"
        )


async def columns_there(tablename: str) -> frozenset[str]:
    """The names of the columns of a table of the database; none where there is no such table."""
    rows = await Migration.raw(COLUMNS[Migration._meta.db.engine_type], tablename)
    return frozenset(row["name"] for row in rows)
