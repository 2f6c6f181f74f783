"""A request stands in a batch once, and what waits is found at once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T10:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over batches and their items"

INDEXES = (
    "CREATE UNIQUE INDEX batch_item_once ON batch_item (batch, request)",
    "CREATE INDEX batch_open ON batch (made_at) WHERE done_at IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in INDEXES:
            await Delivery.raw(statement)

    manager.add_raw(create)
    return manager
