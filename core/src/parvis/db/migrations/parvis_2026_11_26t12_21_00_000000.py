"""Addresses that mail comes back from."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz, Varchar

from parvis.db.steps import add_columns

ID = "2026-11-26T12:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "since when mail comes back from an address, and why"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "returned_at": (Timestamptz, {"default": None, "null": True}),
        "returned_why": (Varchar, {"length": 300, "default": ""}),
    }
    add_columns(manager, "Contact", "contact", columns)
    return manager
