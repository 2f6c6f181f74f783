"""Signed calls to endpoints of plugins, so that the same one is taken in once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T19:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls of plugins"
CALL = NewTable(
    name="plugin_call",
    class_name="PluginCall",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "endpoint": (Varchar, {"length": 130, "default": ""}),
        "town": (Varchar, {"length": 60, "default": ""}),
        "key": (Varchar, {"length": 64, "default": ""}),
        "at": (Timestamptz, {"default": None, "index": True}),
        "status": (Integer, {"default": 0}),
    },
    indexes=("CREATE UNIQUE INDEX plugin_call_once ON plugin_call (endpoint, town, key)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_connectors", ID, DESCRIPTION, [CALL])
