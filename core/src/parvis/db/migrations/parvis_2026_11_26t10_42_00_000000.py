"""Information given at the telephone or the counter, counted by day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "information given in place of requests, counted"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Informed",
        "informed",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "type": (Varchar, {"length": 60, "default": ""}),
            "zone": (Varchar, {"length": 60, "default": ""}),
            "channel": (Varchar, {"length": 20, "default": ""}),
            "day": (Varchar, {"length": 10, "default": ""}),
            "given": (Integer, {"default": 0}),
        },
    )
    return manager
