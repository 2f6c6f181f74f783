"""The table of client secrets."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "secrets of clients"
CLIENT_SECRET = NewTable(
    name="api_access_secret",
    class_name="ClientSecret",
    columns={
        "digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
        "client": (Varchar, {"length": 12, "default": "", "index": True}),
        "made_at": (Timestamptz, {"default": None}),
        "ends_at": (Timestamptz, {"default": None, "null": True}),
        "used_at": (Timestamptz, {"default": None, "null": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_api_access", ID, DESCRIPTION, [CLIENT_SECRET])
