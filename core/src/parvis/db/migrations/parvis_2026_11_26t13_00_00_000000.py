"""Who is writing on which request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who is writing on which request, for minutes"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Writing",
        "writing",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "reference": (Varchar, {"length": 12}),
            "agent": (Varchar, {"length": 60}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "said_at": (Timestamptz, {"default": None}),
            "until": (Timestamptz, {"default": None, "index": True}),
        },
    )
    return manager
