"""The towns that were ever served here, so that one whose folder is gone is missed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-12-01T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "towns that were served"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "KnownTown",
        "known_town",
        {
            "code": (Varchar, {"length": 60, "default": "", "primary_key": True}),
            "name": (Varchar, {"length": 200, "default": ""}),
            "hosts": (Varchar, {"length": 2000, "default": ""}),
            "is_default": (Boolean, {"default": False}),
            "noted_at": (Timestamptz, {"default": None}),
            "left_at": (Timestamptz, {"default": None, "null": True}),
            "why": (Varchar, {"length": 500, "default": ""}),
        },
    )
    return manager
