"""The table of the private addresses of calendars."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calendars"
CALENDAR_ADDRESS = NewTable(
    name="feeds_calendar",
    class_name="CalendarAddress",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "agent": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "digest": (Varchar, {"length": 64, "default": "", "unique": True}),
        "made_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_feeds", ID, DESCRIPTION, [CALENDAR_ADDRESS])
