"""Requests that are kept from somebody are found by an index; lists and figures know their requests by the same ones."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-26T12:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is kept from somebody is left out without a look at the rows"

INDEXES = {
    "open": "(jurisdiction, unit, type, phase, state, promise, promised_at, channel, zone, submitted_at, id) "
    "WHERE phase <> 'closed'",
    "reopened": "(jurisdiction, reopened_at, type, unit, channel, zone, reopened, id) WHERE reopened_at IS NOT NULL",
}
STATEMENTS = (
    *(f"DROP INDEX service_request_{name}" for name in INDEXES),
    *(f"CREATE INDEX service_request_{name} ON service_request {what}" for name, what in INDEXES.items()),
    "CREATE INDEX service_request_kept ON service_request (kept_from, id) WHERE kept_from <> '[]'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
