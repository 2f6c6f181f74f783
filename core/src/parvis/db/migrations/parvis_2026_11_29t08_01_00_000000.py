"""When a requester last said how it went, and how often a kept promise was broken by a reopening."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-29T08:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "answers and reopenings are counted when they happen"
COLUMNS = {"settled_at": (Timestamptz, {"default": None, "null": True}), "undone": (Integer, {"default": None, "null": True})}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "ServiceRequest", "service_request", COLUMNS)
    return manager
