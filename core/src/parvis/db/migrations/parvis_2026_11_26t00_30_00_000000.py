"""How pressing a request is, and when it is looked at again."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-26T00:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests have a priority and a day to look again"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "priority": (Integer, {"default": 0}),
        "follow_up_at": (Timestamptz, {"default": None, "null": True}),
    }
    add_columns(manager, "ServiceRequest", "service_request", columns)
    return manager
