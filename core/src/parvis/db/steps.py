"""A table as a migration writes it: its columns with what differs from a plain one."""

from collections.abc import Mapping
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Column
from piccolo.columns.indexes import IndexMethod

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
