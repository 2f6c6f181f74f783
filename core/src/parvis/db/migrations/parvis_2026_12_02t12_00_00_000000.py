"""The hash of the entry before is written once from here on, and ties by one end are found by their unique key."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID

ID = "2026-12-02T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "nothing twice in histories and ties"
STOP_FIRST = "histories are sealed without a second copy of each hash from here on, which the version before takes for altered"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.alter_column(
        table_class_name="Tie",
        tablename="tie",
        column_name="one",
        params={"index": False},
        old_params={"index": True},
        column_class=UUID,
        old_column_class=UUID,
    )
    return manager
