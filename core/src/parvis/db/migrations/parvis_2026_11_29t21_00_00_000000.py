"""Who takes over from whom."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Timestamptz

from parvis.db.steps import add_table

ID = "2026-11-29T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "delegations"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Delegation",
        "delegation",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "deputy": (UUID, {"default": None, "null": True}),
            "starts_at": (Timestamptz, {"default": None}),
            "ends_at": (Timestamptz, {"default": None, "index": True}),
            "lends": (Boolean, {"default": False}),
        },
    )
    return manager
