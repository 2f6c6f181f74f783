"""What requesters are asked to correct or to add."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-25T20:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "supplements asked for, point by point"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Supplement",
        "supplement",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "code": (Varchar, {"length": 60, "default": ""}),
            "number": (Integer, {"default": 0}),
            "state": (Varchar, {"length": 20, "default": ""}),
            "version": (Integer, {"default": 1}),
            "points": (Text, {"default": "[]"}),
            "draft": (Text, {"default": ""}),
            "holder": (Varchar, {"length": 64, "default": "", "index": True}),
            "due_on": (Varchar, {"length": 10, "default": ""}),
            "asked_at": (Timestamptz, {"default": None, "null": True}),
            "due_at": (Timestamptz, {"default": None, "null": True}),
            "next_at": (Timestamptz, {"default": None, "null": True, "index": True}),
            "told": (Integer, {"default": 0}),
            "changed_at": (Timestamptz, {"default": None}),
        },
    )
    return manager
