"""Decisions of requests that were there before, and the indexes by which they are counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-25T20:06:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "decisions that were made, and their indexes"

STATEMENTS = (
    "UPDATE service_request SET decided_at = COALESCE(closed_at, state_since) WHERE phase IN ('decided', 'closed')",
    "CREATE INDEX service_request_decided ON service_request "
    "(jurisdiction, type, decided_at, category, unit, submitted_at) WHERE decided_at IS NOT NULL",
    "CREATE INDEX service_request_category ON service_request (jurisdiction, type, category, submitted_at, id)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def fill() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(fill)
    return manager
