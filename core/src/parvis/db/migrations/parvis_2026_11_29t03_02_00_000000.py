"""Calls and letters that are owed although the person wants no messages since: what was said to them was wrong."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

from parvis.db.steps import add_columns

ID = "2026-11-29T03:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls that correct what was said"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "OwedContact", "owed_contact", {"anyway": (Boolean, {"default": None, "null": True})})
    return manager
