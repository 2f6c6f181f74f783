"""Calls that are late: how high each was taken, and who is to be written to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls that are late, and who is told"
LATE_CALL = NewTable(
    name="telephone_late_call",
    class_name="LateCall",
    columns={
        "call": (UUID, {"default": None, "primary_key": True}),
        "step": (Integer, {"default": 0}),
        "next_at": (Timestamptz, {"default": None, "null": True}),
    },
)
LETTER = NewTable(
    name="telephone_late_letter",
    class_name="LateCallLetter",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "key": (Varchar, {"length": 80, "default": "", "unique": True}),
        "call": (UUID, {"default": None}),
        "agent": (UUID, {"default": None}),
        "step": (Integer, {"default": 1}),
        "is_urgent": (Boolean, {"default": False}),
        "at": (Timestamptz, {"default": None}),
        "told_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=(
        "CREATE INDEX telephone_late_letter_untold ON telephone_late_letter (agent) WHERE told_at IS NULL",
        "CREATE INDEX telephone_late_letter_told ON telephone_late_letter (told_at) WHERE told_at IS NOT NULL",
    ),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_telephone", ID, DESCRIPTION, [LATE_CALL, LETTER])
