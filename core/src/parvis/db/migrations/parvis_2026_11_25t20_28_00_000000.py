"""What holds already is looked at again when it ends."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.part_tables import Validity

ID = "2026-11-25T20:28:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "when to look at a validity again"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def wake() -> None:
        await Validity.raw("UPDATE validity SET wake_at = until WHERE state IN ('valid', 'suspended')")

    manager.add_raw(wake)
    return manager
