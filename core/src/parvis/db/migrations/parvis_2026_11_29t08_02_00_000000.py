"""The indexes by which answers are counted, and by which requests not yet looked back at are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-29T08:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of answers and reopenings"
STATEMENTS = (
    "CREATE INDEX service_request_settled ON service_request "
    "(jurisdiction, settled_at, type, unit, channel, zone, settled) WHERE settled_at IS NOT NULL",
    "CREATE INDEX service_request_not_looked_back ON service_request (id) WHERE undone IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
