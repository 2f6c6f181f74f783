"""A tie is there once, and the requests that go on with another are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tie_tables import Tie

ID = "2026-11-26T12:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a tie is there once"

INDEXES = (
    "CREATE UNIQUE INDEX tie_once ON tie (one, kind, other)",
    "CREATE INDEX service_request_merged ON service_request (merged_into) WHERE merged_into IS NOT NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in INDEXES:
            await Tie.raw(statement)

    manager.add_raw(create)
    return manager
