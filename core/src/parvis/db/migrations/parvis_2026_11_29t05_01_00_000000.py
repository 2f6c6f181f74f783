"""What is known of an address: that it was confirmed, and how much went there that anybody may cause."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T05:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "addresses that were confirmed, and how much went to each"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Addressee",
        "addressee",
        {
            "key": (Varchar, {"length": 100, "default": "", "primary_key": True}),
            "messages": (Integer, {"default": 0}),
            "until": (Timestamptz, {"default": None, "index": True}),
        },
    )
    return manager
