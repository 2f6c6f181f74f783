"""A circuit knows since when it has been failing, and whether it is paused, since when and why."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text, Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-26T00:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "connectors can be paused"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    moment = (Timestamptz, {"default": None, "null": True})
    columns = {"failing_since": moment, "paused_since": moment, "paused_why": (Text, {"default": ""})}
    add_columns(manager, "Circuit", "circuit", columns)
    return manager
