"""The table of requests that were told and are no longer there."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Timestamptz, Varchar

from parvis.db.steps import Columns, add_table

ID = "2026-12-02T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests that are gone"
COLUMNS: Columns = {
    "request": (UUID, {"default": None, "primary_key": True}),
    "jurisdiction": (Varchar, {"length": 60, "default": ""}),
    "reference": (Varchar, {"length": 12, "default": ""}),
    "unit": (Varchar, {"length": 60, "default": ""}),
    "zone": (Varchar, {"length": 60, "default": ""}),
    "type": (Varchar, {"length": 60, "default": ""}),
    "removed_at": (Timestamptz, {"default": None}),
    "number": (BigInt, {"default": 0, "index": True}),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_changes", description=DESCRIPTION)
    add_table(manager, "RemovedRequest", "removed_request", COLUMNS)
    return manager
