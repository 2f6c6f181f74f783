"""Open clocks that wait for no step are found at once: there are none, but those from before steps were kept."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Clock

ID = "2026-11-26T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "an index of clocks that nobody watches"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Clock.raw(
            "CREATE INDEX clock_unwatched ON clock (id) WHERE next_at IS NULL AND step = 0 AND ended_at IS NULL "
            "AND state IN ('running', 'missed')"
        )

    manager.add_raw(create)
    return manager
