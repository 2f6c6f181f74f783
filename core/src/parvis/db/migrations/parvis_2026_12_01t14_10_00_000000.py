"""Whether a person's row has the sound of their name; older rows get it from a chore."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import Boolean

from parvis.db.steps import FirstStep, add_columns

ID = "2026-12-01T14:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "names are found by their sound"
UNSOUNDED = "CREATE INDEX contact_unsounded ON contact (request) WHERE sounded IS NULL"


async def forwards() -> MigrationManager:
    manager = FirstStep(migration_id=ID, app_name="parvis", description=DESCRIPTION, afterwards=(_unsounded,))
    add_columns(manager, "Contact", "contact", {"sounded": (Boolean, {"default": None, "null": True})})
    return manager


async def _unsounded() -> None:
    await Migration.raw(UNSOUNDED)
