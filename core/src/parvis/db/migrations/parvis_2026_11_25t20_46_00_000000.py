"""People beside the requester on one file."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-25T20:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "several people on one file, each with their own access"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Party",
        "party",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "role": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "email": (Varchar, {"length": 254, "default": "", "index": True}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "mandate": (Varchar, {"length": 40, "default": ""}),
            "let_in_at": (Timestamptz, {"default": None}),
            "until": (Timestamptz, {"default": None}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    return manager
