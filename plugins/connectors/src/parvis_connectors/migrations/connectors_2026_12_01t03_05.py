"""What plugins use in a day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T03:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what plugins use in a day"
DAY = NewTable(
    name="plugin_day",
    class_name="PluginDay",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "plugin": (Varchar, {"length": 60, "default": ""}),
        "day": (Varchar, {"length": 10, "default": ""}),
        "calls": (BigInt, {"default": 0}),
        "milliseconds": (BigInt, {"default": 0}),
    },
    indexes=("CREATE UNIQUE INDEX plugin_day_once ON plugin_day (plugin, day)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_connectors", ID, DESCRIPTION, [DAY])
