"""The table of absences, or the one that was there when absences were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-29T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "absences"
ABSENCE = NewTable(
    name="absence",
    class_name="Absence",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "agent": (UUID, {"default": None, "index": True}),
        "deputy": (UUID, {"default": None, "null": True}),
        "starts_at": (Timestamptz, {"default": None}),
        "ends_at": (Timestamptz, {"default": None, "index": True}),
        "lends": (Boolean, {"default": False}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_absences", ID, DESCRIPTION, [ABSENCE])
