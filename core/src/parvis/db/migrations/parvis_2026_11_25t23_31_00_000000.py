"""Indexes over what goes between this house and other systems."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-25T23:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over calls to other systems and over strays"

INDEXES = (
    "CREATE INDEX exchange_of ON exchange (connector, id)",
    "CREATE INDEX exchange_at ON exchange (at)",
    "CREATE UNIQUE INDEX stray_key ON stray (connector, key)",
    "CREATE INDEX stray_state ON stray (state, connector, id)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in INDEXES:
            await Delivery.raw(statement)

    manager.add_raw(create)
    return manager
