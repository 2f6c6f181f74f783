"""What somebody looked at within one hour is one line, found by the request."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.looking_tables import Looked

ID = "2026-11-26T12:40:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "one line a person, request and hour"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Looked.raw("CREATE UNIQUE INDEX looked_once ON looked (subject, who, what, hour)")

    manager.add_raw(create)
    return manager
