"""The tables of service levels, or those that were there when service levels were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "service levels"
LEVEL_SET = NewTable(
    name="level_set",
    class_name="LevelSet",
    columns={
        "key": (Varchar, {"length": 80, "default": "", "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "number": (Integer, {"default": 0}),
        "body": (Text, {"default": ""}),
        "word": (Varchar, {"length": 200, "default": ""}),
        "back_to": (Integer, {"default": 0}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "at": (Timestamptz, {"default": None}),
    },
)
LEVEL_DRAFT = NewTable(
    name="level_draft",
    class_name="LevelDraft",
    columns={
        "jurisdiction": (Varchar, {"length": 60, "default": "", "primary_key": True}),
        "edition": (Integer, {"default": 1}),
        "body": (Text, {"default": ""}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_service_levels", ID, DESCRIPTION, [LEVEL_SET, LEVEL_DRAFT])
