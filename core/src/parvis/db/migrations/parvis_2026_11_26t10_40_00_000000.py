"""Calls and letters that are owed to people whom no machine can write to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls and letters that are owed"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "OwedContact",
        "owed_contact",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "delivery": (UUID, {"default": None, "unique": True}),
            "way": (Varchar, {"length": 10, "default": ""}),
            "about": (Text, {"default": ""}),
            "say": (Text, {"default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "from_at": (Timestamptz, {"default": None}),
            "due_at": (Timestamptz, {"default": None}),
            "tries": (Integer, {"default": 0}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    return manager
