"""Keys of browsers that were ended by leaving on the device."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ended keys of devices"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "EndedDevice",
        "ended_device",
        {
            "mark": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "ends_at": (Timestamptz, {"default": None, "index": True}),
        },
    )
    return manager
