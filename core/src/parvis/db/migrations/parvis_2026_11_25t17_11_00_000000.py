"""Each answer is counted in one row a day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Told

ID = "2026-11-25T17:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "answers counted by their key"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Told.raw("CREATE UNIQUE INDEX told_key ON told (jurisdiction, type, answer, day)")

    manager.add_raw(create)
    return manager
