"""Deliveries are claimed by the time from which they are due."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-25T23:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "deliveries are claimed by the time from which they are due"

UNFINISHED = "state IN ('waiting', 'claimed', 'postponed')"
STEPS = (
    "DROP INDEX delivery_due",
    f"CREATE INDEX delivery_due ON delivery (subscriber, due_at, id) WHERE {UNFINISHED}",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in STEPS:
            await Delivery.raw(statement)

    manager.add_raw(create)
    return manager
