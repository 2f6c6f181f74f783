"""The table of people to be told of a promise, or the one that was there when warnings were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T09:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "warnings"
ALARM = NewTable(
    name="alarm",
    class_name="Alarm",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "key": (Varchar, {"length": 64, "default": "", "unique": True}),
        "request": (UUID, {"default": None, "index": True}),
        "agent": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "step": (Integer, {"default": 0}),
        "due_at": (Timestamptz, {"default": None}),
        "at": (Timestamptz, {"default": None}),
        "told_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=("CREATE INDEX alarm_untold ON alarm (agent) WHERE told_at IS NULL",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_service_levels", ID, DESCRIPTION, [ALARM])
