"""The table of supplements, or the one that was there when supplements were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-29T24:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "supplements"
SUPPLEMENT = NewTable(
    name="supplement",
    class_name="Supplement",
    columns={
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


async def forwards() -> MigrationManager:
    return first_step("parvis_supplements", ID, DESCRIPTION, [SUPPLEMENT])
