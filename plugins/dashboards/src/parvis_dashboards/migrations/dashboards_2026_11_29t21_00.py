"""The table of reports, or the one that was there when dashboards were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-29T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reports"
REPORT = NewTable(
    name="report",
    class_name="Report",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "agent": (UUID, {"default": None, "index": True}),
        "unit": (Varchar, {"length": 60, "default": ""}),
        "every": (Varchar, {"length": 10, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "due_at": (Timestamptz, {"default": None, "index": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_dashboards", ID, DESCRIPTION, [REPORT])
