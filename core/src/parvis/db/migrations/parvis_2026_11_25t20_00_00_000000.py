"""Until when something granted holds."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-25T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "validity of what was granted"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Validity",
        "validity",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "code": (Varchar, {"length": 60, "default": ""}),
            "state": (Varchar, {"length": 20, "default": ""}),
            "since": (Timestamptz, {"default": None}),
            "until": (Timestamptz, {"default": None, "null": True, "index": True}),
            "changed_at": (Timestamptz, {"default": None}),
        },
    )
    return manager
