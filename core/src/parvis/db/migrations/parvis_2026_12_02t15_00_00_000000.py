"""Tokens of the API are limited to units and types, and have several keys."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text, Varchar

ID = "2026-12-02T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "limits and keys of tokens"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    for name, column, params in (
        ("limits", Text, {"default": None, "null": True}),
        ("key_of", Varchar, {"length": 64, "default": None, "null": True}),
    ):
        manager.add_column(
            table_class_name="Token",
            tablename="token",
            column_name=name,
            db_column_name=name,
            column_class_name=column.__name__,
            column_class=column,
            params=params,
        )
    return manager
