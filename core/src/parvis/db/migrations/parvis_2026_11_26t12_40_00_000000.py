"""Who looked at what."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T12:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who of the town looked at which request, hour by hour, and what they took away"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Looked",
        "looked",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "hour": (Timestamptz, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "who": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "what": (Varchar, {"length": 20, "default": ""}),
            "subject": (UUID, {"default": None}),
            "about": (Varchar, {"length": 160, "default": ""}),
            "times": (Integer, {"default": 0}),
        },
    )
    return manager
