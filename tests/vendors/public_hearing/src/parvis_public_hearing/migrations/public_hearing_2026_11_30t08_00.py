"""The table of public hearings."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "public hearings"
HEARING = NewTable(
    name="public_hearing_session",
    class_name="Hearing",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "state": (Varchar, {"length": 10, "default": ""}),
        "starts_at": (Timestamptz, {"default": None}),
        "place": (Varchar, {"length": 200, "default": ""}),
        "invited": (Text, {"default": ""}),
        "remind_at": (Timestamptz, {"default": None, "null": True, "index": True}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_public_hearing", ID, DESCRIPTION, [HEARING])
