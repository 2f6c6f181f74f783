"""No index of requests alone: the unique key begins with it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID

ID = "2026-12-02T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no index that another replaces"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_tasks", description=DESCRIPTION)
    manager.alter_column(
        table_class_name="PluginTask",
        tablename="tasks_task",
        column_name="request",
        params={"index": False},
        old_params={"index": True},
        column_class=UUID,
        old_column_class=UUID,
    )
    return manager
