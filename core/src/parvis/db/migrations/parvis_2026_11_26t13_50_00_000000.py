"""What stands before a delivery is found among the deliveries of its request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T13:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "deliveries have an index less to keep"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def drop() -> None:
        await Delivery.raw("DROP INDEX delivery_lane")

    manager.add_raw(drop)
    return manager
