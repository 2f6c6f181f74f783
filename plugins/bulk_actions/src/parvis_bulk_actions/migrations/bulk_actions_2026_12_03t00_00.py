"""The table of rows that were written by a call, so that a repeat gets the same answer."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz, Varchar

from parvis.db.steps import Columns, add_table

ID = "2026-12-03T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rows written by a call"
COLUMNS: Columns = {
    "mark": (Varchar, {"length": 64, "primary_key": True, "default": ""}),
    "version": (Integer, {"default": 0}),
    "state": (Varchar, {"length": 60, "default": ""}),
    "at": (Timestamptz, {"default": None, "index": True}),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_bulk_actions", description=DESCRIPTION)
    add_table(manager, "WrittenRow", "bulk_actions_row", COLUMNS)
    return manager
