"""The tables of inspections, or those that were there when inspections were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "inspections"
INSPECTION = NewTable(
    name="inspection",
    class_name="Inspection",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "state": (Varchar, {"length": 20, "default": "", "index": True}),
        "unit": (Varchar, {"length": 60, "default": ""}),
        "former": (UUID, {"default": None, "null": True}),
        "points": (Text, {"default": "[]"}),
        "wanted_at": (Timestamptz, {"default": None}),
        "asked": (Boolean, {"default": False}),
        "wishes": (Text, {"default": ""}),
        "day": (Varchar, {"length": 10, "default": "", "index": True}),
        "slot": (Varchar, {"length": 20, "default": ""}),
        "starts_at": (Timestamptz, {"default": None, "null": True}),
        "ends_at": (Timestamptz, {"default": None, "null": True}),
        "inspector": (UUID, {"default": None, "null": True, "index": True}),
        "inspector_name": (Varchar, {"length": 120, "default": ""}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
        "notice": (Boolean, {"default": False}),
        "due": (Varchar, {"length": 10, "default": ""}),
        "overdue": (Boolean, {"default": False}),
        "version": (Integer, {"default": 1}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)
RESULT = NewTable(
    name="inspection_result",
    class_name="InspectionResult",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "inspection": (UUID, {"default": None, "index": True}),
        "number": (Integer, {"default": 0}),
        "key": (Varchar, {"length": 64, "default": "", "unique": True}),
        "outcome": (Varchar, {"length": 20, "default": ""}),
        "found": (Text, {"default": ""}),
        "words": (Text, {"default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "kept_at": (Timestamptz, {"default": None}),
        "actor_id": (Varchar, {"length": 60, "default": ""}),
        "actor_name": (Varchar, {"length": 120, "default": ""}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_inspections", ID, DESCRIPTION, [INSPECTION, RESULT])
