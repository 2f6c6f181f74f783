"""Checklists of requests."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T12:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what colleagues go through on a request, line by line"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "ChecklistItem",
        "checklist_item",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "words": (Text, {"default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "made_by": (Varchar, {"length": 120, "default": ""}),
            "done_at": (Timestamptz, {"default": None, "null": True}),
            "done_by": (Varchar, {"length": 120, "default": ""}),
        },
    )
    return manager
