"""The table of how far what is gone was cleared."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import BigInt, Varchar

from parvis.db.steps import Columns, add_table

ID = "2026-12-03T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "how far removals were cleared"
COLUMNS: Columns = {
    "jurisdiction": (Varchar, {"length": 60, "primary_key": True, "default": ""}),
    "number": (BigInt, {"default": 0}),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_changes", description=DESCRIPTION)
    add_table(manager, "ClearedRemovals", "changes_cleared", COLUMNS)
    return manager
