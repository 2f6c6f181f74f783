"""The indexes by which public addresses that were never looked up are found, and words that wait to be read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-29T06:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "public pages that need somebody are found by an index"

STATEMENTS = (
    "CREATE INDEX service_request_unverified ON service_request (id) WHERE public AND public_address IS NULL",
    "CREATE INDEX service_request_words_wait ON service_request (jurisdiction, submitted_at, id) WHERE words_wait",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
