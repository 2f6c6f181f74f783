"""A delivery knows in how many tries its plugin blocked the worker."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer

from parvis.db.steps import add_columns

ID = "2026-11-29T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tries of a delivery in which its plugin blocked the worker"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Delivery", "delivery", {"blocked": (Integer, {"default": None, "null": True})})
    return manager
