"""The indexes by which requests are counted, and by which those not yet measured are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-26T11:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "figures are counted from indexes"

# The first columns are those by which lists are read; the others are counted without a look at the rows.
INDEXES = {
    "newest": "(jurisdiction, submitted_at, id, type, unit, channel, zone, answered_in)",
    "closed": "(jurisdiction, closed_at, id, type, unit, channel, zone, took, allowed, promise, settled) "
    "WHERE closed_at IS NOT NULL",
    "open": "(jurisdiction, unit, type, phase, state, promise, promised_at, channel, zone, submitted_at) "
    "WHERE phase <> 'closed'",
}
STATEMENTS = (
    *(f"DROP INDEX service_request_{name}" for name in INDEXES),
    *(f"CREATE INDEX service_request_{name} ON service_request {what}" for name, what in INDEXES.items()),
    "CREATE INDEX service_request_reopened ON service_request "
    "(jurisdiction, reopened_at, type, unit, channel, zone, reopened) WHERE reopened_at IS NOT NULL",
    "CREATE INDEX service_request_unmeasured ON service_request (id) WHERE reopened IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
