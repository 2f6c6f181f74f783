"""Lists of the queue that people keep under a name."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "lists that people of the town keep"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "agent": (Varchar, {"length": 60, "default": "", "index": True}),
        "name": (Varchar, {"length": 60, "default": ""}),
        "query": (Text, {"default": ""}),
        "unit": (Varchar, {"length": 60, "default": "", "index": True}),
        "made_at": (Timestamptz, {"default": None}),
    }
    add_table(manager, "SavedView", "saved_view", columns)
    return manager
