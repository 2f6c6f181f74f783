"""An index over the calls and letters that are still owed, by when they are to be made."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T10:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "an index over calls and letters owed"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Delivery.raw("CREATE INDEX owed_contact_due ON owed_contact (due_at, id) WHERE state = 'owed'")

    manager.add_raw(create)
    return manager
