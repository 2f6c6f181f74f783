"""The table of lines of checklists, or the one that was there when it was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T14:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "checklists"
CHECKLIST_ITEM = NewTable(
    name="checklist_item",
    class_name="ChecklistItem",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "words": (Text, {"default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "made_by": (Varchar, {"length": 120, "default": ""}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
        "done_by": (Varchar, {"length": 120, "default": ""}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_checklists", ID, DESCRIPTION, [CHECKLIST_ITEM])
