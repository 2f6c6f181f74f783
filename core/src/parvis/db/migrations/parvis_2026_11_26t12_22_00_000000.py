"""What is to be looked at again, and who is to be called today, are found by an index, however much is done already."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-26T12:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "days to look again and calls owed by an index"

STATEMENTS = (
    "CREATE INDEX service_request_follow_up ON service_request (jurisdiction, follow_up_at, id) "
    "WHERE follow_up_at IS NOT NULL",
    "CREATE INDEX owed_contact_open ON owed_contact (from_at, request, way) WHERE state = 'owed'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
