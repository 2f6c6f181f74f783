"""Reports that are sent regularly."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T11:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who has which report sent to them, and when it is next due"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Report",
        "report",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "agent": (UUID, {"default": None, "index": True}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "every": (Varchar, {"length": 10, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "due_at": (Timestamptz, {"default": None, "index": True}),
        },
    )
    return manager
