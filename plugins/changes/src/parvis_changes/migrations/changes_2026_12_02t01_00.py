"""The tables of numbered changes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T01:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "changes"
NUMBERED_CHANGE = NewTable(
    name="numbered_change",
    class_name="NumberedChange",
    columns={
        "request": (UUID, {"default": None, "primary_key": True}),
        "version": (Integer, {"default": 0}),
        "number": (BigInt, {"default": 0, "index": True}),
    },
)
NUMBERING = NewTable(
    name="change_numbering",
    class_name="Numbering",
    columns={
        "key": (Varchar, {"length": 20, "default": "", "primary_key": True}),
        "last": (BigInt, {"default": 0}),
        "since": (Timestamptz, {"default": None, "null": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_changes", ID, DESCRIPTION, [NUMBERED_CHANGE, NUMBERING])
