"""The indexes by which promises are tried under other levels, and by which those from before are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-26T13:53:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "other levels are tried on the past by an index"

UNCOUNTED = "days_promised IS NULL AND allowed IS NOT NULL"  # as in parvis.requests.promises.measuring
STATEMENTS = (
    "CREATE INDEX service_request_in_days ON service_request "
    "(jurisdiction, submitted_at, id, type, unit, zone, days_promised, days_needed, promise) "
    "WHERE days_promised IS NOT NULL",
    "CREATE INDEX service_request_not_in_days ON service_request (jurisdiction, submitted_at, id) "
    "WHERE days_promised IS NULL",
    f"CREATE INDEX service_request_uncounted ON service_request (id) WHERE {UNCOUNTED}",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
