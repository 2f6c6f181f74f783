"""How each person reads lists: the height of rows and the columns; what one holds, or nobody, is counted by an index."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import Boolean, Text

from parvis.db.steps import add_columns

ID = "2026-12-01T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "how each person reads lists"
HELD = "CREATE INDEX service_request_held ON service_request (jurisdiction, assignee, unit, id) WHERE phase <> 'closed'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(
        manager,
        "Agent",
        "agent",
        {
            "queue_roomy": (Boolean, {"default": None, "null": True}),
            "queue_columns": (Text, {"default": None, "null": True}),
        },
    )
    manager.add_raw(_held)
    return manager


async def _held() -> None:
    await Migration.raw(HELD)
