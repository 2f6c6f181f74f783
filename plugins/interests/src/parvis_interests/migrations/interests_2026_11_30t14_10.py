"""The table of declared interests, or the one that was there when it was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, DoublePrecision, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T14:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "declared interests"
DECLARED_INTEREST = NewTable(
    name="declared_interest",
    class_name="DeclaredInterest",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "agent": (UUID, {"default": None, "index": True}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "kind": (Varchar, {"length": 20, "default": ""}),
        "words": (Varchar, {"length": 200, "default": ""}),
        "lon": (DoublePrecision, {"default": None, "null": True}),
        "lat": (DoublePrecision, {"default": None, "null": True}),
        "reason": (Text, {"default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "ended_at": (Timestamptz, {"default": None, "null": True}),
        "ended_by": (Varchar, {"length": 120, "default": ""}),
        "swept_to": (UUID, {"default": None, "null": True}),
        "swept_at": (Timestamptz, {"default": None, "null": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_interests", ID, DESCRIPTION, [DECLARED_INTEREST])
