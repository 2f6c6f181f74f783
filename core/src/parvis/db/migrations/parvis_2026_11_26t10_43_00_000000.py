"""Information given is counted in one row a day for each type, zone and channel."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T10:43:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "information given counted by its key"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Delivery.raw("CREATE UNIQUE INDEX informed_key ON informed (jurisdiction, type, zone, channel, day)")

    manager.add_raw(create)
    return manager
