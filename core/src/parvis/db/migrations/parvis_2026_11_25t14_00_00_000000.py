"""Indexes over several columns or over part of the rows; both engines read the same words."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-25T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns"

UNFINISHED = "state IN ('waiting', 'claimed', 'postponed')"

INDEXES = (
    f"CREATE INDEX delivery_due ON delivery (subscriber, id) WHERE {UNFINISHED}",
    f"CREATE INDEX delivery_lane ON delivery (request, lane, id) WHERE {UNFINISHED}",
    "CREATE INDEX delivery_state ON delivery (state, subscriber, id)",
    "CREATE UNIQUE INDEX memory_key ON memory (plugin, request, key)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in INDEXES:
            await Delivery.raw(statement)

    manager.add_raw(create)
    return manager
