"""A person writes on a request once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.desk_tables import Writing

ID = "2026-11-26T13:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one line a person and request"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Writing.raw("CREATE UNIQUE INDEX writing_once ON writing (reference, agent)")

    manager.add_raw(create)
    return manager
