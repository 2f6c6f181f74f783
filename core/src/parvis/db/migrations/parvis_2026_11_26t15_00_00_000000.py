"""Recovery codes, and sessions that know whether a second factor was shown."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-26T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "recovery codes; what a session has shown of a second factor"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "RecoveryCode",
        "recovery_code",
        {
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "made_at": (Timestamptz, {"default": None}),
        },
    )
    add_columns(
        manager,
        "Session",
        "session",
        {"proved": (Boolean, {"default": False}), "finishing_at": (Timestamptz, {"default": None, "null": True})},
    )
    return manager
