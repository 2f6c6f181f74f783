"""How many business days a promise would have needed stands on its request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer

from parvis.db.steps import add_columns

ID = "2026-11-26T13:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the days that a promise would have needed are kept with its request"

COLUMNS = {name: (Integer, {"default": None, "null": True}) for name in ("days_promised", "days_needed")}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "ServiceRequest", "service_request", COLUMNS)
    return manager
