"""What was brought in from another system is known for good, so that its file may be brought in again after years."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

from parvis.db.steps import add_columns

ID = "2026-11-29T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "keys of imports that last"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Once", "once", {"lasting": (Boolean, {"default": False})})
    return manager
