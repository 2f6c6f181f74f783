"""The index by which everything that was revealed is found, for the person in charge of privacy."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Entry

ID = "2026-11-29T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what was revealed is found by an index"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        await Entry.raw("CREATE INDEX entry_revealed ON entry (at, id) WHERE kind IN ('revealed', 'taken')")

    manager.add_raw(index)
    return manager
