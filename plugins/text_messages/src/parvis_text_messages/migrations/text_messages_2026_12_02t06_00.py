"""When a number that wants no text messages was last told how to reach the town."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz

from parvis.db.steps import add_columns

ID = "2026-12-02T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "when HELP was answered after STOP"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_text_messages", description=DESCRIPTION)
    add_columns(
        manager,
        "StoppedNumber",
        "text_messages_stopped",
        {"helped_at": (Timestamptz, {"default": None, "null": True})},
    )
    return manager
