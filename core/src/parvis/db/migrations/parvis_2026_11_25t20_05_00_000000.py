"""When a request was decided, and its category within its type."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz, Varchar

from parvis.db.steps import add_columns

ID = "2026-11-25T20:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "decisions and categories"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "decided_at": (Timestamptz, {"default": None, "null": True}),
        "category": (Varchar, {"length": 60, "default": ""}),
    }
    add_columns(manager, "ServiceRequest", "service_request", columns)
    return manager
