"""What was given, taken and lent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T11:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "changes of roles"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "GrantChange",
        "grant_change",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "did": (Varchar, {"length": 8, "default": ""}),
            "role": (Varchar, {"length": 40, "default": ""}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "zones": (Text, {"default": "[]"}),
            "deputy": (UUID, {"default": None, "null": True}),
            "until": (Timestamptz, {"default": None, "null": True}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    return manager
