"""An index by which what was done lately is counted without reading what was ever done."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T00:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "an index over deliveries by when they were done"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Delivery.raw("CREATE INDEX delivery_done ON delivery (done_at, subscriber) WHERE done_at IS NOT NULL")

    manager.add_raw(create)
    return manager
