"""Steps of clocks are found by when they are due, and clocks by the step that they are at."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Clock

ID = "2026-11-26T11:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of the steps of clocks"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        await Clock.raw("CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL")
        await Clock.raw("CREATE INDEX clock_raised ON clock (request) WHERE step > 0 AND ended_at IS NULL")
        await Clock.raw("CREATE INDEX alarm_untold ON alarm (agent) WHERE told_at IS NULL")

    manager.add_raw(create)
    return manager
