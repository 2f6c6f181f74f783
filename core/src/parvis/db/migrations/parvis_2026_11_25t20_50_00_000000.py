"""An offer of a transfer names the validity that passes to somebody else."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

from parvis.db.steps import add_columns

ID = "2026-11-25T20:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what a transfer is of"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Handover", "handover", {"code": (Varchar, {"length": 60, "default": ""})})
    return manager
