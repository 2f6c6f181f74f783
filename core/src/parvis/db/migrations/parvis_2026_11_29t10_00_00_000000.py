"""The index by which conflicts of interest written on requests are found, for the person in charge of privacy."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Entry

ID = "2026-11-29T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "conflicts written on requests are found by an index"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        await Entry.raw("CREATE INDEX entry_conflicts ON entry (at, id) WHERE kind IN ('kept_away', 'let_back')")

    manager.add_raw(index)
    return manager
