"""Links sent once to the contact of one request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID

from parvis.db.steps import add_columns

ID = "2026-11-29T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "links sent once to the contact of one request"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "OwnKey", "own_key", {"request": (UUID, {"default": None, "null": True})})
    return manager
