"""The table of mandates."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mandates"
MANDATE = NewTable(
    name="mandates_mandate",
    class_name="Mandate",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "kind": (Varchar, {"length": 20, "default": ""}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "email": (Varchar, {"length": 254, "default": ""}),
        "phone": (Varchar, {"length": 20, "default": ""}),
        "represented": (Varchar, {"length": 120, "default": ""}),
        "until": (Varchar, {"length": 10, "default": ""}),
        "proof": (Varchar, {"length": 300, "default": ""}),
        "seen_by": (Varchar, {"length": 120, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "ended_at": (Timestamptz, {"default": None, "null": True}),
        "ended_by": (Varchar, {"length": 120, "default": ""}),
        "logged_to": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_mandates", ID, DESCRIPTION, [MANDATE])
